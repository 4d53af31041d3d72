"""The real server as a process, and what a test puts into its database instead of waiting for mail."""
import hashlib
import json
import pathlib
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]


def stamp(seconds=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


class Server:
    """Without sites: these tests are about the platform's own pages."""

    def __init__(self, program):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="marquee-server-"))
        (self.folder / "content").mkdir()
        self.log = open(self.folder / "log", "w+")
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", "--log-format", "json", "--content", self.folder / "content", "--templates", ROOT / "Templates",
             "--output", self.folder / "output", "--data", self.folder / "data"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log)
        self.port = None
        try:
            self.wait_for_port()
        except BaseException:
            self.stop()
            raise
        self.origin = f"http://localhost:{self.port}"

    def wait_for_port(self):
        end = time.monotonic() + 30
        while self.port is None:
            for line in (self.folder / "log").read_text().splitlines():
                entry = json.loads(line) if line.startswith("{") and line.endswith("}") else {}
                if entry.get("message") == "listening":
                    self.port = int(entry["port"])
            if self.port is None and (self.process.poll() is not None or time.monotonic() > end):
                raise RuntimeError("the server does not start:\n" + (self.folder / "log").read_text())
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def execute(self, sql, *values):
        connection = sqlite3.connect(self.folder / "data/platform.sqlite", timeout=10)
        try:
            with connection:
                connection.execute(sql, values)
        finally:
            connection.close()

    def add_user(self, email, name="", language="en"):
        user = str(uuid.uuid4())
        self.execute(
            "INSERT INTO user (id, email, email_key, name, language, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            user, email, email.lower(), name, language, stamp())
        return user

    def add_organization(self, owner, name="Maple Street PTA"):
        """Its slug. It has an owner, an entry in its log, and no site."""
        organization, slug = str(uuid.uuid4()), "maple-" + secrets.token_hex(4)
        self.execute(
            "INSERT INTO organization (id, name, slug, subscription_status, plan, trial_ends_at, created_at) VALUES (?, ?, ?, 'trialing', 'trial', ?, ?)",
            organization, name, slug, stamp(86400 * 30), stamp())
        self.execute(
            "INSERT INTO membership (id, organization_id, user_id, role, title, starts_at, created_at) VALUES (?, ?, ?, 'owner', 'President', ?, ?)",
            str(uuid.uuid4()), organization, owner, stamp(-60), stamp())
        self.execute(
            "INSERT INTO audit_entry (organization_id, number, at, actor_kind, actor_id, action, subject, details, hash)"
            " VALUES (?, 1, ?, 'user', ?, 'content.changed', '', '{\"summary\":\"Change the colors\"}', ?)",
            organization, stamp(), owner, "0" * 64)
        return slug

    def add_session(self, user, browser="Firefox, Windows", days_ago=0):
        """The token that the cookie `session` holds."""
        token = secrets.token_urlsafe(32)
        self.execute(
            "INSERT INTO session (id, token_hash, user_id, browser, created_at, last_used_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            str(uuid.uuid4()), digest(token), user, browser, stamp(-86400 * days_ago), stamp(-86400 * days_ago), stamp(86400))
        return token

    def add_link(self, email, browser_token):
        """The token of a link in a mail, for the browser whose cookie `sign-in` holds `browser_token`."""
        token = secrets.token_urlsafe(32)
        self.execute(
            "INSERT INTO sign_in_token (id, token_hash, code_digest, email_key, browser_hash, return_path, created_at, expires_at)"
            " VALUES (?, ?, '', ?, ?, '/account', ?, ?)",
            str(uuid.uuid4()), digest(token), email, digest(browser_token), stamp(), stamp(600))
        return token

    def sign_in(self, browser, user):
        self.set_cookie(browser, "session", self.add_session(user))

    def set_cookie(self, browser, name, value):
        browser.call("Network.setCookie", name=name, value=value, url=self.origin, path="/", httpOnly=True, sameSite="Lax")
