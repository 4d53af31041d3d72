#!/usr/bin/env python3
"""Runs every test of the repository and says how it went. `make test` calls it, in the environment that has what is needed.

    .venv/bin/python Tests/run.py [STEP...]

Without steps, all run, one after another; a step that fails does not stop those that do not need it. The last line is
`N passed, N failed`, over all steps; the exit code is 0 if nothing failed.
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
TESTS = ROOT / "Tests"
SITEGEN = ROOT / ".build/debug/SiteGen"
# A step that takes longer hangs.
LONGEST = 30 * 60
# These wait for other processes, for disks, full ones among them, and for sockets. Tests that compute would keep them from all threads.
WAITING = ["DatabaseTests", "RepositoriesTests", "MailTests", "SignupServerTests"]
NOT_A_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def steps():
    """Name, command, what counts its tests, and the step that must have passed before."""
    javascript = sorted(str(path.relative_to(ROOT)) for path in (TESTS / "JavaScript").glob("*.test.mjs"))
    python = [sys.executable, "-B"]
    yield "format", ["swift", "format", "lint", "--strict", "--recursive", "--parallel", "Package.swift", "Sources", "Tests"], count_one, None
    yield "build", ["swift", "build", "--build-tests"], count_one, None
    yield "swift", ["swift", "test", "--skip-build", *(word for name in WAITING for word in ("--skip", name))], count_swift, "build"
    for name in WAITING:
        # Hundreds of servers at once would only wait for each other.
        order = ["--no-parallel"] if name == "SignupServerTests" else []
        yield f"swift {name}", ["swift", "test", "--skip-build", *order, "--filter", name], count_swift, "build"
    yield "javascript", ["node", "--test", "--test-reporter=tap", *javascript], count_node, None
    yield "strings", [*python, "Tests/Python/check_strings.py"], count_one, None
    yield "pages", [*python, "-m", "pytest", "Tests/Browser", "-q", "-n", "2", "-p", "no:cacheprovider", "--color=no"], count_pytest, "build"
    yield "server pages", [*python, "-m", "pytest", "Tests/Server", "-q", "-n", "2", "-p", "no:cacheprovider", "--color=no"], count_pytest, "build"
    for script in sorted((TESTS / "System").glob("*_tests.py")):
        yield script.stem.replace("_", " "), [*python, str(script.relative_to(ROOT)), str(SITEGEN)], count_unittest, "build"
    # What `make run` builds. The optimizer reads a module as a whole, and so refuses what a debug build takes.
    yield "release build", ["env", "-u", "CI", "make", "build"], count_one, None


# Each takes a step's output and gives how many of its tests passed and failed; None if it says nothing of tests.

def count_one(text):
    return None


def count_swift(text):
    """Swift Testing's closing line has all tests; those that failed have a line each."""
    closing = re.findall(r"^\W*Test run with (\d+) tests?\b.* (passed|failed) after", text, re.M)
    if not closing:
        return None
    total = sum(int(number) for number, _ in closing)
    failed = len(re.findall(r"^\W*Test (?!run with).+ failed after", text, re.M))
    return total - failed, failed


def count_node(text):
    numbers = dict(re.findall(r"^# (pass|fail) (\d+)$", text, re.M))
    return (int(numbers["pass"]), int(numbers["fail"])) if len(numbers) == 2 else None


def count_pytest(text):
    lines = [line for line in text.splitlines() if re.search(r"\d+ (passed|failed|errors?)\b.* in [\d.]+s", line)]
    if not lines:
        return None
    numbers = {word.rstrip("s"): int(number) for number, word in re.findall(r"(\d+) (\w+)", lines[-1])}
    return numbers.get("passed", 0), numbers.get("failed", 0) + numbers.get("error", 0)


def count_unittest(text):
    ran = re.findall(r"^Ran (\d+) tests? in", text, re.M)
    if not ran:
        return None
    numbers = dict(re.findall(r"(failures|errors|skipped)=(\d+)", (re.findall(r"^(?:OK|FAILED) \((.*)\)", text, re.M) or [""])[-1]))
    failed = int(numbers.get("failures", 0)) + int(numbers.get("errors", 0))
    return int(ran[-1]) - failed - int(numbers.get("skipped", 0)), failed


def run(command):
    """Runs a command, shows what it says, and gives its exit code and that text. Nothing that it started is left running."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, start_new_session=True)
    # The group has the process's number, also after the process has ended.
    signal.signal(signal.SIGALRM, lambda *_: stop(process.pid))
    signal.alarm(LONGEST)
    lines = []
    try:
        for line in process.stdout:
            # Marked, so that only our own last line looks like one.
            print("| " + line, end="", flush=True)
            lines.append(line)
        return process.wait(), NOT_A_COLOUR.sub("", "".join(lines))
    finally:
        signal.alarm(0)
        stop(process.pid)


def stop(group):
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def main(wanted):
    known = list(steps())
    unknown = set(wanted) - {name for name, *_ in known}
    if unknown:
        sys.exit(f"there is no step {', '.join(sorted(unknown))}: take some of {', '.join(name for name, *_ in known)}")
    # Asked to stop, it stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    passed, failed, broken = 0, 0, []
    start = time.monotonic()
    for name, command, count, needed in known:
        if wanted and name not in wanted:
            continue
        print(f"\n== {name}", flush=True)
        if needed in broken:
            print(f"not run, because {needed} failed")
            failed += 1
            broken.append(name)
            continue
        begin = time.monotonic()
        code, text = run(command)
        good, bad = count(text) or (0, 0)
        # A step without tests of its own is one test. One that fails has at least one failure, whatever it counted; one that ends well
        # but has run nothing has failed.
        if count is count_one:
            good, bad = (1, 0) if code == 0 else (0, 1)
        elif good == 0 or code != 0:
            bad = max(bad, 1)
        passed, failed = passed + good, failed + bad
        if bad:
            broken.append(name)
        print(f"-- {name}: {good} passed, {bad} failed in {time.monotonic() - begin:.1f} s", flush=True)
    print(f"\n{'failed: ' + ', '.join(broken) if broken else 'all is well'}, {time.monotonic() - start:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
