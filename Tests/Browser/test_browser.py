"""Every page in a real Chromium, as `SiteGen serve` sends it."""
import base64
import io
import json
import urllib.parse

import pypdf
import pytest

import sites
from checks import STICKING_OUT, axe_problems


def test_the_page_loads_without_a_complaint_and_fits_a_phone(page, address, browser):
    browser.resize(390, 844)
    browser.visit(address(page))
    for width in (390, 320):
        browser.resize(width, 844)
        sticking_out = browser.evaluate(STICKING_OUT)
        assert not sticking_out, f"at {width} pixels: {sticking_out}"
    hosts = {urllib.parse.urlsplit(url).hostname for url in browser.requests() if not url.startswith("data:")}
    assert hosts == {page.site.host}
    # The page for what is missing comes with status 404, even when it is asked for by its name.
    assert not browser.complaints(missing=address(page) if page.kind == "not found" else None)


def test_a_redirect_leads_to_its_page(redirect, address, browser):
    browser.visit(address(redirect))
    assert browser.wait_until(f"location.pathname != {json.dumps(sites.quoted(redirect.path))} && document.querySelector('main h1')")
    landed = urllib.parse.unquote(browser.evaluate("location.pathname"))
    assert not redirect.site.page_by_path[landed].is_redirect


def test_axe_finds_nothing(kind_page, address, browser):
    browser.visit(address(kind_page))
    problems = axe_problems(browser)
    assert not problems, "\n".join(problems)


def test_a_cancelled_event_strikes_out_its_own_date_and_no_other_event(school, address, browser):
    browser.visit(address(next(page for page in school.pages if page.kind == "event cancelled")))
    lines = "[...document.querySelectorAll({!r})].map(element => getComputedStyle(element).textDecorationLine)"
    assert browser.evaluate(lines.format(".facts .date b")) == ["line-through"]
    others = browser.evaluate(lines.format(".related .event:not(.cancelled) :is(h3 a, .date b)"))
    assert others and set(others) == {"none"}


def test_the_phone_menu_works_without_script(site, address, browser):
    home = site.page_by_path["/"]
    browser.allow_scripts(False)
    browser.resize(390, 844)
    browser.visit(address(home))
    is_shown = "document.querySelector('.nav').checkVisibility()"
    assert not browser.evaluate(is_shown)
    browser.click(".menu summary")
    assert browser.wait_until(is_shown)
    link = browser.evaluate("[...document.querySelectorAll('.nav a')].find(a => a.checkVisibility()).getAttribute('href')")
    browser.click(f".nav a[href='{link}']")
    assert browser.wait_until(f"location.pathname == {json.dumps(link)} && document.readyState == 'complete'")


def test_the_phone_menu_opens_by_keyboard_and_closes_on_escape(site, address, browser):
    browser.resize(390, 844)
    browser.visit(address(site.page_by_path["/"]))
    browser.evaluate("document.querySelector('.menu summary').focus()")
    browser.click(".menu summary")
    assert browser.wait_until("document.querySelector('.menu').open")
    browser.press("Escape")
    assert browser.wait_until("!document.querySelector('.menu').open")
    assert browser.evaluate("document.activeElement == document.querySelector('.menu summary')")


# Words that the sites' pages have, as a parent types them: small, without accents.
SEARCHES = [("lincoln", "/search/", "coat"), ("riverside", "/search/", "scholarship"), ("solana", "/search/", "garden"),
            ("solana", "/es/search/", "folklorico"), ("solana", "/es/search/", "FOLKLÓRICO"), ("www", "/search/", "price"), ("help", "/search/", "calendar")]


@pytest.mark.parametrize(("slug", "path", "word"), SEARCHES)
def test_search_finds_a_word(slug, path, word, pytestconfig, address, browser):
    site = next(site for site in pytestconfig.sites if site.slug == slug)
    browser.visit(address(site.page_by_path[path]))
    assert not [url for url in browser.requests() if "/search/" in url and url.endswith(".json")], "the index was loaded before it was needed"
    browser.click("#q")
    browser.write(word)
    assert browser.wait_until("document.querySelector('#search-results li')"), browser.complaints()
    targets = browser.evaluate("[...document.querySelectorAll('#search-results a')].map(a => a.getAttribute('href') && a.pathname)")
    assert targets and not [target for target in targets if site.dead(urllib.parse.quote(urllib.parse.unquote(target)))]
    assert browser.evaluate("document.querySelector('.search-status').textContent.trim()")
    assert not browser.complaints()


# The same word of all languages' pages about us, as their readers type it.
LANGUAGES = {"": "LIBRARY", "es": "biblioteca", "zh-Hans": "图书馆", "vi": "thu vien", "ko": "도서관", "ru": "библиотеке", "ar": "المكتبة", "fr": "bibliotheque"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_a_word_in_every_language(language, pytestconfig, address, browser):
    polyglot = next(site for site in pytestconfig.sites if site.slug == "polyglot")
    prefix = f"/{language.lower()}/" if language else "/"
    browser.visit(address(polyglot.page_by_path[prefix + "search/"]) + "?" + urllib.parse.urlencode({"q": LANGUAGES[language]}))
    assert browser.wait_until("document.querySelector('#search-results li')"), browser.complaints()
    found = browser.evaluate("[...document.querySelectorAll('#search-results a')].map(a => a.pathname)")
    assert prefix + "about/" in found


def test_an_embedded_video_is_loaded_only_when_it_is_asked_for(pytestconfig, address, browser):
    polyglot = next(site for site in pytestconfig.sites if site.slug == "polyglot")
    browser.visit(address(polyglot.page_by_path["/everything/"]))
    assert not browser.evaluate("document.querySelector('iframe')")
    browser.click(".embed button")
    assert browser.wait_until("document.querySelector('.embed iframe')")
    assert browser.evaluate("document.querySelector('iframe').src") == "https://www.youtube-nocookie.com/embed/xyzzy"
    # There is no network, but no policy stands in the way either.
    assert not [complaint for complaint in browser.complaints() if "Policy" in complaint]


def test_search_says_that_there_is_nothing(site, address, browser):
    browser.visit(address(site.page_by_path["/search/"]) + "?q=xyzzyxyzzy")
    assert browser.wait_until("document.querySelector('.search-status')?.textContent.includes('xyzzyxyzzy')")
    assert not browser.evaluate("document.querySelector('#search-results li')")


def test_search_lists_all_pages_without_script(site, address, browser):
    browser.allow_scripts(False)
    browser.visit(address(site.page_by_path["/search/"]))
    listed = set(browser.evaluate("[...document.querySelectorAll('.site-map a')].filter(a => a.checkVisibility()).map(a => decodeURI(a.pathname))"))
    wanted = {page.path for page in site.pages if page.language == site.default_language and page.kind in ("page", "page with contents", "article")}
    missing = wanted - listed
    assert not missing, sorted(missing)


def test_a_flyer_prints_on_one_page(flyer, address, browser):
    browser.visit(address(flyer))
    document = pypdf.PdfReader(io.BytesIO(base64.b64decode(browser.pdf())))
    assert len(document.pages) == 1
    assert flyer.tree.findtext(".//h1").split()[0] in document.pages[0].extract_text()


def test_the_way_back_from_a_page_that_is_missing(site, address, browser):
    browser.visit(address(site.page_by_path["/"]) + "no-such-page/")
    answers = [event["params"] for event in browser.events if event["method"] == "Network.responseReceived"]
    assert [answer["response"]["status"] for answer in answers if answer["type"] == "Document"] == [404]
    assert browser.evaluate("document.querySelector('h1').textContent") == site.page_by_path["/404.html"].tree.findtext(".//h1")
    assert browser.evaluate("[...document.links].some(link => link.pathname == '/')")


def test_the_offline_copy_opens_from_a_folder(site, output, browser):
    folder = output / ".offline" / site.slug
    browser.visit((folder / "index.html").as_uri())
    assert browser.evaluate("document.styleSheets.length > 0 && getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    links = browser.evaluate("[...document.links].map(link => link.href).filter(href => href.startsWith('file:'))")
    assert len(links) > 5
    for link in links:
        path = urllib.parse.unquote(urllib.parse.urlsplit(link).path)
        assert path.startswith(str(folder.resolve())) or path.startswith(str(folder)), link
        assert path.endswith(".html") or not path.endswith("/"), link
    assert {urllib.parse.urlsplit(url).scheme for url in browser.requests()} <= {"file", "data"}
    assert not browser.complaints()
