from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.checkpoint_workspace import NOW, answer_all, make


@pytest.fixture
def folder(tmp_path: Path, call, clock) -> Path:
    clock.time = NOW
    folder = make(tmp_path / "startup")
    answer_all(call, folder)
    return folder


def facts(done) -> dict[str, dict]:
    assert done.returncode == 0, done.stderr
    return {each["name"]: each for each in json.loads(done.stdout)}


def test_json_has_every_fact_with_its_evidence(call, folder: Path):
    known = facts(call("facts", "--json", cwd=folder))
    assert list(known) == sorted(known)
    version = known["prod.churn.version"]
    assert list(version) == ["name", "value", "meaning", "unknown", "evidence"]
    assert (version["value"], version["unknown"]) == ("12", None)
    assert version["evidence"]["source"].startswith("trail:churn/")
    assert version["evidence"]["observed_at"] == "2026-03-10T12:00:00.000Z"
    assert known["debt.open"]["value"] == 1


def test_a_fact_that_is_not_known_says_why(call, folder: Path):
    builders = facts(call("facts", "--json", cwd=folder))["builders"]
    assert (builders["value"], builders["evidence"]) == (None, None)
    assert "lean-mlops sync" in builders["unknown"]
    told = call("facts", cwd=folder)
    assert told.returncode == 0
    assert "unknown  builders: no runs were imported yet: lean-mlops sync" in told.stdout.splitlines()


def test_the_table_has_whole_names_values_ages_and_sources(call, folder: Path):
    head, *rows = call("facts", cwd=folder).stdout.splitlines()
    assert head.split() == ["fact", "value", "age", "source", "meaning"]
    by_name = {row.split()[0]: row.split() for row in rows}
    assert by_name["prod.churn.version"][1:4] == ["12", "24.0", "h"]
    assert by_name["prod.churn.version_age_days"][1] == "1"
    assert by_name["prod.churn.forced"][1] == "false"
    assert by_name["debt.open"][1:4] == ["1", "now", "debt:"]


def test_what_is_claimed_is_a_fact_under_its_name(call, folder: Path):
    call("claim", "credits.ends", "As the contract says", "--value", "2026-03-31", "--by", "ana", cwd=folder)
    known = facts(call("facts", "--json", cwd=folder))
    assert known["credits.ends"]["value"] == "2026-03-31"
    assert known["credits.ends"]["evidence"]["kind"] == "attested"
    assert known["credits.days_left"]["value"] == 20


def test_what_could_not_be_read_is_told_and_keeps_nothing_else_back(call, make_workspace):
    done = call("facts", "--json", cwd=make_workspace('[registry]\nuri = "/nowhere/registry"\n'))
    assert "debt.open" in facts(done)
    assert "/nowhere/registry" in done.stderr
