"""Feeds, calendars, sitemap, manifest: what programs read."""
import datetime
import json
import pathlib
import re
import subprocess
import sys

import lxml.etree
import PIL.Image

import sites

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
# Escapes what the XML parser must not fetch.
PARSER = lxml.etree.XMLParser(resolve_entities=False, no_network=True)


def moment(text):
    """Reads a date and time of RFC 3339, which must have an offset."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text), text
    return datetime.datetime.fromisoformat(text)


def parse(file):
    return lxml.etree.parse(str(file), PARSER).getroot()


def test_atom_feeds_follow_rfc_4287(school):
    feeds = school.files_named(".xml").items()
    feeds = {path: parse(file) for path, file in feeds if path.endswith("feed.xml")}
    assert "/news/feed.xml" in feeds
    for path, feed in feeds.items():
        assert feed.tag == ATOM + "feed", path
        for name in ("id", "title", "updated"):
            assert len(feed.findall(ATOM + name)) == 1, f"{path}: {name}"
        own = [link.get("href") for link in feed.findall(ATOM + "link") if link.get("rel") == "self"]
        assert [school.local_path(address)[0] for address in own] == [path]
        updates = [moment(feed.findtext(ATOM + "updated"))]
        ids = [feed.findtext(ATOM + "id")]
        entries = feed.findall(ATOM + "entry")
        assert entries, path
        for entry in entries:
            for name in ("id", "title", "updated"):
                assert len(entry.findall(ATOM + name)) == 1, f"{path}: an entry needs one {name}"
            assert len(entry.findall(ATOM + "content")) <= 1 and len(entry.findall(ATOM + "summary")) <= 1
            assert entry.find(ATOM + "author") is not None or feed.find(ATOM + "author") is not None, path
            ids.append(entry.findtext(ATOM + "id"))
            updates.append(moment(entry.findtext(ATOM + "updated")))
            assert moment(entry.findtext(ATOM + "published") or entry.findtext(ATOM + "updated")) <= updates[-1]
            links = [link.get("href") for link in entry.findall(ATOM + "link") if link.get("rel", "alternate") == "alternate"]
            assert len(links) == 1 and links[0].startswith("https://") and not school.dead(links[0]), links
            check_html(school, f"{path} {ids[-1]}", entry.findtext(ATOM + "content") or "")
        assert all(re.match(r"[a-z]+:", identifier) for identifier in ids), "ids are absolute"
        assert len(set(ids[1:])) == len(ids) - 1, f"{path}: an id is there twice"
        assert updates[0] == max(updates[1:]), f"{path}: updated is not that of the newest entry"


def check_html(site, where, html):
    """A feed is read elsewhere: every address in it must be complete."""
    assert "<script" not in html, where
    for address in re.findall(r'(?:href|src)="([^"]*)"', html):
        assert re.match(r"(https?|mailto|tel|webcal):", address), f"{where}: {address} is not complete"
        assert not site.dead(address), f"{where}: {address}"


def test_json_feeds_follow_version_1_1(school):
    feeds = {path: json.loads(file.read_text()) for path, file in school.files_named("feed.json").items()}
    assert "/news/feed.json" in feeds
    for path, feed in feeds.items():
        assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"]
        assert school.local_path(feed["feed_url"])[0] == path
        assert not school.dead(feed["home_page_url"])
        identifiers = [item["id"] for item in feed["items"]]
        assert identifiers and len(set(identifiers)) == len(identifiers)
        for item in feed["items"]:
            assert isinstance(item["id"], str) and ("content_html" in item or "content_text" in item)
            assert not school.dead(item["url"])
            moment(item["date_published"])
            check_html(school, f"{path} {item['id']}", item.get("content_html", ""))
        same = parse(school.files[path.replace(".json", ".xml")])
        assert identifiers == [entry.findtext(ATOM + "id") for entry in same.findall(ATOM + "entry")], "the two feeds differ"


def test_calendars_are_right(pytestconfig):
    """With other people's code, see Tests/Python/check_ics.py."""
    files = [str(file) for site in pytestconfig.sites for file in site.files_named(".ics").values()]
    assert len(files) > 100
    script = pathlib.Path(__file__).parents[1] / "Python/check_ics.py"
    done = subprocess.run([sys.executable, str(script), *files], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]


def test_the_sitemap_has_what_may_be_found(site):
    listed = {}
    for entry in parse(site.files["/sitemap.xml"]).findall(SITEMAP + "url"):
        address = entry.findtext(SITEMAP + "loc")
        path = site.local_path(address)[0]
        assert address == site.origin + sites.quoted(path)
        assert path not in listed, f"{path} is there twice"
        listed[path] = {link.get("hreflang"): link.get("href") for link in entry.findall(XHTML + "link")}
        changed = entry.findtext(SITEMAP + "lastmod")
        assert changed is None or datetime.date.fromisoformat(changed[:10])
    allowed = {page.path for page in site.pages if page.is_indexable and page.kind != "not found" and not page.is_fallback}
    # Tags, categories and months lead to pages that are listed themselves.
    expected = {path for path in allowed if site.page_by_path[path].kind not in ("search", "tags", "tag", "category", "calendar month", "past events")}
    expected = {path for path in expected if "/page/" not in path}
    assert not (set(listed) - allowed), f"not to be found, but listed: {sorted(set(listed) - allowed)[:20]}"
    assert not (expected - set(listed)), f"to be found, but not listed: {sorted(expected - set(listed))[:20]}"
    for path, alternates in listed.items():
        named = {language: address for language, address in site.page_by_path[path].alternates.items() if language != "x-default"}
        assert {language: address for language, address in alternates.items() if language != "x-default"} == named, path


def test_robots_names_the_sitemap_and_hides_no_page(site):
    lines = site.files["/robots.txt"].read_text().splitlines()
    assert f"Sitemap: {site.origin}/sitemap.xml" in lines
    hidden = [line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("disallow:")]
    listed = [site.local_path(entry.text)[0] for entry in parse(site.files["/sitemap.xml"]).iter(SITEMAP + "loc")]
    assert not [path for path in listed for prefix in hidden if prefix and path.startswith(prefix)]


def test_the_manifest_has_icons_of_the_sizes_it_says(site):
    manifest = json.loads(site.files["/manifest.webmanifest"].read_text())
    assert manifest["name"] and manifest["short_name"] and not site.dead(manifest["start_url"])
    assert re.fullmatch("#[0-9a-f]{6}", manifest["theme_color"])
    for icon in manifest["icons"]:
        assert not site.dead(icon["src"]), icon
        if icon["type"] == "image/png":
            with PIL.Image.open(site.files[icon["src"]]) as picture:
                assert "%dx%d" % picture.size == icon["sizes"]
    # Programs that know no SVG take the larger PNG.
    assert {"any", "180x180", "192x192"} <= {icon["sizes"] for icon in manifest["icons"]}
    assert "maskable" in {icon.get("purpose") for icon in manifest["icons"]}


def test_redirects_of_the_server_are_those_of_the_pages(site):
    if "/_redirects" not in site.files:
        assert not [page for page in site.pages if page.is_redirect]
        return
    for line in site.files["/_redirects"].read_text().splitlines():
        source, target, status = line.split()
        assert status in ("301", "302", "308") and not site.dead(target), line
        assert site.page_by_path[site.local_path(source)[0]].is_redirect, line
