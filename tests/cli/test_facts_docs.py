from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lean_core.debt.trigger import ALWAYS
from tests.cli.checkpoint_workspace import NOW, answer_all, make
from tests.http_stub import Answer, http_stub

DOCS = (Path(__file__).parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")
DOCUMENTED = re.findall(r"^\| `([^`]+)` \|", DOCS, flags=re.MULTILINE)
SIGNAL = """
[telemetry.api]
kind = "http"
url = "{address}/health"
[signals.health]
source = "api"
expression = "status"
class = "errors"
model = "churn"
max = 299
"""
ONLY_IN_TRIGGERS = {*ALWAYS, 'dep("PACKAGE")'}


@pytest.fixture
def names(tmp_path: Path, call, clock) -> set[str]:
    """Return the names of all facts of a workspace that has something of everything."""
    clock.time = NOW
    with http_stub(lambda _: Answer(body=b'{"version": "12"}')) as address:
        folder = make(tmp_path / "startup", address=address)
        answer_all(call, folder)
        with (folder / "lean.toml").open("a", encoding="utf-8") as settings:
            settings.write(SIGNAL.format(address=address))
        call("signals", cwd=folder)
        assert call("beat", "nightly", "--every", "1d", cwd=folder).returncode == 0
        call("claim", "credits.ends", "As the contract says", "--value", "2026-06-30", cwd=folder)
        return {fact["name"] for fact in json.loads(call("facts", "--json", cwd=folder).stdout)}


def pattern(documented: str) -> str:
    return re.sub(r"ENV|MODEL|JOB|SIGNAL", r"""(?:[\\w-]+|"[^"]+")""", re.escape(documented))


def test_every_fact_is_documented_and_no_other(names: set[str]):
    assert {"prod.churn.observed_as_declared", "jobs.nightly.state", "credits.days_left"} <= names
    matched = {
        documented: {name for name in names if re.fullmatch(pattern(documented), name)} for documented in DOCUMENTED
    }
    assert names - set().union(*matched.values()) == set()
    assert {documented for documented, found in matched.items() if not found} == ONLY_IN_TRIGGERS
