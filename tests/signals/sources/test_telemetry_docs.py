"""What docs/telemetry.md offers to paste is read from lean.toml here, and answered by the servers."""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from lean_core.settings import Settings, load_settings
from lean_core.signals.answer import Answer, Measured, Question, Surroundings
from tests import http_stub
from tests.dagster_server import Dagster
from tests.logfire_stub import READ_TOKEN, Span, start_logfire
from tests.prometheus_server import Prometheus

TEXT = (Path(__file__).parents[3] / "docs" / "telemetry.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)

Load = Callable[[str], Settings]


@pytest.fixture
def load(make_workspace) -> Load:
    """Return a function that reads the block with signals of a kind."""

    def read_block(kind: str) -> Settings:
        (block,) = (each for each in BLOCKS if f'kind = "{kind}"' in each and "[signals." in each)
        return load_settings(make_workspace(f'[workspace]\nname = "startup"\n{block}'))

    return read_block


def answer(settings: Settings, uri: str, environ: Mapping[str, str]) -> Mapping[str, Answer]:
    """Ask a server of the tests what the block asks its own."""
    (telemetry,) = settings.telemetry.values()
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    questions = [
        Question(signal=name, expression=each.expression, window=each.window, at=now)
        for name, each in settings.signals.items()
    ]
    around = Surroundings(folder=Path(), environ=environ, store=None, open_bucket=None)
    reader = importlib.import_module(f"lean_core.signals.sources.{telemetry.kind}")
    patient = replace(telemetry, url=uri, timeout=dt.timedelta(seconds=60))
    return reader.read(patient, questions, around)


def assert_numbers(answers: Mapping[str, Answer], count: int) -> None:
    unread = [each for each in answers.values() if not isinstance(each, Measured)]
    assert unread == []
    assert len(answers) == count


def test_what_all_have_in_common_can_be_read(make_workspace):
    settings = load_settings(make_workspace(f'[workspace]\nname = "startup"\n{BLOCKS[0]}'))
    assert settings.telemetry["metrics"].timeout == dt.timedelta(seconds=10)


@pytest.mark.prometheus
def test_prometheus_answers_its_queries(load: Load, prometheus: Prometheus):
    assert_numbers(answer(load("prometheus"), prometheus.uri, {}), 5)


@pytest.mark.logfire
def test_logfire_answers_its_queries(load: Load):
    just_now = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(minutes=5)
    with start_logfire([Span(at=just_now), Span(at=just_now, name="train churn")]) as logfire:
        assert_numbers(answer(load("logfire"), logfire.uri, {"LOGFIRE_READ_TOKEN": READ_TOKEN}), 3)


@pytest.mark.dagster
def test_dagster_answers_its_expressions(load: Load, dagster: Dagster):
    assert_numbers(answer(load("dagster"), dagster.uri, {}), 3)


def test_a_service_answers_its_expressions(load: Load):
    with http_stub.http_stub(lambda _: http_stub.Answer(body=b'{"model": {"age_hours": 3}}')) as uri:
        assert_numbers(answer(load("http"), uri, {}), 3)
