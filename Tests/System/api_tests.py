#!/usr/bin/env python3
"""Asks the real server what its OpenAPI document promises, with schemathesis, and ends it at random moments while a program changes settings.

    api_tests.py [SITEGEN]          the server is the program SignupServer beside it; default: .build/debug

Needs the packages of Tests/requirements.txt. Takes about two minutes.
"""
import hashlib
import http.client
import json
import os
import pathlib
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
import uuid

import running_platform
from running_platform import Platform, stamp

SERVER = running_platform.SERVER

SCOPES = "organization:read settings:read settings:write pages:read publishes:read publishes:write"
TOKENS = 40
SECONDS = 60

CONFIGURATION = """
[checks]
# What is valid by itself can be too late (412), or no settings (422). A token that was made up (401) counts as valid; see `after_call`.
positive_data_acceptance.expected-statuses = [200, 304, 401, 412, 422]
negative_data_rejection.expected-statuses = [400, 401, 412, 415, 422, 428]
missing_required_header.expected-statuses = [428]

# Only a cursor that an answer had leads on.
[[operations]]
include-operation-id = "listPages"
checks.positive_data_acceptance.expected-statuses = [200, 400, 401]
"""

# Loaded by schemathesis. Each request has another token and comes from another network, so that the limits, which have tests of their own, are
# not met; and most changes have the ETag of the moment, without which all of them are too late.
HOOKS = '''
import itertools, os, urllib.request
import schemathesis

TOKENS = itertools.cycle(os.environ["API_TOKENS"].split())
NETWORKS = (f"10.{number // 250 % 250}.{number % 250}.7" for number in itertools.count())


@schemathesis.auth(refresh_interval=None)
class Token:
    def get(self, case, context):
        return next(TOKENS)

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers["X-Forwarded-For"] = next(NETWORKS)
    is_valid = case.meta is None or case.meta.generation.mode.is_positive
    if case.method.upper() == "PATCH" and case.operation.method.upper() == "PATCH" and is_valid and "If-Match" in case.headers:
        request = urllib.request.Request(os.environ["API_SETTINGS"], headers={
            "Authorization": f"Bearer {next(TOKENS)}", "X-Forwarded-For": next(NETWORKS)})
        with urllib.request.urlopen(request, timeout=20) as response:
            case.headers["If-Match"] = response.headers["ETag"]


@schemathesis.hook
def after_call(context, case, response):
    token = response.request.headers.get("Authorization", "").removeprefix("Bearer ")
    with open("answers", "a") as file:
        print(case.operation.label, case.method, response.status_code, token in os.environ["API_TOKENS"].split(), sep="\\t", file=file)
'''


class APITests(unittest.TestCase):
    def setUp(self):
        self.platform = Platform(SERVER)
        self.addCleanup(self.platform.close)
        self.platform.start()
        self.assertEqual(self.platform.confirm(self.platform.add_sign_up("maple")), 303)
        self.organization, = self.platform.query("SELECT id FROM organization")[0]
        self.tokens = [self.add_token() for _ in range(TOKENS)]

    def add_token(self):
        """What the page for programs leaves behind."""
        secret = secrets.token_urlsafe(32)
        self.platform.query(
            "INSERT INTO api_token (id, organization_id, token_hash, name, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            str(uuid.uuid4()), self.organization, hashlib.sha256(secret.encode()).hexdigest(), "Test", SCOPES, stamp(0), stamp(86400))
        return "mq_" + secret

    @property
    def address(self):
        return f"http://localhost:{self.platform.port}/api/v1"

    def ask(self, method, path, token, headers=None, body=None):
        """Status, headers and JSON; 0 if the connection broke."""
        request = urllib.request.Request(
            self.address + path, method=method, data=body and json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", **({"Content-Type": "application/merge-patch+json"} if body else {}), **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, response.headers, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, json.loads(error.read())
        except (OSError, ValueError, http.client.HTTPException):
            return 0, {}, None

    def test_the_server_does_what_its_document_says(self):
        with tempfile.TemporaryDirectory(prefix="marquee-api-") as folder:
            folder = pathlib.Path(folder)
            (folder / "schemathesis.toml").write_text(CONFIGURATION)
            (folder / "hooks.py").write_text(HOOKS)
            done = subprocess.run(
                [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run", f"{self.address}/openapi.json",
                 "--checks", "all", "--max-examples", "25", "--max-time", str(SECONDS), "--seed", "1", "--suppress-health-check", "all",
                 "--continue-on-failure", "--request-timeout", "20", "--no-color"],
                cwd=folder, text=True, capture_output=True, timeout=SECONDS + 120,
                env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(folder), "API_TOKENS": " ".join(self.tokens),
                     "API_SETTINGS": f"{self.address}/settings"})
            answers = [line.split("\t") for line in (folder / "answers").read_text().splitlines()]
        print(done.stdout[-3000:] if done.returncode == 0 else done.stdout[-20000:], done.stderr[-3000:])
        self.assertEqual(done.returncode, 0)
        self.assertIsNone(self.platform.process.poll())
        self.assertEqual([answer for answer in answers if answer[2] in ("401", "429") and answer[3] == "True"], [])
        # Nothing was refused as a whole.
        asked = {operation for operation, *_ in answers}
        self.assertEqual(len(asked), 6, asked)
        self.assertEqual({operation for operation, _, status, _ in answers if status == "200"}, asked)

    def test_killed_while_a_program_changes_settings_a_repeat_finds_it_done_or_does_it(self):
        randomness = random.Random(5)
        for number in range(6):
            token = self.tokens[number]
            status, headers, _ = self.ask("GET", "/settings", token)
            self.assertEqual(status, 200)
            request = {"If-Match": headers["ETag"], "Idempotency-Key": f'"{uuid.uuid4()}"'}
            change = {"tagline": f"Change {number}"}
            before = self.changes()
            thread = threading.Thread(target=self.ask, args=("PATCH", "/settings", token, request, change))
            thread.start()
            time.sleep(randomness.uniform(0, 0.4))
            self.platform.kill()
            thread.join()
            self.platform.start()
            status, headers, answer = self.ask("PATCH", "/settings", token, request, change)
            self.assertEqual((status, answer.get("status")), (200, "saved"), answer)
            again = self.ask("PATCH", "/settings", token, request, change)
            self.assertEqual(again[2], answer)
            self.assertEqual(self.ask("GET", "/settings", token)[2]["tagline"], f"Change {number}")
            self.assertEqual(self.changes(), before + 1)
            self.assertIn(f"Change {number}".encode(), self.platform.site("maple")[1], (answer, self.platform.query("SELECT problem, outcome FROM publication")))

    def changes(self):
        return self.platform.query("SELECT count(*) FROM audit_entry WHERE action = 'content.changed'")[0][0]


if __name__ == "__main__":
    os.environ["MARQUEE_TRUSTED_PROXIES"] = "127.0.0.0/8"
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        SERVER = running_platform.server_beside(sys.argv.pop(1))
    unittest.main()
