"""Second factors in a real Chromium: an app with codes, with and without scripts, and passkeys with the browser's virtual authenticator."""
import base64
import contextlib
import hashlib
import hmac
import struct
import time

import pytest

from checks import axe_problems
from test_pages import new_user, submit


def code(secret, steps=0):
    """What an app shows (RFC 6238), with no code of ours."""
    key = base64.b32decode(secret.replace(" ", ""))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@contextlib.contextmanager
def authenticator(browser, verifies=True):
    browser.call("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": verifies,
               "automaticPresenceSimulation": True}
    name = browser.call("WebAuthn.addVirtualAuthenticator", options=options)["authenticatorId"]
    try:
        yield name
    finally:
        browser.call("WebAuthn.removeVirtualAuthenticator", authenticatorId=name)
        browser.call("WebAuthn.disable")


def path(browser):
    return browser.evaluate("location.pathname + location.search")


def text(browser):
    return browser.evaluate("document.querySelector('main').innerText")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_app_is_set_up_and_asked_for(server, browser, scripts):
    browser.allow_scripts(scripts)
    _, user = new_user(server)
    server.sign_in(browser, user)
    browser.visit(server.origin + "/account/second-factor")
    assert browser.evaluate("document.querySelector('form[data-passkey]').hidden") != scripts
    submit(browser, selector="form[action='/account/second-factor']")
    assert path(browser) == "/account/second-factor/app?next=%2Forganizations"
    box = browser.evaluate("(() => { const r = document.querySelector('.qr svg').getBoundingClientRect(); return [r.width, r.height] })()")
    assert box[0] > 150 and abs(box[0] - box[1]) < 1
    secret = browser.evaluate("document.querySelector('.secret').innerText")
    submit(browser, {"code": code(secret)}, "main .code form")
    codes = browser.evaluate("[...document.querySelectorAll('.recovery-codes code')].map(e => e.innerText)")
    assert len(set(codes)) == 10
    if scripts:
        assert not axe_problems(browser)
    # The link of a mail would open such a session; half open, it leads to the code.
    server.sign_in(browser, user)
    browser.visit(server.origin + "/account")
    assert path(browser) == "/sign-in/second-factor?next=%2Faccount"
    submit(browser, {"code": "12345"}, "main .code form")
    assert browser.evaluate("document.querySelector('#field-code').getAttribute('aria-invalid')") == "true"
    # The next half minute's: the one of now was used for setting up.
    submit(browser, {"code": code(secret, 1)}, "main .code form")
    assert path(browser) == "/account"
    # And once with a code from paper.
    server.sign_in(browser, user)
    browser.visit(server.origin + "/account/second-factor")
    submit(browser, {"code": codes[0]}, "main .code form")
    assert path(browser) == "/account/second-factor"
    assert "9 codes are left" in text(browser)


def test_a_passkey_is_added_and_signs_in(server, browser):
    with authenticator(browser) as name:
        _, user = new_user(server)
        server.sign_in(browser, user)
        browser.visit(server.origin + "/account/second-factor")
        submit(browser, {"name": "My <phone>"}, "form[data-passkey=create]")
        assert browser.evaluate("document.querySelectorAll('.recovery-codes code').length") == 10
        credentials = browser.call("WebAuthn.getCredentials", authenticatorId=name)["credentials"]
        assert [credential["rpId"] for credential in credentials] == ["localhost"]
        submit(browser, selector="header form")
        # Instead of a mail.
        browser.visit(server.origin + "/sign-in?next=%2Faccount%2Fsecond-factor")
        assert not axe_problems(browser)
        submit(browser, selector="form[data-passkey=get]")
        assert path(browser) == "/account/second-factor"
        assert "My <phone>" in text(browser)
        # After a link.
        server.sign_in(browser, user)
        browser.visit(server.origin + "/account")
        assert path(browser) == "/sign-in/second-factor?next=%2Faccount"
        assert not axe_problems(browser)
        submit(browser, selector="form[data-passkey=get]")
        assert path(browser) == "/account"
        # The device counts, and so do we.
        count = browser.call("WebAuthn.getCredentials", authenticatorId=name)["credentials"][0]["signCount"]
        assert server.value("SELECT sign_count FROM passkey WHERE user_id = ?", user) == count
        # Named anew, and removed.
        browser.visit(server.origin + "/account/second-factor")
        browser.click(".passkeys summary")
        submit(browser, {"name": "Laptop"}, ".passkeys details form")
        assert "Laptop" in text(browser)
        submit(browser, selector=".passkeys form[action$=remove]")
        assert "Laptop" not in text(browser)
        assert not browser.complaints()


def test_a_device_that_does_not_know_the_user_does_not_sign_in(server, browser):
    with authenticator(browser, verifies=False):
        browser.visit(server.origin + "/sign-in")
        browser.click("form[data-passkey=get] button")
        assert browser.wait_until("document.querySelector('form[data-passkey=get] [data-status]').innerText")
        assert path(browser) == "/sign-in"
        # The mail still does.
        submit(browser, {"email": "nobody@oak.example"})
        assert path(browser) == "/sign-in/sent"
