"""Dagster, the real one: how long ago a job succeeded, an asset was made, and whether the last run failed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping

import pytest

from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Unread
from lean_core.signals.sources.dagster import read
from tests import http_stub
from tests.dagster_server import Dagster

pytestmark = pytest.mark.dagster

NOW = dt.datetime(2026, 11, 23, 12)
SECONDS = NOW.replace(tzinfo=dt.UTC).timestamp()
Read = Callable[..., Mapping[str, Answer]]


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def telemetry(uri: str) -> TelemetrySettings:
    return TelemetrySettings(kind="dagster", url=uri, timeout=dt.timedelta(seconds=60))


@pytest.fixture
def answers(dagster: Dagster, ask, around) -> Read:
    def read_all(*expressions: str, later: float = 0) -> Mapping[str, Answer]:
        at = now() + dt.timedelta(hours=later)
        return read(telemetry(dagster.uri), [ask(each, signal=each, at=at) for each in expressions], around)

    return read_all


@pytest.mark.parametrize("expression", ["job:nightly", "job: mended ", "asset:churn/features"])
def test_what_succeeded_has_an_age_in_hours(answers: Read, expression):
    said = answers(expression)[expression]
    later = answers(expression, later=5)[expression]
    assert isinstance(said, Measured)
    assert isinstance(later, Measured)
    assert 0 <= said.value < 1
    assert said.unit == "h"
    assert later.value == pytest.approx(
        said.value + (later.observed_at - said.observed_at).total_seconds() / 3600, abs=1e-6
    )


def test_an_age_says_which_run_it_comes_from(answers: Read):
    said = answers("job:nightly")["job:nightly"]
    assert isinstance(said, Measured)
    assert said.note.startswith("Run ")
    assert " succeeded at " in said.note


@pytest.mark.parametrize(
    ("expression", "value"), [("job_failed:flaky", 1), ("job_failed:nightly", 0), ("job_failed:mended", 0)]
)
def test_the_last_run_failed_or_did_not(answers: Read, expression, value):
    said = answers(expression)[expression]
    assert isinstance(said, Measured)
    assert said.value == value
    assert said.unit == ""


@pytest.mark.parametrize(
    ("expression", "trouble", "words"),
    [
        ("job:flaky", "empty", 'no run of the job "flaky" has succeeded yet'),
        ("job:idle", "empty", 'no run of the job "idle" has succeeded yet'),
        ("job_failed:idle", "empty", 'no run of the job "idle" has finished yet'),
        ("job:nobody", "missing", 'it knows no job "nobody"'),
        ("job_failed:nobody", "missing", 'it knows no job "nobody"'),
        ('job:"} { x', "missing", "it knows no job"),
        ("asset:never_made", "empty", 'the asset "never_made" was never materialized'),
        ("asset:features", "missing", 'it knows no asset "features"'),
        ("asset:", "refused", 'the expression "asset:" is none of job:NAME, job_failed:NAME and asset:KEY/PARTS'),
        ("nightly", "refused", "is none of job:NAME"),
    ],
)
def test_what_has_no_number_says_why_and_does_not_spoil_the_others(answers: Read, expression, trouble, words):
    said = answers(expression, "job:nightly")
    assert isinstance(said[expression], Unread)
    assert said[expression].trouble == trouble
    assert words in said[expression].sentence
    assert isinstance(said["job:nightly"], Measured)


def test_the_address_may_be_that_of_the_api(dagster: Dagster, ask, around):
    said = read(telemetry(f"{dagster.uri}/graphql"), [ask("job:nightly", at=now())], around)["it"]
    assert isinstance(said, Measured)


def test_all_questions_take_one_request_which_an_answer_repeats(dagster: Dagster, ask, around):
    asked = []

    def forward(request: http_stub.Request) -> http_stub.Answer:
        asked.append(json.loads(request.body))
        return http_stub.forward(dagster.uri, request)

    names = ("job:nightly", "asset:churn/features", "job_failed:flaky")
    with http_stub.http_stub(forward) as uri:
        said = read(telemetry(uri), [ask(each, signal=each, at=now()) for each in names], around)
        first = said["job:nightly"].source.query
        query, _, variables = first.rpartition("} {")
        again = {"query": query + "}", "variables": json.loads("{" + variables)}
        request = http_stub.Request(
            method="POST",
            path="/graphql",
            headers={"Content-Type": "application/json"},
            body=json.dumps(again).encode(),
        )
        repeated = http_stub.forward(dagster.uri, request)
    assert len(asked) == 1
    assert repeated.status == 200
    assert json.loads(repeated.body)["data"]["q0"]["results"]


# What the real server does not say on demand


def stubbed(around, ask, expression: str = "job:nightly", **said) -> Answer:
    with http_stub.http_stub(lambda _: http_stub.Answer(**said)) as uri:
        return read(telemetry(uri), [ask(expression, at=NOW)], around)["it"]


def runs(*results: tuple[str, float | None]) -> bytes:
    listed = [
        {"runId": f"run-{number}", "status": status, "endTime": end} for number, (status, end) in enumerate(results)
    ]
    jobs = {"__typename": "RepositoryConnection", "nodes": [{"jobs": [{"name": "nightly"}]}]}
    return json.dumps({"data": {"q0": {"__typename": "Runs", "results": listed}, "jobs": jobs}}).encode()


def test_of_runs_at_the_same_time_the_one_that_ended_last_counts(ask, around):
    body = runs(("SUCCESS", SECONDS - 7200), ("SUCCESS", SECONDS - 3600), ("SUCCESS", None))
    said = stubbed(around, ask, body=body)
    assert isinstance(said, Measured)
    assert said.value == 1
    assert said.note == "Run run-1 succeeded at 2026-11-23 11:00 UTC."


def test_clocks_may_differ_by_a_little(ask, around):
    said = stubbed(around, ask, body=runs(("SUCCESS", SECONDS + 60)))
    assert isinstance(said, Measured)
    assert said.value == 0


def test_clocks_may_not_differ_by_much(ask, around):
    said = stubbed(around, ask, body=runs(("SUCCESS", SECONDS + 3600)))
    assert isinstance(said, Unread)
    assert "later than now: compare the clocks" in said.sentence


@pytest.mark.parametrize(
    "said",
    [
        {"status": 400, "body": b'{"data": null, "errors": [{"message": "Cannot query field \\nnope"}]}'},
        {"body": b'{"data": {"q0": {"message": "Cannot query field nope\\nStack"}, "jobs": {"nodes": []}}}'},
        {"body": b'{"data": {"q0": {"results": []}, "jobs": {"message": "Cannot query field nope"}}}'},
    ],
)
def test_what_dagster_says_itself_is_repeated_in_one_line(ask, around, said):
    found = stubbed(around, ask, **said)
    assert isinstance(found, Unread)
    assert found.trouble == "refused"
    assert 'Cannot query field nope"' in found.sentence


@pytest.mark.parametrize("moment", ["yesterday", "1e99", "9" * 30, "-5"])
def test_a_time_that_is_none_is_malformed(ask, around, moment):
    asset = {"definition": None, "assetMaterializations": [{"timestamp": moment, "runId": "a"}]}
    body = json.dumps({"data": {"q0": asset}}).encode()
    said = stubbed(around, ask, "asset:a", body=body)
    assert isinstance(said, Unread)
    assert said.trouble == "malformed"


@pytest.mark.parametrize("data", [{}, {"q0": None, "jobs": None}, {"q0": {"results": 3}, "jobs": {"nodes": []}}])
def test_data_of_another_shape_is_malformed(ask, around, data):
    said = stubbed(around, ask, body=json.dumps({"data": data}).encode())
    assert isinstance(said, Unread)
    assert said.trouble == "malformed"
