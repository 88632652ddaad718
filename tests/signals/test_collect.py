from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lean_core.errors import ObjectsForbidden
from lean_core.settings import TelemetrySettings
from lean_core.signals import Measured, Surroundings, Unread, collect
from lean_core.store import Store
from tests.http_stub import Answer, http_stub
from tests.signals.builders import NOW, a_signal

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(
        folder=tmp_path,
        environ={},
        store=Store(tmp_path / "lean.duckdb"),
        open_bucket=lambda *_: pytest.fail("no bucket is named"),
    )


@pytest.fixture
def silent() -> Iterator[str]:
    """Return the address of a server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/health"


def web(url: str) -> TelemetrySettings:
    return TelemetrySettings(kind="http", url=url, timeout=SECOND)


def ask(source: str, expression: str = "status"):
    return a_signal(source=source, expression=expression)


def test_every_signal_has_an_answer_of_its_own_source(around: Surroundings):
    with http_stub(lambda _: Answer(status=200)) as good, http_stub(lambda _: Answer(status=503)) as bad:
        telemetry = {"good": web(f"{good}/health"), "bad": web(f"{bad}/health")}
        signals = {"one": ask("good"), "two": ask("bad"), "three": ask("good")}
        answers = collect(telemetry, signals, around, now=NOW)
    assert {name: answer.value for name, answer in answers.items() if isinstance(answer, Measured)} == {
        "one": 200,
        "two": 503,
        "three": 200,
    }


def test_a_source_that_keeps_silent_hides_no_other(around: Surroundings, silent: str):
    with http_stub(lambda _: Answer()) as good:
        telemetry = {"silent": web(silent), "good": web(f"{good}/health")}
        answers = collect(telemetry, {"one": ask("silent"), "two": ask("good")}, around, now=NOW)
    assert isinstance(answers["two"], Measured)
    assert isinstance(answers["one"], Unread)
    assert answers["one"].trouble == "timed out"


def test_a_fault_of_a_reader_is_said_and_hides_no_other(around: Surroundings, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("password=secret")

    monkeypatch.setattr("lean_core.signals.sources.prometheus.read", fail)
    with http_stub(lambda _: Answer()) as good:
        telemetry = {"broken": TelemetrySettings(kind="prometheus", url=good, timeout=SECOND), "good": web(good)}
        answers = collect(telemetry, {"one": ask("broken"), "two": ask("good")}, around, now=NOW)
    assert isinstance(answers["two"], Measured)
    assert isinstance(answers["one"], Unread)
    assert answers["one"].sentence == (
        "Reading broken failed with ZeroDivisionError, a fault of the workbench: please report it."
    )


def test_an_error_that_a_person_may_see_is_the_sentence(around: Surroundings, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise ObjectsForbidden("s3://logs/churn: the bucket is not ours to list")

    monkeypatch.setattr("lean_core.signals.sources.prometheus.read", refuse)
    telemetry = {"closed": TelemetrySettings(kind="prometheus", url="http://127.0.0.1:9", timeout=SECOND)}
    (answer,) = collect(telemetry, {"one": ask("closed")}, around, now=NOW).values()
    assert isinstance(answer, Unread)
    assert answer.sentence == "s3://logs/churn: the bucket is not ours to list."


def test_a_paused_signal_is_not_asked(around: Surroundings):
    asked: list[str] = []
    with http_stub(lambda request: asked.append(request.path) or Answer()) as url:
        paused = a_signal(source="api", expression="status", paused="moving")
        assert collect({"api": web(url)}, {"one": paused}, around, now=NOW) == {}
    assert asked == []


def test_who_waits_is_told_how_many_have_answered(around: Surroundings):
    told: list[tuple[str, int, int]] = []
    with http_stub(lambda _: Answer()) as url:
        telemetry = {"a": web(url), "b": web(url)}
        signals = {"one": ask("a"), "two": ask("b")}
        collect(telemetry, signals, around, now=NOW, tell=lambda *each: told.append(each))
    assert told == [("a", 1, 2), ("b", 2, 2)]
