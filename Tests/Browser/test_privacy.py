"""What must never be published."""
import re

import PIL.Image
import pytest
import yaml

from conftest import ROOT

RASTER = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif")
METADATA = [b"Exif\0\0", b"EXIF", b"eXIf", b"http://ns.adobe.com/xap", b"XML:com.adobe.xmp", b"XMP ", b"Photoshop 3.0"]
TEXT = (".html", ".xml", ".json", ".ics", ".txt", ".webmanifest")
PRIVATE_MAIL = re.compile(r"[\w.+-]+@(gmail|yahoo|hotmail|outlook|icloud|aol|comcast|msn|live|proton|gmx)\.\w+", re.I)
PHONE = re.compile(r"(?<![\w/.=%-])(?:\+1[ .-]?)?\(?([2-9]\d\d)\)?[ .-](\d{3})[ .-](\d{4})(?![\w-])")


def documents(slug):
    """The entries of the lists of documents, in all languages."""
    for file in sorted((ROOT / "Content" / slug / "documents").glob("index*.yaml")):
        entries = yaml.safe_load(file.read_text(encoding="utf-8")) or []
        yield from entries if isinstance(entries, list) else entries["documents"]


def text_files(site):
    return {path: file.read_text(encoding="utf-8") for path, file in site.files.items() if path.endswith(TEXT)}


def test_documents_for_members_are_not_in_the_output(school):
    entries = list(documents(school.slug))
    public = {entry["file"] for entry in entries if entry.get("visibility") == "public"}
    members = [entry for entry in entries if entry["file"] not in public]
    if not members:
        pytest.skip("this school has no such document")
    names = {path.rsplit("/", 1)[1] for path in school.files}
    contents = {file.read_bytes() for path, file in school.files.items() if path.startswith("/documents/")}
    texts = text_files(school)
    for entry in members:
        source = ROOT / "Content" / school.slug / "documents" / entry["file"]
        assert source.name not in names
        assert not source.exists() or source.read_bytes() not in contents
        assert not [path for path, text in texts.items() if source.name in text], source.name
        assert not [path for path, text in texts.items() if path.endswith("/documents/index.html") and entry["title"] in text], entry["title"]
    assert {f"/documents/{name}" for name in public} <= set(school.files), "a public document is missing"


def test_some_school_has_a_document_for_members():
    slugs = ["lincoln", "riverside", "solana"]
    assert [slug for slug in slugs if any(entry.get("visibility") != "public" for entry in documents(slug))]


def test_pictures_carry_no_metadata(site):
    pictures = {path: file for path, file in site.files.items() if path.lower().endswith(RASTER)}
    assert pictures
    for path, file in pictures.items():
        data = file.read_bytes()
        with PIL.Image.open(file) as picture:
            assert not picture.getexif(), path
            assert not set(picture.info) & {"exif", "xmp", "photoshop", "comment", "XML:com.adobe.xmp"}, path
        # Chunks and segments that a decoder may pass over; compressed data has none of them by chance in files of this size.
        assert not [mark for mark in METADATA if mark in data], path


def test_svg_files_carry_no_script_and_no_address_elsewhere(site):
    for path, file in site.files_named(".svg").items():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<script|<foreignObject|\son\w+\s*=|javascript:", text, re.I), path
        assert not re.search(r"""(href|src)\s*=\s*["'](?!#|data:image/)""", text, re.I), path


def test_no_private_address_or_telephone_number_is_published(site):
    for path, text in text_files(site).items():
        assert not PRIVATE_MAIL.search(text), f"{path}: {PRIVATE_MAIL.search(text).group()}"
        # 555-0100 to 555-0199 belong to nobody.
        numbers = [m.group() for m in PHONE.finditer(text) if not (m.group(2) == "555" and m.group(3).startswith("01"))]
        assert not numbers, f"{path}: {numbers}"


def test_sources_and_traces_of_the_machine_are_not_published(site):
    for path, text in text_files(site).items():
        assert str(ROOT) not in text and "file://" not in text, path
    assert not [path for path in site.files if path.endswith((".md", ".yaml", ".yml", ".toml", ".mustache"))]
    assert not [path for path in site.files if any(part.startswith(".") for part in path.split("/")[1:] if part != ".well-known")]
