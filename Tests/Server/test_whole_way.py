"""One PTSA's whole way, as people go it: sign-up, confirming, set-up, a colour, an invitation, a handover, the end of the trial, the export."""
import datetime
import html
import io
import json
import os
import re
import subprocess
import time
import urllib.request
import uuid
import zipfile

from checks import axe_problems
from server import ROOT
from test_pages import cookies, submit


def link(server, address, subject, seconds=20):
    """What the newest mail to an address leads to, once there is one with such a subject."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        table = get(f"{server.origin}/dev/outbox")
        for path, found in re.findall(rf"<td>{re.escape(address)}</td><td><a href=\"([^\"]+)\">([^<]*)</a>", table):
            if subject in html.unescape(found):
                return re.search(r"href=\"(http://[^\"]+)\"", get(server.origin + path))[1].replace("&amp;", "&")
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address} about {subject!r}")


def get(address):
    """Not every resolver knows names below localhost, as browsers do."""
    host, path = re.match(r"http://([^/]+)(.*)", address).groups()
    request = urllib.request.Request(f"http://localhost:{host.split(':')[1]}{path}", headers={"Host": host})
    return urllib.request.urlopen(request).read().decode()


def text(browser):
    return browser.evaluate("document.querySelector('main').innerText")


def test_from_the_sign_up_to_the_export(server, browser):
    name = uuid.uuid4().hex[:8]
    slug, ana, bao, cy = f"elm-{name}", f"ana-{name}@elm.example", f"bao-{name}@elm.example", f"cy-{name}@elm.example"
    site, manage = f"http://{slug}.sites.localhost:{server.port}/", f"{server.origin}/manage/{slug}"

    # A slip is named beside its field, and nothing that was typed is lost.
    browser.visit(server.origin + "/sign-up")
    answers = {
        "name": "Elm Street PTA", "kind": "PTA", "school": "Elm Street School", "state": "WA", "address": slug, "title": "President",
        "email": ana, "primary_color": "#1f5673"}
    time.sleep(3)
    submit(browser, answers | {"address": "Elm Street!"})
    assert browser.evaluate("document.querySelector('#field-address').getAttribute('aria-invalid')") == "true"
    assert browser.evaluate("document.querySelector('#field-school').value") == "Elm Street School"
    submit(browser, {"address": slug})
    assert browser.evaluate("location.pathname") == "/sign-up/sent"

    # Programs that check mails open links; the button makes the site.
    confirm = link(server, ana, "Elm Street PTA")
    get(confirm)
    browser.visit(confirm)
    submit(browser)
    assert browser.evaluate("location.pathname") == f"/manage/{slug}"
    assert "Elm Street PTA" in get(site)

    # Set-up, step by step, each of them live at once.
    browser.click(".checklist .button")
    assert browser.wait_until("location.pathname.endsWith('/setup/name') && document.readyState == 'complete'")
    submit(browser, {"name": "Elm Street PTA of Springfield", "number": "2.6.45", "address": "1 Elm Street"}, "main form")
    assert "Elm Street PTA of Springfield" in get(site)
    for step in ("time", "officers", "meetings", "home", "invite"):
        browser.visit(f"{manage}/setup/{step}")
        assert not axe_problems(browser)
    browser.visit(f"{manage}/setup/officers")
    submit(browser, {"name-0": "A. Officer"})
    day = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
    browser.visit(f"{manage}/setup/meetings")
    submit(browser, {"title-0": "General meeting", "date-0": day, "time-0": "18:30", "place-0": "Library"})
    assert "General meeting" in get(site)

    # A colour, and it is live.
    before = get(site)
    browser.visit(f"{manage}/settings/look")
    submit(browser, {"colors-primary": "#7a1f3d"}, "form.form")
    assert "Saved and live" in browser.evaluate("document.querySelector('[role=status]').innerText")
    sheet = re.search(r'href="(/assets/[^"]+\.css|/[^"]+\.css)"', get(site))[1]
    assert sheet not in before and "#7a1f3d" in get(site.rstrip("/") + sheet).lower()
    browser.visit(f"{manage}/history")
    assert "Undo" in text(browser)

    # Somebody else helps.
    browser.visit(f"{manage}/people/invite")
    browser.evaluate("document.querySelector('[name=role][value=officer]').checked = true")
    submit(browser, {"email": bao, "title": "Treasurer"})
    owner = cookies(server, browser)
    browser.call("Network.clearBrowserCookies")
    browser.visit(link(server, bao, "Help with"))
    submit(browser)
    assert browser.evaluate("location.pathname") == f"/manage/{slug}"
    assert "Ana" not in browser.evaluate("document.querySelector('header .account').innerText")
    browser.visit(f"{manage}/security")
    assert browser.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 403

    # The owner hands the seat over.
    browser.call("Network.clearBrowserCookies")
    for pair in owner.split("; "):
        server.set_cookie(browser, *pair.split("=", 1))
    browser.visit(f"{manage}/people")
    browser.visit(server.origin + browser.evaluate("document.querySelector('main .people a').getAttribute('href')") + "/handover")
    browser.evaluate("document.querySelector('[name=done]').checked = true")
    submit(browser, {"email": cy, "notes": "The key of the shed is with the office."})
    browser.call("Network.clearBrowserCookies")
    browser.visit(link(server, cy, "you take over"))
    submit(browser)
    assert browser.evaluate("location.pathname").startswith(f"/manage/{slug}")
    browser.visit(f"{manage}/people")
    assert browser.evaluate("document.querySelectorAll('main .people > li').length") == 3
    browser.visit(f"{manage}/security")
    assert browser.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 200, "the successor is owner"

    # The trial ends by itself: editing rests, everything else goes on.
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
    command = [
        server.program, "org", "extend", slug, "--until", until.strftime("%Y-%m-%dT%H:%M:%SZ"), "--data", str(server.folder / "data"), "--output",
        str(server.folder / "output")]
    done = subprocess.run(
        command, cwd=server.folder, env=os.environ | {"MARQUEE_TEMPLATES": str(ROOT / "Templates")}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    end = time.monotonic() + 60
    while "The trial is over" not in text(browser) and time.monotonic() < end:
        time.sleep(0.5)
        browser.visit(manage)
    assert "The trial is over" in text(browser)
    assert not axe_problems(browser)
    link(server, cy, "the trial is over")
    browser.visit(f"{manage}/settings/look")
    assert browser.evaluate("document.querySelector('form.form') === null") or rests(browser)
    assert "General meeting" in get(site)

    # And all of it can be taken away.
    request = urllib.request.Request(
        f"{manage}/export", data=b"", method="POST",
        headers={"Cookie": cookies(server, browser), "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"})
    with zipfile.ZipFile(io.BytesIO(urllib.request.urlopen(request).read())) as archive:
        assert archive.testzip() is None
        files = {file.split("/", 1)[1]: file for file in archive.namelist() if "/" in file}
        assert {"README.txt", "audit-log.jsonl", "history.bundle", "people.json"} <= files.keys()
        people = json.loads(archive.read(files["people.json"]))
        log = [json.loads(line) for line in archive.read(files["audit-log.jsonl"]).splitlines()]
        settings = next(file for file in archive.namelist() if file.endswith("site.yaml"))
        assert "#7a1f3d" in archive.read(settings).decode()
    assert {ana, bao, cy} <= set(re.findall(r"[^\s\"]+@elm\.example", json.dumps(people)))
    actions = [entry["action"] for entry in log]
    for action in ("organization.founded", "content.changed", "seat.invited", "seat.taken", "seat.handover_begun", "seat.handover_taken",
                   "trial.extended", "trial.ended"):
        assert action in actions, action
    assert "@elm.example" not in json.dumps(log)


def rests(browser):
    submit(browser, {"colors-primary": "#000080"}, "form.form")
    return "The trial is over" in text(browser)
