"""Prometheus, the real one: a number comes of one sample, and of nothing else."""

from __future__ import annotations

import datetime as dt
import json
import urllib.parse
from collections.abc import Callable

import pytest

from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Unread
from lean_core.signals.sources.prometheus import History, Span, read, read_range
from tests import http_stub
from tests.prometheus_server import LAST_SUCCESS, Prometheus

pytestmark = pytest.mark.prometheus

Read = Callable[[str], Answer]


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def telemetry(uri: str, **more) -> TelemetrySettings:
    return TelemetrySettings(kind="prometheus", url=uri, timeout=dt.timedelta(seconds=30), **more)


@pytest.fixture
def answer(prometheus: Prometheus, ask, around) -> Read:
    return lambda expression: read(telemetry(prometheus.uri), [ask(expression, at=now())], around)["it"]


def test_the_share_of_failed_requests_is_a_number(answer: Read):
    said = answer('sum(rate(model_requests_total{code=~"5.."}[1m])) / sum(rate(model_requests_total[1m]))')
    assert isinstance(said, Measured)
    assert said.value == pytest.approx(0.1)


def test_before_the_first_error_there_are_none_where_the_expression_says_so(answer: Read):
    errors, requests = 'sum(rate(model_requests_total{code="418"}[1m]))', "sum(rate(model_requests_total[1m]))"
    assert isinstance(answer(f"{errors} / {requests}"), Unread)
    said = answer(f"({errors} or vector(0)) / {requests}")
    assert isinstance(said, Measured)
    assert said.value == 0


def test_a_service_that_is_gone_is_not_healthy_for_want_of_errors(answer: Read):
    said = answer("(sum(rate(no_such_errors[1m])) or vector(0)) / sum(rate(no_such_requests[1m]))")
    assert isinstance(said, Unread)


def test_a_quantile_of_the_latency_is_a_number(answer: Read):
    said = answer("histogram_quantile(0.95, sum by (le) (rate(model_latency_seconds_bucket[1m])))")
    assert isinstance(said, Measured)
    assert said.value == pytest.approx(0.048)


def test_the_age_of_a_job_is_a_number(answer: Read):
    said = answer('time() - job_last_success_timestamp_seconds{job_name="nightly"}')
    assert isinstance(said, Measured)
    assert said.value == pytest.approx(said.observed_at.replace(tzinfo=dt.UTC).timestamp() - LAST_SUCCESS, abs=0.001)


def test_a_scalar_is_a_number(answer: Read):
    said = answer("scalar(vector(7))")
    assert isinstance(said, Measured)
    assert said.value == 7


def test_the_expression_is_evaluated_at_the_moment_that_is_asked_for(prometheus: Prometheus, ask, around):
    noon = dt.datetime(2026, 11, 23, 12, 0, 0, 250_000)
    said = read(telemetry(prometheus.uri), [ask("time()", at=noon)], around)["it"]
    assert isinstance(said, Measured)
    assert said.observed_at == noon
    assert said.value == noon.replace(tzinfo=dt.UTC).timestamp()


def test_an_answer_says_where_it_was_asked_and_what(answer: Read, prometheus: Prometheus):
    source = answer("vector(1)").source
    assert (source.place, source.query) == (prometheus.uri, "vector(1)")


def test_a_slash_after_the_address_and_a_path_before_the_api_do_no_harm(prometheus: Prometheus, ask, around):
    said = read(telemetry(f"{prometheus.uri}/"), [ask("vector(1)")], around)["it"]
    assert isinstance(said, Measured)


@pytest.mark.parametrize(
    ("expression", "trouble", "words"),
    [
        ("no_such_metric", "empty", "no series answers the expression"),
        ("sum(rate(no_such[5m])) / sum(rate(no_such[5m]))", "empty", "no series answers the expression"),
        ("vector(0) / vector(0)", "empty", "the answer is not a number (NaN)"),
        ("broken_gauge", "empty", "the answer is not a number (NaN)"),
        ("1 / 0", "empty", "the answer is infinite"),
        ("-vector(1) / 0", "empty", "the answer is infinite"),
        ("job_last_success_timestamp_seconds", "malformed", "2 series answer the expression"),
        ("job_last_success_timestamp_seconds", "malformed", "choose one by its labels (job_name)"),
        ('model_requests_total{code="200"}[1m]', "malformed", "a value for each scrape"),
        ('"a text"', "malformed", "the expression is a text"),
        ("bad(query", "refused", 'Prometheus refuses the expression: "invalid parameter'),
    ],
)
def test_what_is_not_one_number_is_unread(answer: Read, prometheus: Prometheus, expression, trouble, words):
    said = answer(expression)
    assert isinstance(said, Unread)
    assert said.trouble == trouble
    assert said.sentence.startswith(f"{prometheus.uri}: ")
    assert words in said.sentence
    assert said.sentence.endswith(".")


def test_one_bad_expression_does_not_spoil_the_others(prometheus: Prometheus, ask, around):
    questions = [ask("bad(query", signal="bad"), ask("vector(1)", signal="good"), ask("none", signal="none")]
    said = read(telemetry(prometheus.uri), questions, around)
    assert [isinstance(said[name], Measured) for name in ("bad", "good", "none")] == [False, True, False]


# Histories


@pytest.fixture
def history(prometheus: Prometheus, around) -> Callable[..., History | Unread]:
    def read_history(expression: str, *, minutes: float = 10, step: float = 60) -> History | Unread:
        noon = dt.datetime(2026, 11, 23, 12)
        span = Span(start=noon, end=noon + dt.timedelta(minutes=minutes), step=dt.timedelta(seconds=step))
        return read_range(telemetry(prometheus.uri), expression, span, around)

    return read_history


def test_a_history_has_a_point_a_step(history):
    said = history("time()")
    assert isinstance(said, History)
    noon = dt.datetime(2026, 11, 23, 12)
    assert [each.at for each in said.points] == [noon + dt.timedelta(minutes=minute) for minute in range(11)]
    assert [each.value for each in said.points] == [each.at.replace(tzinfo=dt.UTC).timestamp() for each in said.points]


def test_a_step_without_a_number_is_left_out(history):
    since = dt.datetime(2026, 11, 23, 12, 5, tzinfo=dt.UTC).timestamp()
    said = history(f"0 / vector(time() >= bool {since})")
    assert isinstance(said, History)
    assert len(said.points) == 6


@pytest.mark.parametrize(
    ("expression", "step", "trouble", "words"),
    [
        ("no_such_metric", 60, "empty", "no series answers the expression"),
        ("vector(0) / 0", 60, "empty", "the answer is not a number (NaN)"),
        ('label_replace(vector(1), "a", "b", "", "") or vector(2)', 60, "malformed", "2 series answer the expression"),
        ("bad(", 60, "refused", "Prometheus refuses the expression"),
        ("vector(1)", 0.05, "refused", "exceeded maximum resolution of 11,000 points"),
    ],
)
def test_a_history_without_numbers_says_why(history, expression, step, trouble, words):
    said = history(expression, step=step)
    assert isinstance(said, Unread)
    assert said.trouble == trouble
    assert words in said.sentence


def test_a_history_needs_the_token_that_the_settings_name(around):
    span = Span(start=now() - dt.timedelta(hours=1), end=now(), step=dt.timedelta(minutes=1))
    said = read_range(telemetry(http_stub.refused(), token_env="NO_TOKEN"), "up", span, around)
    assert isinstance(said, Unread)
    assert said.trouble == "unauthorised"


def test_a_history_of_a_server_that_is_not_there_says_so(around):
    span = Span(start=now() - dt.timedelta(hours=1), end=now(), step=dt.timedelta(minutes=1))
    said = read_range(telemetry(http_stub.refused(), token_env="TOKEN"), "up", span, around)
    assert isinstance(said, Unread)
    assert said.sentence.endswith(": nothing listens there.")


# What the real server does not say on demand


def stubbed(around, ask, **said) -> Answer:
    with http_stub.http_stub(lambda _: http_stub.Answer(**said)) as uri:
        return read(telemetry(uri), [ask("up")], around)["it"]


def body(**parts) -> bytes:
    return json.dumps({"status": "success", **parts}).encode()


def vector(*series: dict) -> dict:
    return {"resultType": "vector", "result": list(series)}


def test_a_warning_comes_along_as_a_note(ask, around):
    found = {"metric": {}, "value": [1795435200, "3"]}
    said = stubbed(around, ask, body=body(data=vector(found), warnings=["a store is\nunavailable"]))
    assert isinstance(said, Measured)
    assert said.note == 'It warns: "a store is unavailable".'


def test_a_native_histogram_is_no_number(ask, around):
    found = {"metric": {}, "histogram": [1795435200, {"count": "3", "sum": "1"}]}
    said = stubbed(around, ask, body=body(data=vector(found)))
    assert isinstance(said, Unread)
    assert "native histogram" in said.sentence


def test_a_server_that_gave_up_timed_out(ask, around):
    late = {"status": "error", "errorType": "timeout", "error": "query timed out in expression evaluation"}
    said = stubbed(around, ask, status=503, body=json.dumps(late).encode())
    assert isinstance(said, Unread)
    assert said.trouble == "timed out"


@pytest.mark.parametrize(
    "odd",
    [
        b'{"status": "success"}',
        b'{"status": "success", "data": {"resultType": "vector", "result": 3}}',
        b'{"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": "x"}]}}',
        b'{"status": "success", "data": {"resultType": "scalar", "result": ["x", "1"]}}',
        b'{"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "x"]}]}}',
        b'{"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1e300, "1"]}]}}',
        b'{"status": "fine"}',
        b"[" * 100_000,
        b"null",
        b"",
    ],
)
def test_json_of_another_shape_is_malformed(ask, around, odd):
    said = stubbed(around, ask, body=odd)
    assert isinstance(said, Unread)
    assert said.trouble == "malformed"


def test_a_long_message_of_the_server_is_cut(ask, around):
    long = {"status": "error", "errorType": "bad_data", "error": "no " * 500}
    said = stubbed(around, ask, status=400, body=json.dumps(long).encode())
    assert isinstance(said, Unread)
    assert said.trouble == "refused"
    assert len(said.sentence) < 300


def test_an_expression_of_any_length_fits(ask, around):
    asked = []

    def answer(request: http_stub.Request) -> http_stub.Answer:
        asked.append(urllib.parse.parse_qs(request.body.decode())["query"])
        return http_stub.Answer(body=body(data=vector({"metric": {}, "value": [1, "1"]})))

    long = "+".join(["1"] * 5000)
    with http_stub.http_stub(answer) as uri:
        read(telemetry(uri), [ask(long)], around)
    assert asked == [[long]]
