"""Logfire, by its own client: one row with one number, and how many rows it was counted from.

The server is `tests.logfire_stub`, which speaks Logfire's protocol as it is documented; its SQL is DuckDB's.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Surroundings, Unread
from lean_core.signals.sources.logfire import read
from tests import http_stub
from tests.logfire_stub import READ_TOKEN, Logfire, Span, start_logfire
from tests.signals.sources import raw

pytestmark = pytest.mark.logfire

AT = dt.datetime(2026, 11, 23, 12)
ERRORS = (
    "select avg(case when otel_status_code = 'ERROR' then 1.0 else 0.0 end) as errors, count(*) as n"
    " from records where span_name like 'predict%'"
)
LATENCY = "select approx_percentile_cont(duration, 0.5) * 1000 as ms from records where span_name like 'predict%'"

Read = Callable[..., Answer]


def minutes_ago(minutes: float, **more) -> Span:
    return Span(at=AT - dt.timedelta(minutes=minutes), **more)


@pytest.fixture
def logfire() -> Iterator[Logfire]:
    spans = [minutes_ago(5), minutes_ago(10, status="ERROR"), minutes_ago(15), minutes_ago(20, seconds=0.3)]
    with start_logfire([*spans, minutes_ago(90, status="ERROR"), minutes_ago(-1, status="ERROR")]) as running:
        yield running


def telemetry(uri: str) -> TelemetrySettings:
    return TelemetrySettings(kind="logfire", url=uri, token_env="READ", timeout=dt.timedelta(seconds=30))


@pytest.fixture
def surroundings(around: Surroundings) -> Surroundings:
    return Surroundings(folder=around.folder, environ={"READ": READ_TOKEN}, store=None, open_bucket=None)


@pytest.fixture
def answer(logfire: Logfire, ask, surroundings) -> Read:
    return lambda sql, **how: read(telemetry(logfire.uri), [ask(sql, at=AT, **how)], surroundings)["it"]


def test_the_share_of_errors_in_the_window_is_a_number_with_its_count(answer: Read):
    said = answer(ERRORS)
    assert isinstance(said, Measured)
    assert (said.value, said.n) == (0.25, 4)
    assert (said.since, said.observed_at) == (AT - dt.timedelta(hours=1), AT)


def test_the_window_reaches_as_far_back_as_the_signal_says(answer: Read):
    said = answer(ERRORS, hours=2)
    assert isinstance(said, Measured)
    assert (said.value, said.n) == (0.4, 5)


def test_a_latency_without_a_count_is_a_number(answer: Read):
    said = answer(LATENCY)
    assert isinstance(said, Measured)
    assert said.value == pytest.approx(100)
    assert said.n is None


def test_a_count_alone_is_the_number(answer: Read):
    said = answer("select count(*) as n from records")
    assert isinstance(said, Measured)
    assert (said.value, said.n) == (4, None)


def test_a_boolean_is_a_number(answer: Read):
    said = answer("select count(*) > 1 as many from records")
    assert isinstance(said, Measured)
    assert said.value == 1


def test_the_window_and_no_more_rows_than_needed_are_asked_for(answer: Read, logfire: Logfire):
    answer(ERRORS)
    (asked,) = logfire.asked
    assert asked["min_timestamp"] == "2026-11-23T11:00:00+00:00"
    assert asked["max_timestamp"] == "2026-11-23T12:00:00+00:00"
    assert asked["limit"] == 2


@pytest.mark.parametrize(
    ("sql", "trouble", "words"),
    [
        ("select duration from records where false", "empty", "the query has no rows"),
        ("select avg(duration) from records where false", "empty", "the number is null"),
        ("select 0 as errors, count(*) as n from records where false", "empty", "the number is null"),
        ("select duration from records", "malformed", "more than one row"),
        ("select duration, span_name from records limit 1", "malformed", "2 columns (duration, span_name)"),
        ("select 1 as a, 2 as b, 3 as n", "malformed", "3 columns (a, b, n)"),
        ("select 1 as a, 'x' as n", "malformed", 'the column "n" is not a count of rows'),
        ("select span_name from records limit 1", "malformed", 'the column "span_name" is not a number'),
        ("select 'nan'::double as x", "empty", "the answer is not a number (NaN)"),
        ("select 'inf'::double as x", "empty", "the answer is infinite"),
        ("select nope from records", "refused", 'Logfire refuses the query: "Binder Error'),
        ("select", "refused", "Logfire refuses the query: "),
    ],
)
def test_what_is_not_one_number_is_unread(answer: Read, logfire: Logfire, sql, trouble, words):
    said = answer(sql)
    assert isinstance(said, Unread)
    assert said.trouble == trouble
    assert said.sentence.startswith(f"{logfire.uri}: ")
    assert words in said.sentence
    assert said.sentence.isprintable()


def test_one_bad_query_does_not_spoil_the_others(logfire: Logfire, ask, surroundings):
    questions = [ask("select", signal="bad", at=AT), ask(ERRORS, signal="good", at=AT)]
    said = read(telemetry(logfire.uri), questions, surroundings)
    assert isinstance(said["bad"], Unread)
    assert isinstance(said["good"], Measured)


def test_without_a_token_nothing_is_asked(logfire: Logfire, ask, around):
    said = read(telemetry(logfire.uri), [ask(ERRORS)], around)["it"]
    assert isinstance(said, Unread)
    assert "the environment variable READ, which holds the token, is not set" in said.sentence
    unnamed = TelemetrySettings(kind="logfire", url=logfire.uri, timeout=dt.timedelta(seconds=30))
    said = read(unnamed, [ask(ERRORS)], around)["it"]
    assert isinstance(said, Unread)
    assert said.trouble == "unauthorised"
    assert logfire.asked == []


def test_a_wrong_token_is_not_accepted_and_not_shown(logfire: Logfire, ask, around, caplog):
    caplog.set_level(logging.DEBUG)
    wrong = Surroundings(folder=around.folder, environ={"READ": "pylf_v1_wrong"}, store=None, open_bucket=None)
    said = read(telemetry(logfire.uri), [ask(ERRORS)], wrong)["it"]
    assert isinstance(said, Unread)
    assert said.sentence == f"{logfire.uri}: it does not accept the token (401)."
    assert "pylf_v1_wrong" not in repr(said) + caplog.text


# What the stub does not say by itself


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"detail": "no column nope"}, "no column nope"),
        ({"detail": [{"loc": ["sql"], "msg": "too long"}]}, "too long"),
        ({"message": "no\nway"}, "no way"),
        ({}, "without a reason"),
        ("only text", "only text"),
    ],
)
@pytest.mark.parametrize("status", [400, 422])
def test_what_logfire_says_of_a_query_is_repeated(ask, surroundings, body, said, status):
    with http_stub.http_stub(lambda _: http_stub.Answer(status=status, body=json.dumps(body).encode())) as uri:
        found = read(telemetry(uri), [ask(ERRORS)], surroundings)["it"]
    assert isinstance(found, Unread)
    assert found.sentence == f'{uri}: Logfire refuses the query: "{said}".'


def test_the_wait_may_stand_in_the_problem(ask, surroundings):
    problem = json.dumps({"type": "about:blank", "retry_after": 17}).encode()
    answer = raw.reply("429 Too Many Requests", "Content-Type: application/problem+json", body=problem)
    with raw.raw_stub(lambda _: answer) as uri:
        found = read(telemetry(uri), [ask(ERRORS)], surroundings)["it"]
    assert isinstance(found, Unread)
    assert found.sentence.endswith("it was asked too often (429): ask again in 17 s.")


@pytest.mark.parametrize("data", [3, [3], {"a": 1}, None])
def test_rows_of_another_shape_are_malformed(ask, surroundings, data):
    body = json.dumps({"schema": {"fields": []}, "data": data}).encode()
    with http_stub.http_stub(lambda _: http_stub.Answer(body=body)) as uri:
        found = read(telemetry(uri), [ask(ERRORS)], surroundings)["it"]
    assert isinstance(found, Unread)
    assert found.trouble == "malformed"
