"""A prediction log as a probe: what made the newest prediction is live, as of then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lean_core.releases import Observation
from lean_core.workbench import Workbench
from tests.cli import releases_workspace
from tests.cli.releases_workspace import served
from tests.conftest import FrozenClock
from tests.releases.builders import on

TOML = """
[probes.churn.prod]
log = "predictions"
timeout = "1m"
[telemetry.predictions]
kind = "log"
path = "logs"
[telemetry.predictions.columns]
time = "at"
version = "by"
"""


@pytest.fixture
def folder(tmp_path: Path, clock: FrozenClock) -> Path:
    clock.time = on(12)
    return releases_workspace.make(tmp_path / "w", *served("12", "13"), extra=TOML)


def write(folder: Path, *rows: tuple[str, str | None]) -> None:
    (folder / "logs").mkdir(exist_ok=True)
    lines = [json.dumps({"at": at, "by": version}) for at, version in rows]
    (folder / "logs" / "today.jsonl").write_text("\n".join(lines), encoding="utf-8")


def observe(folder: Path) -> Observation:
    bench = Workbench.open(folder)
    return bench.observe(bench.trails(), ["prod"])["churn", "prod"]


def test_the_version_of_the_newest_row_is_observed_when_it_was_written(folder: Path):
    write(folder, ("2026-03-12T10:00:00Z", "13"), ("2026-03-12T09:00:00Z", "12"))
    found = observe(folder)
    assert (found.state, found.observed, found.asked) == ("agree", "13", "the log predictions")
    assert found.observed_at == on(11).replace(hour=10)


def test_another_version_than_the_declared_one_contradicts(folder: Path):
    write(folder, ("2026-03-12T10:00:00Z", "12"))
    assert observe(folder).state == "disagree"


def test_a_log_without_a_version_tells_nothing(folder: Path):
    write(folder, ("2026-03-12T10:00:00Z", None))
    found = observe(folder)
    assert found.state == "unobservable"
    assert "names no version" in found.sentence


def test_a_log_that_is_not_there_tells_nothing(folder: Path):
    found = observe(folder)
    assert found.state == "unobservable"
    assert "the log predictions: " in found.sentence
