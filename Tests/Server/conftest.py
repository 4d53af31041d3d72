"""Starts the real server once, in folders of its own, and gives every test a browser that knows nobody.

    .venv/bin/pytest Tests/Server [--server .build/release/SignupServer] [-k "sign and es"]
"""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Browser"))

import chromium
import server as running

ROOT = pathlib.Path(__file__).resolve().parents[2]


def pytest_addoption(parser):
    parser.addoption("--server", default=str(ROOT / ".build/debug/SignupServer"), help="the program that is tested")


@pytest.fixture(scope="session")
def server(pytestconfig):
    with running.Server(pytestconfig.getoption("--server")) as started:
        yield started


@pytest.fixture(scope="session")
def session_browser():
    browser = chromium.Chromium()
    yield browser
    browser.stop()


@pytest.fixture
def browser(session_browser):
    """A desktop in light mode with scripts and without cookies, whatever the test before did."""
    session_browser.allow_scripts(True)
    session_browser.call("Network.clearBrowserCookies")
    session_browser.resize(1280, 800)
    session_browser.prefer("light")
    return session_browser
