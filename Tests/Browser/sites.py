"""The built sample sites, as files: what a page is, what an address leads to."""
import functools
import pathlib
import re
import urllib.parse

import lxml.html

import fixtures

SAMPLES = ["www", "help", "lincoln", "riverside", "solana"]
# Organizations, with all kinds of pages; the others are about the platform.
SCHOOLS = ["lincoln", "riverside", "solana"]
RIGHT_TO_LEFT = {"ar", "he", "fa", "ur"}
# Letters of their own, or their own direction; Spanish, because the samples are written in it.
LANGUAGES_THAT_DIFFER = {"en", "es", "zh-Hans", "ar"}
SITES_DOMAIN = "sites.localhost"

# The kind of a page by its address below the language's folder; the first that fits.
KINDS = [
    ("home", r""),
    ("not found", r"404\.html"),
    ("search", r"search/"),
    ("tags", r"tags/"),
    ("tag", r"tags/.+"),
    ("news list", r"news/(page/\d+/)?"),
    ("article", r"news/\d{4}/[^/]+/"),
    ("event list", r"events/"),
    ("category", r"events/category/[^/]+/"),
    ("calendar month", r"events/\d{4}/\d{2}/"),
    ("past events", r"events/past/[^/]+/"),
    ("flyer", r"events/.+/flyer/"),
    ("event", r"events/[^/]+/"),
    ("documents", r"documents/"),
    ("board", r"board/"),
    ("sponsors", r"sponsors/"),
    ("page", r".*"),
]
# What a site with news, events, documents, a board and sponsors must have.
SCHOOL_KINDS = [kind for kind, _ in KINDS] + ["event cancelled", "event postponed", "page with contents", "redirect"]


class Page:
    """One HTML file."""

    def __init__(self, site, file):
        self.site = site
        self.file = file
        relative = file.relative_to(site.folder).as_posix()
        # As a visitor writes it, decoded: /about/ for about/index.html.
        self.path = "/" + relative.removesuffix("index.html")

    def __repr__(self):
        return f"{self.site.slug}:{self.path}"

    @functools.cached_property
    def source(self):
        return self.file.read_text(encoding="utf-8")

    @functools.cached_property
    def tree(self):
        # As text without its doctype's encoding questions; the file is UTF-8 by the test of that name.
        return lxml.html.document_fromstring(self.source)

    @functools.cached_property
    def language(self):
        return self.site.other_languages.get(self.path.split("/")[1], self.site.default_language)

    @property
    def rest(self):
        """The path below the folder of the language."""
        first, _, rest = self.path[1:].partition("/")
        return rest if first in self.site.other_languages else self.path[1:]

    @functools.cached_property
    def kind(self):
        if self.is_redirect:
            return "redirect"
        kind = next(kind for kind, pattern in KINDS if re.fullmatch(pattern, self.rest))
        if kind == "event":
            status = set(self.tree.find(".//article").get("class", "").split()) & {"cancelled", "postponed", "tentative"}
            return " ".join([kind, *status])
        if kind == "page" and self.tree.find(".//main//section[@class='hero']") is not None:
            return "landing page"
        if kind == "page" and self.tree.find(".//nav[@class='toc']") is not None:
            return "page with contents"
        return kind

    @property
    def is_redirect(self):
        return self.tree.find(".//meta[@http-equiv='refresh']") is not None

    @property
    def is_fallback(self):
        """Whether the page stands in for a translation that is not there: its canonical address is the original's."""
        canonical = self.tree.find(".//link[@rel='canonical']")
        return (
            self.kind not in ("flyer", "redirect", "not found") and canonical is not None
            and canonical.get("href") != self.site.origin + quoted(self.path))

    @property
    def is_indexable(self):
        robots = self.tree.find(".//meta[@name='robots']")
        return not self.is_redirect and (robots is None or "noindex" not in robots.get("content", ""))

    @functools.cached_property
    def ids(self):
        return {element.get("id") for element in self.tree.iter() if isinstance(element.tag, str) and element.get("id")}

    def attribute(self, expression):
        """The values of an XPath expression that ends in an attribute."""
        return [str(value) for value in self.tree.xpath(expression)]

    @property
    def alternates(self):
        """Addresses by language, as rel=alternate gives them."""
        return {link.get("hreflang"): link.get("href") for link in self.tree.iterfind(".//link[@hreflang]")}


class Site:
    """One tenant's folder in the output."""

    def __init__(self, output, slug):
        self.slug = slug
        self.folder = (pathlib.Path(output) / slug).resolve()
        self.host = f"{slug}.{SITES_DOMAIN}"
        self.origin = f"https://{self.host}"

    @functools.cached_property
    def default_language(self):
        return re.search(r'<html lang="([^"]+)"', (self.folder / "index.html").read_text(encoding="utf-8")).group(1)

    @functools.cached_property
    def other_languages(self):
        """The languages that have a folder, by its name: folders with a home page in the language that they are named after."""
        languages = {}
        for file in self.folder.glob("*/index.html"):
            language = re.search(r'<html lang="([^"]+)"', file.read_text(encoding="utf-8")).group(1)
            if language.lower() == file.parent.name:
                languages[file.parent.name] = language
        return languages

    @functools.cached_property
    def files(self):
        """All files by their decoded address."""
        return {"/" + file.relative_to(self.folder).as_posix(): file for file in sorted(self.folder.rglob("*")) if file.is_file()}

    @functools.cached_property
    def pages(self):
        return [Page(self, file) for path, file in self.files.items() if path.endswith(".html")]

    @functools.cached_property
    def page_by_path(self):
        return {page.path: page for page in self.pages}

    def files_named(self, suffix):
        return {path: file for path, file in self.files.items() if path.endswith(suffix)}

    def local_path(self, address, base="/"):
        """The decoded path and fragment of an address that leads to this site; None for other hosts and schemes."""
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(f"{self.origin}{urllib.parse.quote(base)}", address))
        if parts.hostname != self.host or parts.scheme not in ("https", "webcal"):
            return None
        return urllib.parse.unquote(parts.path) or "/", urllib.parse.unquote(parts.fragment)

    def dead(self, address, base="/"):
        """What is wrong with an address in a page at `base`; None if nothing is."""
        local = self.local_path(address, base)
        if local is None:
            return None
        path, fragment = local
        if path not in self.files and path not in self.page_by_path:
            return f"{address}: there is no such file"
        if fragment and path in self.page_by_path and fragment not in self.page_by_path[path].ids:
            return f"{address}: there is no such place in the page"
        return None

    def one_of_each_kind(self):
        """A page of every kind in every language that looks different, translated and not."""
        chosen = {}
        for page in self.pages:
            if page.language in LANGUAGES_THAT_DIFFER:
                chosen.setdefault((page.kind, page.language, page.is_fallback), page)
        return list(chosen.values())


def quoted(path):
    """A decoded path as it stands in an address."""
    return urllib.parse.quote(path)


def samples(output):
    return [Site(output, slug) for slug in SAMPLES + fixtures.NAMES]
