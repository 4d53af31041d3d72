#!/usr/bin/env python3
"""Takes the pictures of the sample sites that the guides (Content/help/) and the README show. `make screenshots` calls it.

    .venv/bin/python Tests/Browser/make_screenshots.py [NAME...]

Without names, all are made anew. The fonts are those of this machine.
"""
import base64
import io
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw, ImageFilter

from chromium import Chromium

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCREENS = ROOT / "Content/help/media/screens"
NOW = "2026-11-23T20:00:00Z"
SITES = ["lincoln", "riverside", "solana"]
LARGEST = 40_000
# They are put together at the first size, and made smaller for the guides, where a text is half as wide.
WIDTH, HEIGHT = 1280, 800
SAVED_WIDTH = 1000
# CSS pixels: the narrowest window with the layout of a laptop, and a common phone.
LAPTOP = (1000, 620)
PHONE = (390, 810)
BEZEL = "#16181d"


class Server:
    """The sample sites as `SiteGen serve` shows them; `edit` changes a file as an editor does."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="marquee-screenshots-"))
        for site in SITES:
            shutil.copytree(ROOT / "Content" / site, self.folder / "content" / site)
        self.process = subprocess.Popen(
            [ROOT / ".build/debug/SiteGen", "serve", "--content", self.folder / "content", "--templates", ROOT / "Templates",
             "--output", self.folder / "output", "--now", NOW, "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        found = next(filter(None, (re.search(r"http://localhost:(\d+)/", line) for line in self.process.stdout)), None)
        if not found:
            sys.exit("SiteGen serve does not start: is there a debug build? (swift build --product SiteGen)")
        self.port = found[1]

    def address(self, site, path):
        return f"http://{site}.sites.localhost:{self.port}{path}"

    def edit(self, path, old, new):
        file = self.folder / "content" / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} does not say {old!r}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Camera:
    def __init__(self, server):
        self.server = server
        self.browser = Chromium()
        # Announcements and the marked day depend on the reader's clock.
        self.browser.call("Page.addScriptToEvaluateOnNewDocument", source=f"""
            const now = Date.parse({NOW!r});
            Date = class extends Date {{ constructor(...given) {{ super(...(given.length ? given : [now])) }} static now() {{ return now }} }};""")

    def shoot(self, site, path, size=LAPTOP, scheme="light", prepare=None, until="true", top=None):
        """What a window of that size shows. `prepare` is run in the page, and `until` must then become true. `top` is what to scroll to."""
        browser = self.browser
        browser.prefer(scheme)
        browser.call("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=2, mobile=False)
        browser.visit(self.server.address(site, path))
        if prepare:
            browser.evaluate(prepare)
        if not browser.wait_until(until):
            sys.exit(f"{site}{path}: {until} does not become true")
        # The port is an accident of this run.
        browser.evaluate("""(() => {
            for (const text of document.querySelectorAll('.flyer-url')) text.textContent = text.textContent.replace(/:\\d+/, '');
            for (const image of document.images) image.loading = 'eager';
            document.documentElement.style.scrollbarWidth = 'none';
        })()""")
        browser.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => {}))).then(() => 0)")
        if top:
            browser.evaluate(f"scrollTo({{ top: document.querySelector({top!r}).getBoundingClientRect().top + scrollY - 20, behavior: 'instant' }})")
        data = browser.call("Page.captureScreenshot", format="png")["data"]
        return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


def place(ground, screen, left, top, width, radius, bezel):
    """Puts a screen with its frame and shadow on the ground; `width` is the screen's."""
    height = round(screen.height * width / screen.width)
    box = (left - bezel, top - bezel, left + width + bezel, top + height + bezel)
    shadow = Image.new("L", ground.size, 0)
    ImageDraw.Draw(shadow).rounded_rectangle((box[0], box[1] + 12, box[2], box[3] + 12), radius + bezel, fill=90)
    ground.paste("#000", mask=shadow.filter(ImageFilter.GaussianBlur(18)))
    # Four times as large and made smaller again, so that the corners are smooth.
    def rounded(size, radius):
        mask = Image.new("L", (size[0] * 4, size[1] * 4), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius * 4, fill=255)
        return mask.resize(size, Image.Resampling.LANCZOS)
    size = (box[2] - box[0], box[3] - box[1])
    ground.paste(BEZEL, box[:2], rounded(size, radius + bezel))
    ground.paste(screen.resize((width, height), Image.Resampling.LANCZOS), (left, top), rounded((width, height), radius))


def on_laptop(screen, ground):
    picture = Image.new("RGB", (WIDTH, HEIGHT), ground)
    place(picture, screen, 50, 35, 1180, 10, 10)
    return picture


def on_phones(screens, ground):
    picture = Image.new("RGB", (WIDTH, HEIGHT), ground)
    gap = (WIDTH - 340 * len(screens)) // (len(screens) + 1)
    for index, screen in enumerate(screens):
        place(picture, screen, gap + index * (340 + gap), 46, 340, 34, 10)
    return picture


# Each makes one picture.

def home(camera):
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#dfe8f3")
    place(picture, camera.shoot("lincoln", "/", (1200, 760)), 40, 50, 1060, 10, 10)
    place(picture, camera.shoot("lincoln", "/", PHONE), 944, 166, 286, 30, 9)
    return picture


def event(camera):
    return on_laptop(camera.shoot("riverside", "/events/college-night/", top=".crumbs"), "#dcebe5")


def calendar(camera):
    return on_laptop(camera.shoot("lincoln", "/events/2026/12/", top=".months"), "#f6ecd0")


def languages(camera):
    return on_phones([
        camera.shoot("solana", "/es/events/star-night/", PHONE),
        camera.shoot("solana", "/es/", PHONE, prepare="document.querySelector('.menu').open = document.querySelector('.langs details').open = true"),
        camera.shoot("solana", "/es/events/", PHONE, "dark", top=".month"),
    ], "#e0ebe3")


def dark(camera):
    return on_laptop(camera.shoot("riverside", "/news/", (1200, 744), "dark"), "#26322d")


def flyer(camera):
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#e4e0ea")
    paper = camera.shoot("riverside", "/events/college-night/flyer/", (816, 1380), prepare="document.querySelector('.flyer-bar').remove()")
    place(picture, paper, (WIDTH - 436) // 2, 30, 436, 2, 0)
    return picture


def search(camera):
    typing = "(() => { const field = document.querySelector('#q'); field.value = 'coat'; field.dispatchEvent(new Event('input', { bubbles: true })); })()"
    return on_laptop(
        camera.shoot("lincoln", "/search/", prepare=typing, until="document.querySelector('#search-results li')", top="main h1"), "#f6ecd0")


def error(camera):
    """The last to be taken: it breaks a page."""
    camera.server.edit("lincoln/events/winter-concert.md", "end: 2026-12-15T19:30", "end: 2026-12-35T19:30")
    return on_laptop(
        camera.shoot("lincoln", "/events/winter-concert/", until="document.querySelector('#marquee-problems p')", top=".crumbs"), "#f3e0df")


PICTURES = {make.__name__: make for make in (home, event, calendar, languages, dark, flyer, search, error)}


def save(picture, file):
    """In the best quality that stays small enough for a phone."""
    picture = picture.resize((SAVED_WIDTH, HEIGHT * SAVED_WIDTH // WIDTH), Image.Resampling.LANCZOS)
    for quality in range(82, 30, -4):
        data = io.BytesIO()
        picture.save(data, "WEBP", quality=quality, method=6)
        if data.tell() <= LARGEST:
            break
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.getvalue())
    print(f"{file.relative_to(ROOT)}: {data.tell() / 1000:.0f} kB, quality {quality}")


def main(names):
    unknown = set(names) - set(PICTURES)
    if unknown:
        sys.exit(f"there is no picture {', '.join(sorted(unknown))}: take some of {', '.join(PICTURES)}")
    server = Server()
    try:
        camera = Camera(server)
        try:
            for name, make in PICTURES.items():
                if not names or name in names:
                    save(make(camera), SCREENS / f"{name}.webp")
        finally:
            camera.browser.stop()
    finally:
        server.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
