#!/usr/bin/env python3
"""Ends the real server at random moments while schools are signing up, and starts it again: nothing acknowledged is lost, nothing half-made is
seen, and what was begun is finished.

    sign_up_tests.py [SITEGEN]          the server is the program SignupServer beside it; default: .build/debug

Standard library only. Takes about a minute.
"""
import random
import sys
import threading
import time
import unittest

import running_platform
from running_platform import Platform

SERVER = running_platform.SERVER


class KillTests(unittest.TestCase):
    def setUp(self):
        self.platform = Platform(SERVER)
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
        self.assertEqual(platform.wait_until_ready(), [])
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
        self.assertEqual(platform.doctor(), ("all is well\n", 0))


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        SERVER = running_platform.server_beside(sys.argv.pop(1))
    unittest.main()
