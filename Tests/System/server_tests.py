#!/usr/bin/env python3
"""Starts the real server as a process of its own: what it needs to start, what it says, and how it stops.

    server_tests.py [SITEGEN]          the server is the program SignupServer beside it; default: .build/debug

Standard library only. Takes about half a minute.
"""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ROOT / ".build" / "debug" / "SignupServer"


class Server:
    """A running server with the site `oak`, in folders of its own."""

    def __init__(self, folder, *flags, environment=None):
        self.folder = pathlib.Path(folder)
        content = self.folder / "content" / "oak"
        content.mkdir(parents=True, exist_ok=True)
        (content / "site.yaml").write_text("name: Oak School PTSA\ntimezone: America/Los_Angeles\n")
        (content / "index.md").write_text("# Welcome\n\nOak is here.\n")
        self.process = subprocess.Popen(
            command(folder, "--port", "0", "--log-format", "json", *flags), cwd=folder, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**clean_environment(), **(environment or {})})
        self.port = None
        self.log = []
        # The log tells the port. Standard error ends with the process.
        for line in self.process.stderr:
            self.log.append(line)
            entry = json.loads(line)
            if entry["message"] == "listening":
                self.port = int(entry["port"])
                break

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=10)
        self.process.stdout.close()
        self.process.stderr.close()

    def get(self, path, host="localhost"):
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return receive(connection)

    def wait_until_ready(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.get("/ready").startswith(b"HTTP/1.1 200"):
                return
            time.sleep(0.1)
        raise AssertionError("not ready after 60 s")

    def stop(self, number=signal.SIGTERM, timeout=30):
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=timeout)
        self.log += rest.splitlines(keepends=True)
        return self.process.returncode


def command(folder, *flags):
    folder = pathlib.Path(folder)
    return [
        str(SERVER), "--content", str(folder / "content"), "--templates", str(ROOT / "Templates"), "--output", str(folder / "output"),
        "--data", str(folder / "data"), *flags,
    ]


def clean_environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("MARQUEE_")}


def receive(connection):
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


class ServerTests(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="marquee-server-")
        self.addCleanup(self.temporary.cleanup)
        self.folder = self.temporary.name

    def run_server(self, *flags, environment=None):
        return subprocess.run(
            [str(SERVER), *flags], cwd=self.folder, text=True, capture_output=True, timeout=30,
            env={**clean_environment(), **(environment or {})})

    def test_it_builds_serves_and_stops_with_code_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Server(self.folder) as server:
                server.wait_until_ready()
                page = server.get("/", host="oak.sites.localhost")
                self.assertTrue(page.startswith(b"HTTP/1.1 200"), page[:100])
                self.assertIn(b"Oak is here.", page)
                self.assertTrue(server.get("/", host="elm.sites.localhost").startswith(b"HTTP/1.1 404"))
                self.assertEqual(server.stop(number), 0)
                messages = [json.loads(line)["message"] for line in server.log]
                self.assertIn("stopping", messages)
        # What is in the folder of the databases is nobody else's business.
        self.assertEqual(os.stat(pathlib.Path(self.folder) / "data").st_mode & 0o777, 0o700)

    def test_a_download_under_way_is_finished_when_the_server_is_stopped(self):
        with Server(self.folder) as server:
            server.wait_until_ready()
            # Put into the release by hand: larger than what the sockets' buffers hold.
            release = next((pathlib.Path(self.folder) / "output" / ".releases" / "oak").glob("0*/index.html")).parent
            (release / "large.bin").write_bytes(b"x" * (32 << 20))
            with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
                connection.sendall(b"GET /large.bin HTTP/1.1\r\nHost: oak.sites.localhost\r\n\r\n")
                begin = connection.recv(1000)
                server.process.send_signal(signal.SIGTERM)
                time.sleep(0.5)
                self.assertIsNone(server.process.poll())
                with self.assertRaises(OSError):
                    socket.create_connection(("127.0.0.1", server.port), timeout=5).close()
                answer = begin + receive(connection)
            self.assertEqual(len(answer.split(b"\r\n\r\n", 1)[1]), 32 << 20)
            self.assertEqual(server.process.wait(timeout=30), 0)

    def test_a_reader_that_never_ends_is_cut_off_after_the_grace_time(self):
        with Server(self.folder, "--shutdown-seconds", "1") as server:
            server.wait_until_ready()
            release = next((pathlib.Path(self.folder) / "output" / ".releases" / "oak").glob("0*/index.html")).parent
            (release / "large.bin").write_bytes(b"x" * (32 << 20))
            with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
                connection.sendall(b"GET /large.bin HTTP/1.1\r\nHost: oak.sites.localhost\r\n\r\n")
                connection.recv(1000)
                begin = time.monotonic()
                self.assertEqual(server.stop(), 0)
                self.assertLess(time.monotonic() - begin, 10)

    def test_killed_it_starts_again_with_what_was_live(self):
        with Server(self.folder) as server:
            server.wait_until_ready()
            server.process.kill()
            server.process.wait(timeout=10)
        with Server(self.folder) as server:
            self.assertIn(b"Oak is here.", server.get("/", host="oak.sites.localhost"))
            server.wait_until_ready()
            self.assertEqual(server.stop(), 0)

    def test_wrong_settings_stop_the_start_and_are_told_all_at_once(self):
        result = self.run_server("--port", "x", "--prt", "80", environment={"MARQUEE_LOG_LEVEL": "loud", "MARQUEE_METRICS_TOKEN": "s3cret"})
        self.assertEqual(result.returncode, 2)
        self.assertEqual(len(result.stderr.splitlines()), 4, result.stderr)
        self.assertIn("--prt: there is no such setting: did you mean --port?", result.stderr)
        self.assertIn("MARQUEE_LOG_LEVEL is `loud`: write trace, debug", result.stderr)
        self.assertNotIn("s3cret", result.stderr)
        self.assertNotIn("Fatal error", result.stderr)

    def test_a_folder_that_is_missing_is_told(self):
        result = self.run_server("--port", "0")
        self.assertEqual(result.returncode, 2)
        self.assertIn("content is `Content`: it can't be read: No such file or directory", result.stderr)
        self.assertIn("templates is `Templates`: it can't be read", result.stderr)

    def test_a_port_in_use_is_told(self):
        with Server(self.folder) as server:
            other = subprocess.run(
                command(self.folder, "--port", str(server.port)), cwd=self.folder, text=True, capture_output=True, timeout=60, env=clean_environment())
            self.assertEqual(other.returncode, 1)
            self.assertIn(f"Port {server.port} is in use", other.stderr)

    def test_config_lists_every_setting_and_shows_no_secret(self):
        result = self.run_server("config", "--port", "81", environment={"MARQUEE_METRICS_TOKEN": "s3cret" * 5})
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"(?m)^port = 81$")
        self.assertRegex(result.stdout, r"(?m)^metrics_token = \(secret\)$")
        self.assertNotIn("s3cret", result.stdout)
        self.assertEqual(len(re.findall(r"(?m)^[a-z_.]+ = ", result.stdout)), 36)


def main():
    global SERVER
    if len(sys.argv) > 1:
        SERVER = pathlib.Path(sys.argv[1]).resolve().parent / "SignupServer"
    if not os.access(SERVER, os.X_OK):
        sys.exit(f"{SERVER} is not a program: build it first")
    result = unittest.TextTestRunner(verbosity=2).run(unittest.TestLoader().loadTestsFromTestCase(ServerTests))
    sys.exit(0 if result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
