#!/usr/bin/env python3
"""Ends the real server at random moments while schools are signing up, and starts it again: nothing acknowledged is lost, nothing half-made is
seen, and what was begun is finished.

    sign_up_tests.py [SITEGEN]          the server is the program SignupServer beside it; default: .build/debug

Standard library only. Takes about a minute.
"""
import hashlib
import http.client
import json
import pathlib
import random
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ROOT / ".build" / "debug" / "SignupServer"


class Platform:
    """Folders that outlive the processes, and the running process."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="marquee-sign-up-"))
        shutil.copytree(ROOT / "Content/_starter", self.folder / "content/_starter")
        self.process = None
        self.port = None
        self.starts = 0

    def start(self):
        self.starts += 1
        path = self.folder / f"log-{self.starts}"
        self.process = subprocess.Popen(
            [SERVER, "serve", "--port", "0", "--log-format", "json", "--content", self.folder / "content", "--templates", ROOT / "Templates",
             "--output", self.folder / "output", "--data", self.folder / "data"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(path, "w"))
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            for line in path.read_text().splitlines():
                if '"listening"' in line and line.endswith("}"):
                    self.port = int(json.loads(line)["port"])
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not start:\n" + path.read_text())

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def query(self, sql, *values):
        database = sqlite3.connect(self.folder / "data/platform.sqlite", timeout=20)
        try:
            with database:
                return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def add_sign_up(self, slug):
        """What the form leaves behind. Returns the token of the link in the mail."""
        token = secrets.token_urlsafe(32)
        email = f"president@{slug}.example"
        answers = {
            "organizationName": f"{slug.title()} PTSA", "kind": "PTSA", "school": "A School", "state": "WA", "email": email, "showsEmail": False,
            "slug": slug, "title": "President", "language": "en"}
        self.query(
            "INSERT INTO sign_up (id, token_hash, form, email_key, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
            str(uuid.uuid4()), hashlib.sha256(token.encode()).hexdigest(), json.dumps(answers), email, stamp(0), stamp(3600))
        return token

    def ask(self, method, path, host="localhost", body=None, cookie=None):
        """Status and content; 0 if the connection broke."""
        headers = {"Host": host, **({"Cookie": cookie} if cookie else {})}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def confirm(self, token):
        # The cookie is what the page with the button has set: with it, pressing again is not too late.
        return self.ask("POST", "/sign-up/confirm", body=f"token={token}", cookie="sign-in=" + "b" * 43)[0]

    def site(self, slug):
        return self.ask("GET", "/", host=f"{slug}.sites.localhost")


def stamp(later):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + later))


class KillTests(unittest.TestCase):
    def setUp(self):
        self.platform = Platform()
        self.addCleanup(self.platform.close)

    def test_killed_while_schools_sign_up(self):
        randomness = random.Random(4)
        platform = self.platform
        platform.start()
        acknowledged, tokens = set(), {}
        for number in range(6):
            slugs = [f"oak-{number}-{letter}" for letter in "abcd"]
            for slug in slugs:
                tokens[slug] = platform.add_sign_up(slug)
            lock = threading.Lock()

            def press(slug):
                if platform.confirm(tokens[slug]) == 303:
                    with lock:
                        acknowledged.add(slug)

            threads = [threading.Thread(target=press, args=(slug,)) for slug in slugs]
            for thread in threads:
                thread.start()
            time.sleep(randomness.uniform(0.02, 1.5))
            platform.kill()
            for thread in threads:
                thread.join()
            platform.start()
        # What was begun is finished without anybody's help.
        end = time.monotonic() + 60
        while platform.query("SELECT 1 FROM organization WHERE ready_at IS NULL") and time.monotonic() < end:
            time.sleep(0.2)
        self.assertEqual(platform.query("SELECT slug FROM organization WHERE ready_at IS NULL"), [])
        made = {slug for slug, in platform.query("SELECT slug FROM organization")}
        self.assertLessEqual(acknowledged, made)
        for slug in sorted(made):
            status, page = platform.site(slug)
            self.assertEqual(status, 200, slug)
            self.assertIn(f"{slug.title()} PTSA".encode(), page)
        # Each has one owner, and whoever got no answer gets one by pressing again.
        owners = platform.query("SELECT organization_id FROM membership WHERE role = 'owner'")
        self.assertEqual(len(owners), len(set(owners)))
        self.assertEqual(len(owners), len(made))
        for slug in sorted(set(tokens) - acknowledged):
            self.assertEqual(platform.confirm(tokens[slug]), 303, slug)
            self.assertEqual(platform.site(slug)[0], 200, slug)
        done = subprocess.run(
            [SERVER, "doctor", "--data", platform.folder / "data", "--output", platform.folder / "output"], capture_output=True, text=True,
            cwd=platform.folder, timeout=120)
        self.assertEqual((done.stdout, done.returncode), ("all is well\n", 0), done.stderr)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        SERVER = pathlib.Path(sys.argv.pop(1)).resolve().parent / "SignupServer"
    unittest.main()
