"""What a page costs a phone."""
import gzip
import re
import statistics

import PIL.Image
import pytest

import sites

LIMIT = 14 * 1024


def compressed(site, paths):
    return sum(len(gzip.compress(site.files[path].read_bytes(), 9)) for path in paths)


def test_a_text_page_weighs_at_most_14_kilobytes(site, record_property):
    weights = {}
    for page in site.pages:
        if page.kind not in ("page", "page with contents", "article") or page.is_fallback:
            continue
        parts = page.attribute("//link[@rel='stylesheet']/@href | //script/@src")
        weights[page] = compressed(site, [site.local_path(part)[0] for part in parts]) + len(gzip.compress(page.file.read_bytes(), 9))
    median = statistics.median(weights.values())
    heaviest = max(weights, key=weights.get)
    text = f"{site.slug}: median {median:.0f} bytes, heaviest {weights[heaviest]} bytes ({heaviest.path})"
    record_property("weight", text)
    print(text)
    assert median <= LIMIT, text


def test_a_photograph_is_resized_and_its_original_is_not_published(pytestconfig):
    polyglot = next(site for site in pytestconfig.sites if site.slug == "polyglot")
    picture = polyglot.page_by_path["/everything/"].tree.find(".//main//img")
    offered = {source.get("type"): source.get("srcset").split(",") for source in picture.xpath("ancestor::picture//source")}
    assert len(offered["image/webp"]) >= 4 and len(picture.get("srcset").split(",")) >= 2
    photos = [file for path, file in polyglot.files.items() if path.startswith("/media/photo")]
    assert len(photos) >= 6
    for file in photos:
        with PIL.Image.open(file) as variant:
            assert variant.width < 4000
            assert abs(variant.width * 3 - variant.height * 4) <= 4


# CSS pixels, and dots for each of them.
PHONES = [(400, 2), (430, 3), (390, 4)]


def fits_phone(source):
    """Whether a phone takes the source: one without a condition, or with one for its width."""
    media = source.get("media")
    return media is None or max(width for width, _ in PHONES) <= 16 * float(re.fullmatch(r"\(max-width: (\d+)em\)", media)[1])


@pytest.mark.parametrize("phone", PHONES, ids=str)
def test_a_picture_costs_a_phone_at_most_100_kilobytes(site, phone):
    """As if every picture were as wide as the screen."""
    for page in site.pages:
        for picture in page.tree.iterfind(".//img"):
            # A browser takes the first source that fits, and of that the first variant with enough pixels.
            taken = next(filter(fits_phone, picture.xpath("ancestor::picture//source")), picture)
            variants = [part.split() for part in (taken.get("srcset") or "").split(",") if part]
            fitting = [address for address, *width in variants if width and int(width[0].rstrip("w")) >= phone[0] * phone[1]]
            chosen = fitting[0] if fitting else variants[-1][0] if variants else picture.get("src")
            path, _ = site.local_path(chosen, page.path)
            size = site.files[path].stat().st_size
            assert path.endswith(".svg") or size <= 100_000, f"{page}: {path} has {size} bytes"


def test_every_sample_site_was_weighed(pytestconfig):
    assert set(sites.SAMPLES) < {site.slug for site in pytestconfig.sites}
