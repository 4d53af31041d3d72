"""The dashboard and the set-up of an organization in a real Chromium, from the sign-up's button to the live site."""
import datetime
import json
import uuid

import pytest

from checks import STICKING_OUT, axe_problems
from test_pages import LANGUAGES, TOO_SMALL, new_user, submit

STEPS = ["name", "colors", "time", "officers", "meetings", "home", "invite"]

CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:fair@cal.example
SUMMARY:Harvest fair
DTSTART;TZID=America/Los_Angeles:%sT170000
LOCATION:Gym
END:VEVENT
BEGIN:VEVENT
UID:broken@cal.example
SUMMARY:Somewhen
DTSTART:soon
END:VEVENT
END:VCALENDAR
""" % (datetime.date.today() + datetime.timedelta(days=40)).strftime("%Y%m%d")


@pytest.fixture(scope="session")
def maple(server, session_browser):
    """An organization that has just been signed up: its slug, and the session of its owner."""
    return sign_up(server, session_browser)


def sign_up(server, browser):
    """Leaves the browser on the dashboard, where the button behind the link of the mail leads."""
    browser.allow_scripts(True)
    browser.call("Network.clearBrowserCookies")
    slug = "maple-" + uuid.uuid4().hex[:8]
    session = server.sign_up(slug, f"{slug}@oak.example")
    server.set_cookie(browser, "session", session)
    browser.visit(f"{server.origin}/manage/{slug}")
    return slug, session


def enter(server, browser, maple, language="en"):
    server.set_cookie(browser, "session", maple[1])
    server.set_cookie(browser, "language", language)
    return f"{server.origin}/manage/{maple[0]}"


def look(browser, name):
    for width in (1280, 390, 320):
        browser.resize(width, 844)
        assert not browser.evaluate(STICKING_OUT), f"{name} at {width} pixels"
        # A box's target is its whole row.
        assert not browser.evaluate(TOO_SMALL + ".filter(e => !e.includes('type=\"checkbox\"'))"), f"{name} at {width} pixels"
    assert not browser.complaints()
    assert not axe_problems(browser)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["", *[f"/setup/{step}" for step in STEPS]])
def test_the_page_fits_and_axe_finds_nothing(server, browser, maple, page, language):
    browser.visit(enter(server, browser, maple, language) + page)
    assert browser.evaluate("document.documentElement.lang") == language
    look(browser, page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_organizations_fit_and_axe_finds_nothing(server, browser, maple, language):
    _, user = new_user(server)
    server.sign_in(browser, user)
    server.set_cookie(browser, "language", language)
    browser.visit(server.origin + "/organizations")
    look(browser, "none")
    for name in ("Oak Street PTSA", "A very long name of an organization that does not fit into one line of a phone"):
        organization = str(uuid.uuid4())
        server.execute(
            "INSERT INTO organization (id, name, slug, subscription_status, plan, created_at) VALUES (?, ?, ?, 'trialing', 'trial', ?)",
            organization, name, "oak-" + organization[:8], "2026-01-01T00:00:00Z")
        server.execute(
            "INSERT INTO membership (id, organization_id, user_id, role, title, starts_at, created_at) VALUES (?, ?, ?, 'owner', '', ?, ?)",
            str(uuid.uuid4()), organization, user, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    browser.visit(server.origin + "/organizations")
    assert browser.evaluate("document.querySelectorAll('.rows li').length") == 2
    look(browser, "two")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_site_is_set_up_from_the_first_step_to_the_last(server, browser, scripts):
    slug, _ = sign_up(server, browser)
    browser.allow_scripts(scripts)
    browser.click(".checklist .button")
    assert browser.wait_until("location.pathname.endsWith('/setup/name') && document.readyState == 'complete'")
    submit(browser, {"name": "Maple Street PTSA", "number": "2.6.45", "address": "1 Maple Street"}, "main form")
    assert browser.evaluate("location.pathname").endswith("/setup/colors")
    submit_last(browser, {"primary": "#aa0011"})
    assert browser.evaluate("location.pathname").endswith("/setup/time")
    submit(browser, {"zone": "America/Denver"})
    submit(browser, {"name-0": "Ana R."})
    day = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
    submit(browser, {"title-0": "General meeting", "date-0": day, "time-0": "18:30", "place-0": "Library"})
    submit(browser)
    assert browser.evaluate("location.pathname").endswith("/setup/invite")
    browser.visit(f"http://{slug}.sites.localhost:{server.port}/")
    text = browser.evaluate("document.body.innerText")
    assert "Maple Street PTSA" in text and "General meeting" in text
    browser.visit(f"{server.origin}/manage/{slug}")
    assert "6 of 10 done" in browser.evaluate("document.querySelector('main').innerText")


def submit_last(browser, values):
    """With the last button of the form: another one comes before it."""
    for field, value in values.items():
        browser.evaluate(f"document.querySelector('main form').elements[{json.dumps(field)}].value = {json.dumps(value)}")
    browser.evaluate("window.isOld = true")
    browser.click("main form .actions:last-of-type button")
    assert browser.wait_until("!window.isOld && document.readyState == 'complete'")



def test_the_preview_follows_the_colors(server, browser, maple):
    """The frame is a process of its own, so that only its picture tells what is in it."""
    browser.visit(enter(server, browser, maple) + "/setup/colors")
    assert browser.evaluate("document.querySelector('button[formmethod]').hidden")
    before = picture(browser)
    browser.evaluate(
        "(() => { const f = document.querySelector('main form').elements.primary; f.value = '#aa0011'; f.dispatchEvent(new Event('input', { bubbles: true })) })()")
    for _ in range(100):
        browser.evaluate("new Promise(done => setTimeout(done, 50))")
        if picture(browser) != before:
            break
    assert picture(browser) != before
    assert not browser.complaints()


def picture(browser):
    area = browser.evaluate(
        "(() => { const r = document.querySelector('iframe').getBoundingClientRect(); return { x: r.x, y: r.y, width: r.width, height: r.height, scale: 1 } })()")
    return browser.call("Page.captureScreenshot", clip=area)["data"]


def test_without_a_script_a_button_shows_the_preview(server, browser, maple):
    browser.allow_scripts(False)
    browser.visit(enter(server, browser, maple) + "/setup/colors")
    submit(browser, {"primary": "#aa0011"}, "main form")
    assert browser.evaluate("document.querySelector('iframe').getAttribute('src')").startswith(f"/manage/{maple[0]}/preview?primary=%23aa0011")
    assert browser.evaluate("document.querySelector('[name=primary]').value") == "#aa0011"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_calendar_file_is_looked_at_and_added(server, browser, tmp_path, scripts):
    slug, _ = sign_up(server, browser)
    browser.allow_scripts(scripts)
    file = tmp_path / "school.ics"
    file.write_text(CALENDAR)
    browser.visit(f"{server.origin}/manage/{slug}/setup/meetings")
    root = browser.call("DOM.getDocument")["root"]["nodeId"]
    node = browser.call("DOM.querySelector", nodeId=root, selector="[name=calendar]")["nodeId"]
    browser.call("DOM.setFileInputFiles", nodeId=node, files=[str(file)])
    submit(browser, selector=".card form")
    assert "Harvest fair" in browser.evaluate("document.querySelector('main').innerText")
    assert "line 11" in browser.evaluate("document.querySelector('.notice').innerText")
    if scripts:
        look(browser, "the events of the file")
    submit(browser)
    assert browser.evaluate("location.pathname").endswith("/setup/home")
    browser.visit(f"http://{slug}.sites.localhost:{server.port}/events/")
    assert "Harvest fair" in browser.evaluate("document.body.innerText")
