"""`SiteGen check` on the sample content, which should be an example to others."""
import json
import subprocess

import sites
from conftest import NOW, ROOT

# The bilingual school shows what a translation looks like whose original has changed since.
SHOWN_ON_PURPOSE = {("solana", "translation-outdated")}


def test_the_sample_content_gives_no_cause_for_a_warning(pytestconfig):
    command = [pytestconfig.getoption("--site-gen"), "check", "--json", "--now", NOW, "--content", ROOT / "Content", "--templates", ROOT / "Templates"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    result = json.loads(done.stdout)
    assert {tenant["tenant"] for tenant in result["tenants"]} >= set(sites.SAMPLES)
    findings = [
        (tenant["tenant"], finding["rule"], f"{finding['path']}:{finding['line']}: {finding['problem']}")
        for tenant in result["tenants"] for finding in tenant["findings"] if finding["severity"] != "advice"
    ]
    assert not [finding for finding in findings if finding[:2] not in SHOWN_ON_PURPOSE]
