"""Builds and serves the sample sites and those of fixtures.py once, and gives every worker a browser.

    .venv/bin/pytest Tests/Browser -n 2 [--site-gen .build/release/SiteGen] [-k "flyer and solana"]
"""
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest

import chromium
import fixtures
import sites

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = "2026-11-23T20:00:00Z"


def pytest_addoption(parser):
    parser.addoption("--site-gen", default=str(ROOT / ".build/debug/SiteGen"), help="the program that builds and serves the sites")


class Samples:
    """The sites as `SiteGen build` leaves them in `output`, and as `SiteGen serve` shows them on `port`."""

    def __init__(self, program):
        self.program = program
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="marquee-samples-"))
        self.content = self.folder / "content"
        self.output = self.folder / "built"
        self.server = None
        try:
            shutil.copytree(ROOT / "Content", self.content)
            fixtures.write(self.content)
            self.build()
            self.port = self.serve()
        except BaseException:
            self.stop()
            raise

    def arguments(self, verb, output):
        return [self.program, verb, "--content", self.content, "--templates", ROOT / "Templates", "--output", output, "--now", NOW]

    def build(self):
        done = subprocess.run(self.arguments("build", self.output) + ["--offline"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise pytest.UsageError(f"the sample sites can't be built:\n{done.stdout}{done.stderr}")

    def serve(self):
        """The served sites are built into a folder of their own, because their addresses carry the port."""
        log = open(self.folder / "serve.log", "w")
        self.server = subprocess.Popen(
            self.arguments("serve", self.folder / "served") + ["--no-watch", "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
        for line in self.server.stdout:
            found = re.search(r"http://localhost:(\d+)/", line)
            if found:
                return int(found.group(1))
        raise pytest.UsageError("SiteGen serve does not start:\n" + (self.folder / "serve.log").read_text())

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


# One process builds and serves: the only one, or the one that started the workers.

def pytest_configure(config):
    worker = getattr(config, "workerinput", None)
    if worker is None:
        config.samples = Samples(config.getoption("--site-gen"))
    config.output = worker["output"] if worker else str(config.samples.output)
    config.port = worker["port"] if worker else config.samples.port
    config.sites = sites.samples(config.output)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["output"] = str(node.config.samples.output)
    node.workerinput["port"] = node.config.samples.port


def pytest_unconfigure(config):
    if hasattr(config, "samples"):
        config.samples.stop()


def pytest_generate_tests(metafunc):
    """`site`: every sample and fixture. `page`: every page to read. `kind_page`: one of every kind, in every language."""
    built = metafunc.config.sites
    if "site" in metafunc.fixturenames:
        metafunc.parametrize("site", built, ids=[site.slug for site in built])
    if "school" in metafunc.fixturenames:
        schools = [site for site in built if site.slug in sites.SCHOOLS]
        metafunc.parametrize("school", schools, ids=[site.slug for site in schools])
    for name, pages in (
        ("page", lambda site: [page for page in site.pages if not page.is_redirect]),
        ("kind_page", lambda site: [page for page in site.one_of_each_kind() if not page.is_redirect]),
        ("redirect", lambda site: [page for page in site.pages if page.is_redirect]),
        ("flyer", lambda site: [page for page in site.pages if page.kind == "flyer"]),
    ):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, [page for site in built for page in pages(site)], ids=str)


@pytest.fixture(scope="session")
def output(pytestconfig):
    return pathlib.Path(pytestconfig.output)


@pytest.fixture(scope="session")
def address(pytestconfig):
    """The address at which a page is served."""
    return lambda page: f"http://{page.site.host}:{pytestconfig.port}{sites.quoted(page.path)}"


@pytest.fixture(scope="session")
def session_browser():
    browser = chromium.Chromium()
    yield browser
    browser.stop()


@pytest.fixture
def browser(session_browser):
    """A desktop in light mode with scripts, whatever the test before did."""
    session_browser.allow_scripts(True)
    session_browser.resize(1280, 800)
    session_browser.prefer("light")
    return session_browser
