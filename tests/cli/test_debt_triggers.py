from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def folder(make_workspace, clock) -> Path:
    folder = make_workspace('[registry]\nuri = "registry"\n')
    (folder / "registry").mkdir()
    return folder


@pytest.fixture
def debt(call, folder: Path):
    """Return a function that runs `lean-mlops debt` in a workspace."""

    def run(*arguments: str):
        return call("debt", *arguments, cwd=folder)

    return run


@pytest.fixture
def log(debt) -> None:
    """Log a shortcut whose trigger has fired, one that is armed, and one that can't be evaluated."""
    for trigger in ("date >= 2026-01-01", "live_models >= 2", "builders > 1"):
        assert debt("add", f"Until {trigger}", "--trigger", trigger, "--by", "ana").returncode == 0


def states(done) -> dict[str, str]:
    return {state["item"]: state["state"] for state in json.loads(done.stdout)}


def test_what_needs_somebody_comes_first_and_says_why(debt, log):
    done = debt("triggers")
    assert done.returncode == 0
    head, *rows = done.stdout.splitlines()
    assert head.split("  ")[0] == "item"
    assert [row.split("  ")[1].strip() for row in rows[:3]] == ["fired", "cannot evaluate", "armed"]
    assert rows[3].startswith("fired            D-1: today is 2026-11-23")
    assert rows[4].startswith("cannot evaluate  D-3: ")
    assert "lean-mlops sync" in rows[4]
    assert len(rows) == 5


def test_json_keeps_what_a_trigger_rests_on(debt, log):
    fired, unknown, armed = json.loads(debt("triggers", "--json").stdout)
    assert list(fired) == [
        "item", "trigger", "state", "since", "sentence", "snoozed_until", "snoozed_by", "reason", "evidence",
    ]  # fmt: skip
    assert armed["evidence"][0]["name"] == "live_models"
    assert armed["evidence"][0]["value"] == 0
    assert unknown["evidence"][0]["value"] is None
    assert "lean-mlops sync" in unknown["evidence"][0]["unknown"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 0),
        (["--fail-on", "fired"], 1),
        (["--fail-on", "unknown"], 4),
        (["--fail-on", "unknown", "--fail-on", "fired"], 1),
    ],
)
def test_a_ci_fails_on_what_it_asks_for(debt, log, arguments: list[str], code: int):
    assert debt("triggers", *arguments).returncode == code


def test_a_snoozed_trigger_does_not_count_and_is_told(debt, log, clock):
    done = debt("snooze", "D-1", "--until", "7d", "--reason", "after the release", "--by", "bo")
    assert (done.returncode, done.stdout) == (0, "D-1 is snoozed until 2026-11-30 12:00 UTC by bo: after the release\n")
    told = debt("triggers", "--fail-on", "fired")
    assert told.returncode == 0
    assert "snoozed          D-1: until 2026-11-30 12:00 UTC by bo (after the release): today is" in told.stdout
    assert states(debt("triggers", "--json"))["D-1"] == "snoozed"
    assert json.loads(debt("list", "--fired", "--json").stdout) == []
    clock.advance(days=8)
    assert debt("triggers", "--fail-on", "fired").returncode == 1


def test_a_snooze_can_be_ended(debt, log):
    debt("snooze", "D-1", "--until", "7d", "--reason", "after the release", "--by", "bo")
    done = debt("snooze", "D-1", "--end", "--by", "bo", "--json")
    assert json.loads(done.stdout)["snoozed_until"] is None
    assert states(debt("triggers", "--json"))["D-1"] == "fired"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("D-1",), "name --until TIME and --reason TEXT, or --end"),
        (("D-1", "--until", "7d"), "name --until TIME and --reason TEXT, or --end"),
        (("D-1", "--end", "--until", "7d", "--reason", "x"), "name --until TIME and --reason TEXT, or --end"),
        (("D-1", "--until", "2026-01-01", "--reason", "x"), "is over already"),
        (("D-2", "--until", "7d", "--reason", "x"), "has not fired"),
        (("D-9", "--until", "7d", "--reason", "x"), "there is no item 'D-9'"),
    ],
)
def test_a_snooze_that_makes_no_sense_is_code_2(debt, log, arguments, said: str):
    done = debt("snooze", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_no_trigger_at_all_is_said(debt):
    done = debt("triggers", "--fail-on", "fired")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no shortcut has a trigger" in done.stderr


def test_a_registry_that_can_not_be_read_keeps_no_trigger_from_speaking(debt, log, folder: Path):
    (folder / "registry").rmdir()
    done = debt("triggers", "--fail-on", "fired", "--json")
    assert done.returncode == 1
    assert states(done) == {"D-1": "fired", "D-2": "cannot evaluate", "D-3": "cannot evaluate"}
    assert "note: " in done.stderr
    assert "note: " in debt("list", "--fired").stderr
