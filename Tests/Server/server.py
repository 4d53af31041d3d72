"""The real server as a process, and what a test puts into its database instead of waiting for mail."""
import hashlib
import http.client
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
        self.program = str(program)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="marquee-server-"))
        shutil.copytree(ROOT / "Content/_starter", self.folder / "content/_starter")
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

    def value(self, sql, *values):
        """The first value of the first row."""
        connection = sqlite3.connect(self.folder / "data/platform.sqlite", timeout=10)
        try:
            return connection.execute(sql, values).fetchone()[0]
        finally:
            connection.close()

    def add_user(self, email, name="", language="en"):
        user = str(uuid.uuid4())
        self.execute(
            "INSERT INTO user (id, email, email_key, name, language, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            user, email, email.lower(), name, language, stamp())
        return user

    def add_organization(self, name="Oak Street PTSA", owner=None, status="trialing"):
        """One that is ready, as far as the database knows. The id, and the path of its pages."""
        organization, slug = str(uuid.uuid4()), f"oak-{uuid.uuid4().hex[:8]}"
        self.execute(
            "INSERT INTO organization (id, name, slug, settings, subscription_status, plan, trial_ends_at, created_at, ready_at, closed_at)"
            " VALUES (?, ?, ?, '{\"timeZone\":\"America/Denver\"}', ?, 'trial', ?, ?, ?, ?)",
            organization, name, slug, status, stamp(86400 * 20), stamp(), stamp(), stamp() if status == "closed" else None)
        if owner:
            self.add_seat(organization, owner, "owner", "President")
        return organization, f"/manage/{slug}"

    def add_seat(self, organization, user, role, title="", days=None):
        """- days: until its end."""
        seat = str(uuid.uuid4())
        self.execute(
            "INSERT INTO membership (id, organization_id, user_id, role, title, starts_at, ends_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            seat, organization, user, role, title, stamp(-60), None if days is None else stamp(86400 * days), stamp())
        return seat

    def add_invitation(self, organization, email, role, title=""):
        """The token in its mail."""
        token = secrets.token_urlsafe(32)
        self.execute(
            "INSERT INTO invitation (id, token_hash, organization_id, email, email_key, role, title, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            str(uuid.uuid4()), digest(token), organization, email, email.lower(), role, title, stamp(), stamp(86400 * 14))
        return token

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

    def add_passkey(self, user, name):
        """One that nobody can use: for pages that show it."""
        key = str(uuid.uuid4())
        self.execute(
            "INSERT INTO passkey (id, user_id, credential_id, public_key, sign_count, name, created_at) VALUES (?, ?, ?, '', 0, ?, ?)",
            key, user, key, name, stamp())

    def sign_up(self, slug, email="president@maple.example"):
        """A real organization, with its repository and its site, by the button behind the link in the mail. Gives the owner's cookie `session`."""
        token = secrets.token_urlsafe(32)
        answers = {
            "organizationName": f"{slug.title()} PTSA", "kind": "PTSA", "school": "A School", "state": "WA", "email": email, "showsEmail": False,
            "slug": slug, "title": "President", "language": "en"}
        self.execute(
            "INSERT INTO sign_up (id, token_hash, form, email_key, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
            str(uuid.uuid4()), digest(token), json.dumps(answers), email, stamp(), stamp(3600))
        connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
        connection.request(
            "POST", "/sign-up/confirm", f"token={token}",
            {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Cookie": "sign-in=" + "b" * 43})
        response = connection.getresponse()
        response.read()
        cookies = [value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
        connection.close()
        assert response.status == 303, response.status
        return next(cookie.split("=", 1)[1] for cookie in cookies if cookie.startswith("session="))

    def sign_in(self, browser, user):
        self.set_cookie(browser, "session", self.add_session(user))

    def set_cookie(self, browser, name, value):
        browser.call("Network.setCookie", name=name, value=value, url=self.origin, path="/", httpOnly=True, sameSite="Lax")
