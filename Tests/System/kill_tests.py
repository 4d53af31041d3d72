#!/usr/bin/env python3
"""Kills the generator at random moments and checks that no reader could ever see a half-made site.

    kill_tests.py [SITEGEN]          default: the environment variable SITEGEN, else .build/debug/SiteGen

Standard library only. Takes about a minute and a half; `--kills N` and `--seconds N` bound it.
The full-disk test mounts a small tmpfs where it may (as root), and is done with a limit on the size of files everywhere.
"""
import argparse
import fcntl
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = "2026-11-23T20:00:00Z"
OPTIONS = argparse.Namespace(sitegen=None, kills=60, seconds=75, seed=20261123)


class Tenants:
    """A content folder and an output folder, with the changes that editors make."""

    def __init__(self, folder, slugs=("oak",), pages=40):
        self.folder = pathlib.Path(folder)
        self.content = self.folder / "content"
        self.output = self.folder / "output"
        self.pages = min(pages, 8)
        for slug in slugs:
            self.write(slug, "site.yaml", f"name: {slug.title()} School PTSA\ntimezone: America/Los_Angeles\nlanguages: [en, es]\n")
            for number in range(pages):
                self.page(slug, number, 0)
            self.write(slug, "index.md", "# Home\n\nEdition 0\n")
            self.write(slug, "events/fair.md", "---\ntitle: Fair\nstart: 2026-12-04T17:00\n---\nVersion 0\n")
            self.write(slug, "media/tree.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9" height="9"/></svg>')

    def write(self, slug, path, text):
        file = self.content / slug / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def page(self, slug, number, version):
        links = " ".join(f"[page {other}](page{other}.md)" for other in (number - 1, number + 1) if 0 <= other < self.pages)
        text = f"Version {version}\n\n{links}\n\n![A tree](media/tree.svg)\n"
        self.write(slug, f"page{number}.md", f"---\ntitle: Page {number}\ntags: [t{number % 3}]\n---\n{text}")
        if number < 10:
            self.write(slug, f"news/2026-09-{number + 10}-post{number}.md", f"---\ntitle: Post {number}\n---\nVersion {version}\n")

    def change(self, slug, version, pages):
        for number in pages:
            self.page(slug, number, version)
        self.write(slug, "index.md", f"# Home\n\nEdition {version}\n")

    def command(self, *more, output=None):
        return [
            OPTIONS.sitegen, "build", "--content", str(self.content), "--templates", str(ROOT / "Templates"),
            "--output", str(output or self.output), "--now", NOW, "--jobs", "2", *more,
        ]

    def build(self, *more, **options):
        return subprocess.run(self.command(*more), capture_output=True, text=True, timeout=120, **options)

    def live(self, slug):
        return self.output / slug

    def release(self, slug):
        """The name of the release that is live, or None."""
        try:
            return os.readlink(self.live(slug)).rsplit("/", 1)[-1]
        except FileNotFoundError:
            return None

    def clean_tree(self, slug):
        """What a build from nothing gives for the content as it is now."""
        other = self.folder / "clean"
        subprocess.run(self.command("--tenant", slug, output=other), capture_output=True, check=True, timeout=120)
        files = tree(other / slug)
        shutil.rmtree(other)
        return files


def tree(folder):
    """Every file below a folder, by path."""
    folder = pathlib.Path(os.path.realpath(folder))
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def dead_links(files):
    """Internal addresses in pages and sitemap that lead to no file of the site."""
    dead = set()
    for path, content in files.items():
        if path.endswith(".html"):
            addresses = re.findall(r'(?:href|src)="(/[^"#?]*)', content.decode())
        elif path == "sitemap.xml":
            addresses = [urllib.parse.urlsplit(address).path for address in re.findall(r"<loc>([^<]*)</loc>", content.decode())]
        else:
            continue
        for address in addresses:
            target = urllib.parse.unquote(address).lstrip("/")
            if (target + "index.html" if target == "" or target.endswith("/") else target) not in files:
                dead.add(f"{path}: {address}")
    return dead


def leftovers(output, slug):
    """What a finished build may not leave behind."""
    folder = output / ".releases" / slug
    wanted = re.compile(r"[0-9]{6}(\.state|\.sources)?|lock|pictures")
    found = [str(path) for path in folder.iterdir() if not wanted.fullmatch(path.name)]
    return found + [str(path) for path in (output / ".hosts").iterdir() if path.name.startswith(".")]


class KillTests(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="marquee-kill-")
        self.addCleanup(self.temporary.cleanup)
        self.random = random.Random(OPTIONS.seed)

    def tenants(self, **options):
        return Tenants(self.temporary.name, **options)

    def assert_clean(self, tenants, slug="oak"):
        result = tenants.build("--tenant", slug)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(leftovers(tenants.output, slug), [])
        self.assertEqual(tree(tenants.live(slug)), tenants.clean_tree(slug))
        releases = [path.name for path in (tenants.output / ".releases" / slug).iterdir() if re.fullmatch("[0-9]{6}", path.name)]
        self.assertLessEqual(len(releases), 5)

    def test_killed_at_any_moment_the_site_is_the_old_or_the_new_one(self):
        tenants = self.tenants()
        self.assertEqual(tenants.build().returncode, 0)
        old = tree(tenants.live("oak"))
        started = time.monotonic()
        process = subprocess.Popen(tenants.command("--force"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.wait(timeout=120)
        duration = time.monotonic() - started
        began = time.monotonic()
        outcomes = {"old": 0, "new": 0}
        kills = version = 0
        while kills < OPTIONS.kills and time.monotonic() - began < OPTIONS.seconds:
            version += 1
            tenants.change("oak", version, self.random.sample(range(40), self.random.choice([1, 5, 40])))
            new = tenants.clean_tree("oak") if version % 6 == 0 else None
            # Three kills for each change: the second and third build meet what the one before has left.
            for _ in range(3):
                process = subprocess.Popen(tenants.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(self.random.uniform(0, duration))
                process.send_signal(signal.SIGKILL)
                process.wait(timeout=30)
                kills += 1
                now = tree(tenants.live("oak"))
                self.assertEqual(dead_links(now), set(), f"kill {kills}")
                editions = set(re.findall(rb"Edition [0-9]+", now["index.html"] + now["es/index.html"]))
                self.assertEqual(len(editions), 1, f"kill {kills}: a mixture of {editions}")
                if now == old:
                    outcomes["old"] += 1
                else:
                    new = new or tenants.clean_tree("oak")
                    self.assertEqual(now, new, f"kill {kills}: neither the old release nor the new one")
                    outcomes["new"] += 1
            if version % 4 == 0:
                self.assert_clean(tenants)
            else:
                self.assertEqual(tenants.build().returncode, 0)
                self.assertEqual(leftovers(tenants.output, "oak"), [])
            old = tree(tenants.live("oak"))
            self.assertIn(f"Edition {version}".encode(), old["index.html"])
        print(f"{kills} kills: {outcomes['old']} times the old release was live, {outcomes['new']} times the new one")
        self.assertGreaterEqual(kills, min(30, OPTIONS.kills))
        self.assertGreater(outcomes["old"], 0)

    def test_killed_during_its_first_build_a_site_is_absent_or_whole(self):
        tenants = self.tenants(slugs=("oak", "elm", "ash"), pages=10)
        for _ in range(8):
            process = subprocess.Popen(tenants.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(self.random.uniform(0, 0.6))
            process.kill()
            process.wait(timeout=30)
            for slug in ("oak", "elm", "ash"):
                if tenants.release(slug) is not None:
                    self.assertEqual(dead_links(tree(tenants.live(slug))), set())
            if all(tenants.release(slug) for slug in ("oak", "elm", "ash")):
                shutil.rmtree(tenants.output)
        self.assertEqual(tenants.build().returncode, 0)
        for slug in ("oak", "elm", "ash"):
            self.assert_clean(tenants, slug)
            self.assertEqual(os.readlink(tenants.output / ".hosts" / f"{slug}.sites.localhost"), f"../{slug}")

    def test_stopped_politely_it_leaves_the_site_alone(self):
        tenants = self.tenants()
        tenants.build()
        for number, sign in enumerate((signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE), start=1):
            old = tree(tenants.live("oak"))
            tenants.change("oak", number, range(40))
            process = subprocess.Popen(tenants.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(self.random.uniform(0, 0.2))
            process.send_signal(sign)
            process.wait(timeout=30)
            now = tree(tenants.live("oak"))
            if now != old:
                self.assertEqual(now, tenants.clean_tree("oak"))
            self.assert_clean(tenants)

    def test_of_builds_at_one_time_each_finishes_or_says_that_another_is_running(self):
        tenants = self.tenants()
        tenants.build()
        refused = 0
        for version in range(1, 5):
            tenants.change("oak", version, range(40))
            processes = [subprocess.Popen(tenants.command("--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
            outcomes = []
            for process in processes:
                output, errors = process.communicate(timeout=120)
                report = json.loads(output)["tenants"][0]
                outcomes.append(report["outcome"])
                self.assertEqual(process.returncode, 3 if report["outcome"] == "failed" else 0, errors)
                if report["outcome"] == "failed":
                    self.assertIn("another process", report["problem"])
                    refused += 1
            self.assertEqual(outcomes.count("built"), 1, outcomes)
            self.assertEqual(tree(tenants.live("oak")), tenants.clean_tree("oak"))
        self.assertGreater(refused, 0)
        self.assertEqual(leftovers(tenants.output, "oak"), [])

    def test_other_tenants_are_built_while_one_is_locked(self):
        tenants = self.tenants(slugs=("oak", "elm"), pages=5)
        tenants.build()
        for slug in ("oak", "elm"):
            tenants.change(slug, 1, [1])
        with open(tenants.output / ".releases" / "oak" / "lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = tenants.build("--json")
            self.assertEqual(result.returncode, 1)
            self.assertEqual([report["outcome"] for report in json.loads(result.stdout)["tenants"]], ["built", "failed"])
        self.assert_clean(tenants)

    def test_a_reader_never_sees_a_mixture_while_sites_are_published(self):
        tenants = self.tenants(pages=12)
        tenants.build()
        for version in range(1, 6):
            tenants.change("oak", version, range(12))
            process = subprocess.Popen(tenants.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            seen = set()
            while process.poll() is None:
                folder = os.path.realpath(tenants.live("oak"))
                pages = ("index.html", "es/index.html", "page3/index.html", "es/page7/index.html")
                texts = [(pathlib.Path(folder) / name).read_text() for name in pages]
                versions = {re.search("(?:Edition|Version) ([0-9]+)<", text)[1] for text in texts}
                self.assertEqual(len(versions), 1)
                seen |= versions
            self.assertLessEqual(seen, {str(version - 1), str(version)})

    # Full disks

    def assert_survives(self, tenants, old, result):
        self.assertIn(result.returncode, (1, 3), result.stdout + result.stderr)
        self.assertIn("can't be written", result.stdout + result.stderr)
        self.assertEqual(tree(tenants.live("oak")), old)

    def test_a_file_that_may_not_grow_leaves_the_last_release_live(self):
        tenants = self.tenants()
        tenants.build()
        for version, limit in enumerate((0, 1, 1000, 4096), start=1):
            old = tree(tenants.live("oak"))
            tenants.change("oak", version, range(40))

            def limited(limit=limit):
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

            # As `ulimit -f` leaves it: SIGXFSZ, which Python ignores, is given back its default for the child.
            result = tenants.build(preexec_fn=limited, restore_signals=True)
            self.assert_survives(tenants, old, result)
            self.assert_clean(tenants)

    def test_too_few_open_files_leave_the_last_release_live(self):
        tenants = self.tenants()
        tenants.build()
        old = tree(tenants.live("oak"))
        tenants.change("oak", 1, range(40))
        for limit in (6, 8, 12):

            def limited(limit=limit):
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

            result = tenants.build(preexec_fn=limited)
            if result.returncode != 0:
                self.assertEqual(tree(tenants.live("oak")), old)
        self.assert_clean(tenants)

    def test_a_full_disk_leaves_the_last_release_live(self):
        tenants = self.tenants()
        tenants.output.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "marquee-kill", str(tenants.output)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
            self.skipTest("no file system can be mounted here")
        try:
            self.assertEqual(tenants.build().returncode, 0)
            for version in range(1, 6):
                old = tree(tenants.live("oak"))
                ballast = tenants.output / "ballast"
                tenants.change("oak", version, range(40))
                free = os.statvfs(tenants.output)
                with open(ballast, "wb") as file:
                    file.write(b"x" * max(0, free.f_bavail * free.f_frsize - self.random.choice([0, 4096, 40_000, 150_000])))
                result = tenants.build()
                if result.returncode == 0:
                    self.assertEqual(tree(tenants.live("oak")), tenants.clean_tree("oak"))
                else:
                    self.assert_survives(tenants, old, result)
                ballast.unlink()
                self.assert_clean(tenants)
        finally:
            subprocess.run(["umount", str(tenants.output)], capture_output=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sitegen", nargs="?", default=os.environ.get("SITEGEN") or str(ROOT / ".build" / "debug" / "SiteGen"))
    parser.add_argument("--kills", type=int, default=OPTIONS.kills)
    parser.add_argument("--seconds", type=float, default=OPTIONS.seconds)
    parser.add_argument("--seed", type=int, default=OPTIONS.seed)
    parser.add_argument("--only", help="a part of a test's name")
    parser.parse_args(namespace=OPTIONS)
    OPTIONS.sitegen = str(pathlib.Path(OPTIONS.sitegen).resolve())
    if not os.access(OPTIONS.sitegen, os.X_OK):
        sys.exit(f"{OPTIONS.sitegen} is not a program: build it first, or name it")
    loader = unittest.TestLoader()
    if OPTIONS.only:
        loader.testNamePatterns = [f"*{OPTIONS.only}*"]
    result = unittest.TextTestRunner(verbosity=2).run(loader.loadTestsFromTestCase(KillTests))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed, {len(result.skipped)} skipped")
    sys.exit(1 if failed else 0)


main()
