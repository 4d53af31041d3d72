"""The real server as a process, with folders that outlive it, and what a test puts into its database instead of waiting for mail."""
import hashlib
import http.client
import json
import pathlib
import re
import secrets
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ROOT / ".build" / "debug" / "SignupServer"


def server_beside(sitegen):
    """The program SignupServer in the folder of another, as Tests/run.py names it."""
    return pathlib.Path(sitegen).resolve().parent / "SignupServer"


def stamp(later):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + later))


def digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


class Platform:
    """Folders that outlive the processes, and the running process."""

    def __init__(self, server, *flags, folder=None):
        self.server = server
        self.flags = flags
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="marquee-platform-"))
        # Neither the log nor the content is where a test fills the disk.
        self.outside = pathlib.Path(tempfile.mkdtemp(prefix="marquee-platform-")) if folder else self.folder
        shutil.copytree(ROOT / "Content/_starter", self.outside / "content/_starter")
        self.process = None
        self.port = None
        self.starts = 0

    @property
    def places(self):
        return ["--output", self.folder / "output", "--data", self.folder / "data"]

    def start(self):
        self.starts += 1
        path = self.log_path
        with open(path, "w") as log:
            self.process = subprocess.Popen(
                [self.server, "serve", "--port", "0", "--log-format", "json", "--content", self.outside / "content", "--templates", ROOT / "Templates",
                 *self.places, *self.flags],
                cwd=self.outside, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            for line in path.read_text().splitlines():
                if '"listening"' in line and line.endswith("}"):
                    self.port = int(json.loads(line)["port"])
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not start:\n" + path.read_text())

    @property
    def log_path(self):
        return self.outside / f"log-{self.starts}"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        for folder in {self.folder, self.outside}:
            shutil.rmtree(folder, ignore_errors=True)

    def doctor(self):
        """What it prints, and its exit code."""
        done = subprocess.run(
            [self.server, "doctor", *self.places], capture_output=True, text=True, cwd=self.outside, timeout=120)
        return done.stdout + done.stderr, done.returncode

    def resident(self):
        """MiB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024

    # The database

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
            str(uuid.uuid4()), digest(token), json.dumps(answers), email, stamp(0), stamp(3600))
        return token

    def add_session(self, slug):
        """The cookie of whoever signed an organization up."""
        token = secrets.token_urlsafe(32)
        [(user,)] = self.query("SELECT id FROM user WHERE email_key = ?", f"president@{slug}.example")
        self.query(
            "INSERT INTO session (id, token_hash, user_id, browser, created_at, last_used_at, expires_at) VALUES (?, ?, ?, '', ?, ?, ?)",
            str(uuid.uuid4()), digest(token), user, stamp(0), stamp(0), stamp(86400))
        return f"session={token}"

    def tenant(self, slug):
        """The organization's own folder."""
        [(organization,)] = self.query("SELECT id FROM organization WHERE slug = ?", slug)
        return self.folder / "data/tenants" / organization

    # Requests

    def ask(self, method, path, host="localhost", body=None, cookie=None, headers=None, timeout=60):
        """Status and content; 0 if the connection broke."""
        headers = {"Host": host, **({"Cookie": cookie} if cookie else {}), **(headers or {})}
        if method == "POST":
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", **headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
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

    def form_token(self):
        """Of the form of the sign-up, when it may be sent."""
        page = self.ask("GET", "/sign-up")[1].decode()
        token = re.search(r'name="form_token" value="([^"]+)"', page).group(1)
        time.sleep(3.1)
        return token

    def send_form(self, slug, token, headers=None):
        """Status and seconds."""
        fields = {
            "name": f"{slug.title()} PTSA", "kind": "PTSA", "school": "A School", "state": "WA", "address": slug, "title": "President",
            "email": f"president@{slug}.example", "primary_color": "#123456", "accent_color": "#fedcba", "form_token": token}
        begin = time.monotonic()
        status, _ = self.ask("POST", "/sign-up", body=urllib.parse.urlencode(fields), headers=headers)
        return status, time.monotonic() - begin

    def wait_until_ready(self, seconds=60):
        """Until every organization has its site."""
        end = time.monotonic() + seconds
        while self.query("SELECT 1 FROM organization WHERE ready_at IS NULL") and time.monotonic() < end:
            time.sleep(0.2)
        return [slug for slug, in self.query("SELECT slug FROM organization WHERE ready_at IS NULL")]
