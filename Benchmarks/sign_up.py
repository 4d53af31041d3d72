#!/usr/bin/env python3
"""Measures how long it takes from the click that confirms a sign-up to the school's live site, twenty at once; and how much memory the server
holds when a thousand have signed up and nobody does anything.

  sign_up.py [--server FILE] [--rounds N] [--at-once N] [--organizations N]

Each of them is a whole organization: database, git repository, first release, all of it on the disk before the answer. The clients run on the
same processors. Wanted: the 95th percentile below one second; at most 120 MiB.
"""
import argparse
import hashlib
import http.client
import json
import pathlib
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from statistics import median, quantiles

ROOT = pathlib.Path(__file__).resolve().parents[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", default=str(ROOT / ".build" / "release" / "SignupServer"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--organizations", type=int, default=1000, help="so many there are when the memory is measured; 0 to leave that out")
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="benchmark-sign-up-"))
    shutil.copytree(ROOT / "Content/_starter", work / "content/_starter")
    server = start(work, options)
    try:
        port = wait_for_port(work / "log", server)
        seconds = []
        for number in range(options.rounds):
            seconds += one_round(work, port, number, options.at_once)
            time.sleep(1)
        show(seconds, options)
        if options.organizations:
            for number in range(options.rounds, -(-options.organizations // options.at_once)):
                one_round(work, port, number, options.at_once)
            # As it is after a night: it has looked after every site once.
            stop(server)
            server = start(work, options)
            port = wait_for_port(work / "log", server)
            while ask(port, "GET", "/ready", "localhost")[0] != 200:
                time.sleep(0.2)
            time.sleep(10)
            show_memory(resident(server.pid), options)
    finally:
        stop(server)
        shutil.rmtree(work, ignore_errors=True)


def start(work, options):
    return subprocess.Popen(
        [options.server, "serve", "--port", "0", "--log-format", "json", "--content", work / "content", "--templates", ROOT / "Templates",
         "--output", work / "output", "--data", work / "data"], stdout=subprocess.DEVNULL, stderr=open(work / "log", "w"))


def stop(server):
    server.terminate()
    server.wait(timeout=60)


def resident(process):
    """MiB."""
    text = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def wait_for_port(log, server):
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        for line in log.read_text().splitlines():
            if '"listening"' in line:
                return int(json.loads(line)["port"])
        time.sleep(0.1)
    sys.exit("the server does not start:\n" + log.read_text())


def add_sign_up(database, slug):
    """What the form leaves behind. Returns the token of the link in the mail."""
    token = secrets.token_urlsafe(32)
    email = f"president@{slug}.example"
    answers = {
        "organizationName": f"{slug.title()} PTSA", "kind": "PTSA", "school": f"{slug.title()} School", "state": "WA", "email": email,
        "showsEmail": False, "slug": slug, "title": "President", "language": "en"}
    stamp = lambda later: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + later))
    database.execute(
        "INSERT INTO sign_up (id, token_hash, form, email_key, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        (str(uuid.uuid4()), hashlib.sha256(token.encode()).hexdigest(), json.dumps(answers), email, stamp(0), stamp(3600)))
    return token


def one_round(work, port, number, count):
    database = sqlite3.connect(work / "data/platform.sqlite", timeout=20)
    slugs = [f"school-{number}-{index}-x" for index in range(count)]
    with database:
        tokens = {slug: add_sign_up(database, slug) for slug in slugs}
    database.close()
    results, start = [], threading.Barrier(count)
    threads = [threading.Thread(target=confirm, args=(port, slug, tokens[slug], start, results)) for slug in slugs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(results) != count:
        sys.exit(f"only {len(results)} of {count} sites are live:\n" + (work / "log").read_text()[-2000:])
    return results


def confirm(port, slug, token, start, results):
    start.wait()
    begin = time.monotonic()
    status, _ = ask(port, "POST", "/sign-up/confirm", "localhost", f"token={token}")
    if status == 303:
        status, body = ask(port, "GET", "/", f"{slug}.sites.localhost")
        if status == 200 and slug.title().encode() in body:
            results.append(time.monotonic() - begin)


def ask(port, method, path, host, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": host}
    if body:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


def show(seconds, options):
    percentile = quantiles(seconds, n=20)[-1]
    print(f"From the click to the live site, {options.at_once} at once, {len(seconds)} in all:")
    print(f"  median {median(seconds):.2f} s, 95th percentile {percentile:.2f} s (wanted: below 1 s), longest {max(seconds):.2f} s")


def show_memory(memory, options):
    print(f"With {options.organizations} organizations and nothing to do it holds {memory:.0f} MiB; wanted: at most 120: {'yes' if memory <= 120 else 'NO'}")


if __name__ == "__main__":
    main()
