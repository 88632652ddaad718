"""How the demo's signals stand when it was made, and how they turn while something goes wrong."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lean_core.workbench import Workbench
from tests.conftest import FrozenClock
from tests.demo.conftest import ask_at, probing, run_traffic, serve

SILENT = "http://127.0.0.1:9/version"


def newest_prediction(folder: Path) -> dt.datetime:
    (*_, file) = sorted((folder / "logs" / "predictions" / "prod").iterdir())
    time = json.loads(file.read_text().splitlines()[-1])["time"]
    return dt.datetime.fromisoformat(time).replace(tzinfo=None)


@pytest.fixture(scope="module")
def silent(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Nobody started serve.py."""
    return probing(workspace, tmp_path_factory.mktemp("silent") / "demo", SILENT)


@pytest.fixture
def states(silent: Workbench, clock: FrozenClock) -> dict[str, str]:
    """When the demo had just been made and synced, however long ago that is."""
    clock.time = newest_prediction(silent.folder) + dt.timedelta(seconds=30)
    silent.sync()
    return read_states(silent)


def read_states(workbench: Workbench) -> dict[str, str]:
    return {each.name: each.state for each in workbench.read_signals().signals}


def test_all_that_was_made_is_fine_but_for_one_honest_warning(states: dict[str, str]):
    assert states == {
        "api_health": "unknown",
        "error_rate": "ok",
        "latency": "ok",
        "missing_logins": "ok",
        "unknown_plans": "ok",
        "drift": "ok",
        "last_prediction": "ok",
        "last_training": "ok",
        "accuracy": "warn",
        "retrain": "ok",
    }


def test_each_signal_has_an_owner_and_a_runbook_and_all_classes_are_there(silent: Workbench):
    declared = silent.settings.signals.values()
    assert all(each.owner and each.runbook for each in declared)
    assert {each.class_ for each in declared} == {
        "errors", "latency", "missing_inputs", "prediction_drift", "data_quality", "stale_job", "business",
    }  # fmt: skip


def test_the_warning_is_that_the_model_is_right_less_often_than_hoped(silent: Workbench, states: dict[str, str]):
    (accuracy,) = (each for each in silent.signals().signals if each.name == "accuracy")
    assert accuracy.value
    assert 0.78 < accuracy.value < 0.84
    assert accuracy.last
    assert accuracy.last.n
    assert accuracy.last.n > 1_000


def test_once_the_signals_were_read_somebody_would_notice_without_the_api_too(
    silent: Workbench, states: dict[str, str]
):
    (churn,) = (each for each in silent.look().checkpoints if each.model == "churn")
    assert {check.name: check.status for check in churn.checks}["signal"] == "answered"


def test_some_hours_later_nothing_is_fine_that_nobody_asked_since(
    silent: Workbench, states: dict[str, str], clock: FrozenClock
):
    clock.advance(hours=7)
    later = read_states(silent)
    assert {name for name, state in later.items() if state == "ok"} == {"retrain", "last_training"}
    assert later["last_prediction"] == "broken"
    assert later["error_rate"] == later["latency"] == later["drift"] == "unknown"


@pytest.fixture
def watched(workspace: Path, tmp_path: Path) -> Iterator[Callable[[str], dict[str, str]]]:
    """Return a function that lets a hundred customers ask, and reads the signals; nobody asked before."""
    folder = tmp_path / "demo"
    shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns("predictions"))
    with serve(folder) as url:
        workbench = ask_at(folder, url)

        def ask(fault: str) -> dict[str, str]:
            run_traffic(folder, url, fault)
            return read_states(workbench)

        yield ask


def test_signals_turn_when_the_api_fails_is_slow_or_lacks_inputs(watched: Callable[[str], dict[str, str]]):
    watching = ("api_health", "error_rate", "missing_logins", "last_prediction")
    states = watched("")
    assert [states[name] for name in watching] == ["ok"] * 4
    assert watched("errors")["error_rate"] == "broken"
    assert watched("nulls")["missing_logins"] == "broken"
    assert watched("latency")["latency"] == "broken"


def test_drift_turns_when_other_customers_ask(watched: Callable[[str], dict[str, str]]):
    states = watched("drift")
    assert states["drift"] == "broken"
    assert states["error_rate"] == states["missing_logins"] == "ok"
