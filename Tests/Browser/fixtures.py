"""Sites for the tests alone, beside the samples: all languages, and colors and themes at their limits."""
import pathlib
import random
import shutil

import PIL.Image

CONTENT = pathlib.Path(__file__).parent / "Content"
# Primary color, accent, header, fonts, corners, density, level of the announcement.
EXTREMES = {
    "yellow": ("#ffff00", "#ffffff", "bar", "classic", "square", "compact", "urgent"),
    "black": ("#000000", "#000000", "banner", "modern", "round", "airy", "warning"),
    "neon": ("#00ff00", "#ff00ff", "centered", "friendly", "soft", "compact", "info"),
    "gray": ("#777777", "#888888", "banner", "bookish", "square", "airy", "urgent"),
}
NAMES = ["polyglot", *EXTREMES]


def write(folder):
    """Adds the sites to a content folder."""
    shutil.copytree(CONTENT / "polyglot", folder / "polyglot")
    write_photo(folder / "polyglot/media/photo.jpg")
    for name, (primary, accent, header, fonts, corners, density, level) in EXTREMES.items():
        shutil.copytree(CONTENT / "extreme", folder / name)
        settings = folder / name / "site.yaml"
        text = settings.read_text(encoding="utf-8")
        text = text.replace("COLORS", f'colors: {{primary: "{primary}", accent: "{accent}"}}').replace("LEVEL", level)
        text = text.replace("THEME", f"theme: {{header: {header}, fonts: {fonts}, corners: {corners}, density: {density}}}")
        settings.write_text(text, encoding="utf-8")


def write_photo(path):
    """A picture of 12 megapixels as a phone makes it: with fine detail, and with the place where it was taken."""
    noise = PIL.Image.frombytes("RGB", (1000, 750), random.Random(1).randbytes(1000 * 750 * 3))
    shade = PIL.Image.linear_gradient("L").resize((4000, 3000)).convert("RGB")
    picture = PIL.Image.blend(shade, noise.resize((4000, 3000), PIL.Image.Resampling.BICUBIC), 0.15)
    exif = PIL.Image.Exif()
    exif[0x010F] = "A phone"
    # Latitude and longitude.
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0, 36.0, 22.0), 3: "W", 4: (122.0, 19.0, 55.0)})
    # git keeps no empty folders.
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=92, exif=exif)
