"""The health of a service: one GET tells its status, its latency and what its JSON says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import pytest

from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Unread
from lean_core.signals.sources.http import read
from tests import http_stub
from tests.signals.sources import raw

HEALTH = (
    b'{"ready": true, "idle": false, "model": {"age_hours": 3.5, "name": "churn"}, "models": [{"n": 7}], "x": null}'
)

Read = Callable[..., Mapping[str, Answer]]


@pytest.fixture
def answers(ask, around) -> Read:
    """Return a function that asks a service that answers so, by the expressions."""

    def read_all(*expressions: str, **said) -> Mapping[str, Answer]:
        with http_stub.http_stub(lambda _: http_stub.Answer(**{"body": HEALTH, **said})) as uri:
            telemetry = TelemetrySettings(kind="http", url=f"{uri}/health", timeout=dt.timedelta(seconds=30))
            return read(telemetry, [ask(each, signal=each) for each in expressions], around)

    return read_all


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("status", 200),
        ("json:ready", 1),
        ("json:idle", 0),
        ("json:model.age_hours", 3.5),
        ("json:$.model.age_hours", 3.5),
        ("json:models[0].n", 7),
        (" json:models[0].n ", 7),
    ],
)
def test_what_the_answer_says_is_a_number(answers: Read, expression, value):
    said = answers(expression)[expression]
    assert isinstance(said, Measured)
    assert said.value == value
    assert said.observed_at == dt.datetime(2026, 11, 23, 12)


def test_the_latency_is_in_milliseconds(answers: Read):
    said = answers("latency")["latency"]
    assert isinstance(said, Measured)
    assert said.value > 0
    assert said.unit == "ms"


def test_all_questions_take_one_request(ask, around):
    asked = []

    def answer(request: http_stub.Request) -> http_stub.Answer:
        asked.append((request.method, request.path))
        return http_stub.Answer(body=HEALTH)

    with http_stub.http_stub(answer) as uri:
        telemetry = TelemetrySettings(kind="http", url=f"{uri}/health?deep=1", timeout=dt.timedelta(seconds=30))
        read(telemetry, [ask(each, signal=each) for each in ("status", "latency", "json:ready")], around)
    assert asked == [("GET", "/health?deep=1")]


@pytest.mark.parametrize("status", [404, 418, 500, 503])
def test_a_bad_status_is_a_value(answers: Read, status):
    said = answers("status", status=status)["status"]
    assert isinstance(said, Measured)
    assert said.value == status


def test_a_fast_failure_is_no_latency(answers: Read):
    said = answers("latency", "status", status=503)
    assert isinstance(said["latency"], Unread)
    assert said["latency"].sentence.endswith(": it failed (status 503).")
    assert isinstance(said["status"], Measured)


def test_json_counts_whatever_the_status_and_the_status_is_said(answers: Read):
    said = answers("json:model.age_hours", status=503)["json:model.age_hours"]
    assert isinstance(said, Measured)
    assert said.note == "The answer in which it stands has status 503."


@pytest.mark.parametrize(
    ("expression", "trouble", "words"),
    [
        ("json:model.name", "malformed", "what the answer has at model.name is neither a number nor a boolean"),
        ("json:model", "malformed", "what the answer has at model is neither a number nor a boolean"),
        ("json:model.size", "malformed", "the answer has nothing at model.size"),
        ("json:models[1].n", "malformed", "the answer has nothing at models[1].n"),
        ("json:model[0]", "malformed", "the answer has nothing at model[0]"),
        ("json:x", "empty", "the answer has null at x"),
        ("json:", "refused", 'the expression "json:" is none of status, latency and json:PATH'),
        ("json:a..b", "refused", "is none of status"),
        ("STATUS", "refused", "is none of status"),
    ],
)
def test_what_is_not_one_number_is_unread(answers: Read, expression, trouble, words):
    said = answers("status", expression)
    assert isinstance(said["status"], Measured)
    assert isinstance(said[expression], Unread)
    assert said[expression].trouble == trouble
    assert words in said[expression].sentence


@pytest.mark.parametrize(
    ("body", "trouble", "words"),
    [
        (b"fine", "malformed", "the answer is not JSON"),
        (b"", "malformed", "the answer is not JSON"),
        (b"\xff", "malformed", "the answer is not JSON"),
        (b"[" * 100_000, "malformed", "the answer is not JSON"),
        (b"\n<!doctype html>", "malformed", "the answer is a web page (HTML)"),
        (b'{"n": NaN}', "empty", "the answer is not a number (NaN)"),
        (b'{"n": -Infinity}', "empty", "the answer is infinite"),
        (b'{"n": 1' + b"0" * 400 + b"}", "empty", "the answer is infinite"),
        (b'{"n": 1' + b"0" * 5000 + b"}", "malformed", "the answer is not JSON"),
    ],
)
def test_an_answer_that_holds_no_number_is_unread_and_its_status_is_read(answers: Read, body, trouble, words):
    said = answers("json:n", "status", body=body)
    assert isinstance(said["json:n"], Unread)
    assert said["json:n"].trouble == trouble
    assert words in said["json:n"].sentence
    assert isinstance(said["status"], Measured)


def test_a_redirect_on_the_same_server_is_followed(ask, around):
    def say(request: bytes) -> list[bytes]:
        if request.startswith(b"GET /health/ "):
            return raw.reply(body=HEALTH)
        return raw.reply("301 Moved Permanently", "Location: /health/")

    with raw.raw_stub(say) as uri:
        telemetry = TelemetrySettings(kind="http", url=f"{uri}/health", timeout=dt.timedelta(seconds=30))
        said = read(telemetry, [ask("json:ready")], around)["it"]
    assert isinstance(said, Measured)
