"""What the tests of sources share: the servers, which start once, and surroundings without a store or a bucket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Question, Surroundings
from tests.dagster_server import Dagster, start_dagster
from tests.prometheus_server import Prometheus, missing_program, start_prometheus

Ask = Callable[..., Question]
At = Callable[..., TelemetrySettings]
AT = dt.datetime(2026, 11, 23, 12)


@pytest.fixture
def ask() -> Ask:
    def make(expression: str, *, signal: str = "it", at: dt.datetime = AT, hours: float = 1) -> Question:
        return Question(signal=signal, expression=expression, window=dt.timedelta(hours=hours), at=at)

    return make


@pytest.fixture
def around() -> Surroundings:
    """Return surroundings with a token; who asks over HTTP needs no more."""
    return Surroundings(folder=Path(), environ={"TOKEN": "s3cr3t-t0k3n"}, store=None, open_bucket=None)


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Return a Prometheus that scrapes a small API."""
    if missing := missing_program():
        pytest.skip(f"Prometheus is not installed: there is no {missing}")
    with start_prometheus(tmp_path_factory.mktemp("prometheus")) as running:
        yield running


@pytest.fixture(scope="session")
def dagster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagster]:
    """Return a Dagster whose jobs have run."""
    with start_dagster(tmp_path_factory.mktemp("dagster")) as running:
        yield running
