#!/usr/bin/env python3
"""What goes wrong around the real server: a full disk, mail servers that are down, slow or refusing, floods, slow clients, damaged files.

    fault_tests.py [SITEGEN]          the server is the program SignupServer beside it; default: .build/debug

Takes about a minute. The full disk is a small one of its own, which only root can make: as anybody else that test is left out, and says so.
"""
import email
import io
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile

from aiosmtpd.controller import Controller

import running_platform
from running_platform import Platform, stamp

SERVER = running_platform.SERVER


class FaultTests(unittest.TestCase):
    def running(self, *flags, folder=None):
        platform = Platform(SERVER, *flags, folder=folder)
        self.addCleanup(platform.close)
        platform.start()
        return platform

    def sign_up(self, platform, *slugs):
        for slug in slugs:
            self.assertEqual(platform.confirm(platform.add_sign_up(slug)), 303)
        self.assertEqual(platform.wait_until_ready(), [])


class DiskTests(FaultTests):
    def setUp(self):
        self.disk = pathlib.Path(tempfile.mkdtemp(prefix="marquee-disk-"))
        self.addCleanup(os.rmdir, self.disk)
        mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "marquee-test", str(self.disk)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
            print("\nNOT TESTED: a full disk. It needs the right to mount one.", file=sys.stderr)
            self.skipTest("no right to mount a small disk")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(self.disk)], check=True)

    def fill(self, spare):
        """All but some kibibytes."""
        with open(self.disk / "filler", "wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1 << 9):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    pass
            file.truncate(file.tell() - (spare << 10))

    def test_what_is_acknowledged_on_a_full_disk_is_kept_and_all_goes_on_when_there_is_room(self):
        platform = self.running(folder=self.disk)
        self.sign_up(platform, "oak")
        owner = platform.add_session("oak")
        form_token = platform.form_token()
        acknowledged, refused = set(), set()
        # The last one has room for what the platform notes, and none for all that belongs to a school.
        for spare, slugs in {0: ("ash", "birch"), 64: ("cedar", "elm"), 400: ("maple", "pine")}.items():
            tokens = {slug: platform.add_sign_up(slug) for slug in slugs}
            asked = [f"{slug}-wood" for slug in slugs]
            self.fill(spare)
            pressed = {
                slug: platform.ask("POST", "/sign-up/confirm", body=f"token={token}", cookie="sign-in=" + "b" * 43) for slug, token in tokens.items()}
            asked = {slug: platform.send_form(slug, form_token)[0] for slug in asked}
            # Each is done, or refused with a page that says what it is.
            self.assertLessEqual({status for status, _ in pressed.values()} | set(asked.values()), {303, 503})
            for slug, (status, page) in pressed.items():
                if status == 503:
                    self.assertIn(b"Nothing was changed", page, slug)
            if spare == 0:
                status, page = platform.ask("POST", "/manage/oak/export", cookie=owner)
                self.assertEqual(status, 503)
                self.assertIn(b"Nothing was changed", page)
            self.assertEqual(platform.site("oak")[0], 200)
            self.assertEqual(platform.ask("GET", "/manage/oak", cookie=owner)[0], 200)
            self.assertEqual(platform.ask("GET", "/health")[0], 200)
            os.unlink(self.disk / "filler")
            done = {slug for slug, (status, _) in pressed.items() if status == 303}
            self.assertLessEqual(done, {slug for slug, in platform.query("SELECT slug FROM organization")})
            for slug, status in asked.items():
                self.assertEqual(len(platform.query("SELECT 1 FROM sign_up WHERE email_key = ?", f"president@{slug}.example")), status == 303, slug)
            acknowledged |= done
            refused |= set(slugs) - done
            # Without a restart: who was refused presses again.
            for slug in set(slugs) - done:
                self.assertEqual(platform.confirm(tokens[slug]), 303, slug)
        # What was begun is finished by itself. Both ways were gone.
        self.assertEqual(platform.wait_until_ready(), [])
        for slug in acknowledged | refused:
            self.assertEqual(platform.site(slug)[0], 200, slug)
        self.assertTrue(acknowledged and refused, (acknowledged, refused))
        self.assertEqual(platform.ask("POST", "/manage/oak/export", cookie=owner)[0], 200)
        self.assertEqual(platform.doctor(), ("all is well\n", 0))


class PostOffice:
    """Takes mails, or not."""

    def __init__(self):
        self.answer = "250 OK"
        self.mails = []
        self.refused = 0

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.mails.append((envelope.rcpt_tos[0], email.message_from_bytes(envelope.content)["Message-ID"]))
        else:
            self.refused += 1
        return self.answer


class SlowOffice:
    """Accepts, and never says a word."""

    def __init__(self, port):
        self.listener = socket.create_server(("127.0.0.1", port), backlog=50)
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                self.connections.append(self.listener.accept()[0])
            except OSError:
                return

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            connection.close()


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


class MailTests(FaultTests):
    def test_the_mail_server_may_be_down_slow_or_refusing(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        platform = self.running("--mail-transport", "smtp", "--mail-smtp-url", f"smtp://127.0.0.1:{port}", "--mail-smtp-tls", "none")
        token = platform.form_token()
        sent = []

        def ask(slug):
            status, seconds = platform.send_form(slug, token)
            self.assertEqual(status, 303, slug)
            # Nobody waits for a mail server.
            self.assertLess(seconds, 2, slug)
            sent.append(f"president@{slug}.example")

        # Down.
        ask("ash")
        self.assertTrue(wait_for(lambda: platform.query("SELECT 1 FROM job WHERE kind = 'mail' AND problem IS NOT NULL")))

        slow = SlowOffice(port)
        for slug in ("birch", "cedar", "elm", "fir", "holly", "larch"):
            ask(slug)
        self.assertTrue(wait_for(lambda: slow.connections))
        self.assertEqual(platform.ask("GET", "/", timeout=2)[0], 200)
        slow.stop()

        office = PostOffice()
        controller = Controller(office, hostname="127.0.0.1", port=port)
        office.answer = "451 4.3.0 Try again later"
        controller.start()
        self.addCleanup(lambda: controller.stop(no_assert=True))
        ask("maple")
        self.assertTrue(wait_for(lambda: office.refused))
        # For good: the operator finds it, with the reason, and nobody else's waits for it.
        self.assertTrue(wait_for(lambda: not platform.query("SELECT 1 FROM job WHERE kind = 'mail' AND (state = 'running' OR run_at <= ?)", stamp(0))))
        office.answer = "550 5.7.1 Not here"
        ask("oak")
        sent.remove("president@oak.example")
        self.assertTrue(wait_for(lambda: platform.query("SELECT 1 FROM job WHERE state = 'dead'")))
        [(problem,)] = platform.query("SELECT problem FROM job WHERE state = 'dead'")
        self.assertIn("550", problem)
        self.assertNotIn("@", problem)

        # Well again: what has waited arrives, each mail once. Their next attempts are minutes away; here they are now.
        office.answer = "250 OK"
        platform.query("UPDATE job SET run_at = ? WHERE kind = 'mail' AND state = 'waiting'", stamp(-1))
        ask("pine")
        wait_for(lambda: len(office.mails) >= len(sent))
        self.assertEqual(sorted(to for to, _ in office.mails), sorted(sent))
        self.assertEqual(len({name for _, name in office.mails}), len(sent))
        self.assertEqual(platform.query("SELECT state FROM job WHERE kind = 'mail'"), [("dead",)])


class FloodTests(FaultTests):
    def test_a_thousand_forms_from_one_address(self):
        platform = self.running("--trusted-proxies", "127.0.0.1")
        token = platform.form_token()
        before = platform.resident()
        statuses, lock = [], threading.Lock()

        def flood(number):
            for index in range(125):
                status, _ = platform.send_form(f"flood-{number}-{index}-x", token, {"X-Forwarded-For": "198.51.100.7"})
                with lock:
                    statuses.append(status)

        threads = [threading.Thread(target=flood, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        others = []
        for index, slug in enumerate(("ash", "birch", "cedar")):
            others.append(platform.send_form(slug, token, {"X-Forwarded-For": f"203.0.{index}.9"}))
            time.sleep(0.3)
        for thread in threads:
            thread.join()
        self.assertEqual(len(statuses), 1000)
        # Twenty are anybody's, a hundred may do some work first, and the rest is too much.
        self.assertEqual({status: statuses.count(status) for status in set(statuses)}, {303: 20, 200: 100, 429: 880})
        for status, seconds in others:
            self.assertEqual(status, 303)
            self.assertLess(seconds, 3)
        self.assertEqual(len(platform.query("SELECT 1 FROM sign_up")), 23)
        self.assertLess(platform.resident() - before, 60)

    def test_slow_clients_keep_nobody_waiting(self):
        platform = self.running()
        self.sign_up(platform, "oak")
        slow = []
        for number in range(200):
            connection = socket.create_connection(("127.0.0.1", platform.port))
            self.addCleanup(connection.close)
            slow.append(connection)
            # Half of a head, half of a body, or an answer that is not read.
            connection.sendall([
                b"GET / HTTP/1.1\r\nHost: oak.si", b"POST /sign-up HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\nname=",
                b"GET / HTTP/1.1\r\nHost: oak.sites.localhost\r\n\r\n" * 20][number % 3])
        for _ in range(10):
            begin = time.monotonic()
            self.assertEqual(platform.site("oak")[0], 200)
            self.assertEqual(platform.ask("GET", "/sign-up")[0], 200)
            self.assertLess(time.monotonic() - begin, 2)
            for connection in slow:
                try:
                    connection.send(b"a")
                except OSError:
                    pass
        self.assertLess(platform.resident(), 300)


class DamageTests(FaultTests):
    def test_one_organizations_damaged_files_are_its_own_trouble(self):
        platform = self.running()
        self.sign_up(platform, "ash", "elm", "oak")
        owners = {slug: platform.add_session(slug) for slug in ("ash", "elm", "oak")}
        (platform.tenant("ash") / "tenant.sqlite").write_bytes(os.urandom(100_000))
        for suffix in ("-wal", "-shm"):
            (platform.tenant("ash") / f"tenant.sqlite{suffix}").unlink(missing_ok=True)
        objects = platform.tenant("elm") / "repository.git/objects"
        for pack in [*objects.glob("pack/*.pack"), *objects.glob("??/*")]:
            pack.chmod(0o644)
            pack.write_bytes(os.urandom(pack.stat().st_size))

        # Large enough to be sent in pieces.
        picture = os.urandom(1 << 20)
        subprocess.run(
            ["git", "--git-dir", platform.tenant("oak") / "repository.git", "fast-import", "--quiet"], check=True,
            input=b"commit refs/heads/main\ncommitter A <a@oak.example> 1800000000 +0000\ndata 0\nfrom refs/heads/main^0\n"
            b"M 100644 inline fair.bin\ndata %d\n%s\n" % (len(picture), picture))

        def look():
            status, page = platform.ask("GET", "/manage/ash", cookie=owners["ash"])
            self.assertEqual(status, 503)
            self.assertIn(b"can\xe2\x80\x99t be read right now", page)
            self.assertNotIn(b"sqlite", page)
            self.assertEqual(platform.ask("POST", "/manage/elm/export", cookie=owners["elm"])[0], 503)
            # The neighbours notice nothing, and parents don't either.
            self.assertEqual(platform.ask("GET", "/manage/oak", cookie=owners["oak"])[0], 200)
            status, archive = platform.ask("POST", "/manage/oak/export", cookie=owners["oak"])
            self.assertEqual(status, 200)
            archive = zipfile.ZipFile(io.BytesIO(archive))
            self.assertIsNone(archive.testzip())
            self.assertEqual(archive.read("oak/site/fair.bin"), picture)
            for slug in owners:
                self.assertEqual(platform.site(slug)[0], 200, slug)

        look()
        platform.kill()
        platform.start()
        self.assertTrue(wait_for(lambda: platform.ask("GET", "/ready")[0] == 200))
        look()
        self.sign_up(platform, "pine")
        self.assertEqual(platform.site("pine")[0], 200)
        problems, code = platform.doctor()
        self.assertEqual(code, 1)
        self.assertEqual({line.split(":")[0] for line in problems.splitlines() if re.match(r"[a-z]+: ", line)}, {"ash", "elm"}, problems)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        SERVER = running_platform.server_beside(sys.argv.pop(1))
    unittest.main()
