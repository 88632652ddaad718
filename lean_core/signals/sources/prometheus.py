"""Ask Prometheus, or what speaks its HTTP API, by PromQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lean_core.bound import Bound
from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Source, Surroundings, Unread
from lean_core.signals.sources.failure import Failure, attempt
from lean_core.signals.sources.prometheus_answer import (
    NATIVE_HISTOGRAM,
    read_reply,
    read_sample,
    read_warnings,
    take_sample,
    take_series,
)
from lean_core.signals.sources.web import (
    Outcome,
    address_of,
    answer_all,
    ask_within,
    bear,
    open_client,
    place_of,
    send,
    take_token,
    word,
)

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """When a history begins and ends (naive UTC), and how far its points are apart."""

    start: dt.datetime
    end: dt.datetime
    step: dt.timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One number of a history."""

    at: dt.datetime
    """Naive UTC."""
    value: float
    """Finite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What an expression was, step by step; a step at which it was no number is left out."""

    points: tuple[Point, ...]
    source: Source
    note: str = ""


def read(telemetry: TelemetrySettings, questions: Sequence[Question], around: Surroundings) -> Mapping[str, Answer]:
    """Return an answer for each question: its expression, evaluated at its moment."""

    def ask(bound: Bound, token: str | None) -> Iterator[tuple[Question, Outcome]]:
        with open_client(bound, bear(token)) as client:
            for question in questions:
                yield question, attempt(partial(_ask, client, telemetry, question, token), bound)

    return answer_all(telemetry, questions, around.environ, ask)


def _ask(client: httpx.Client, telemetry: TelemetrySettings, question: Question, token: str | None) -> Outcome:
    form = {"query": question.expression, "time": _write_time(question.at), "timeout": _write_wait(telemetry.timeout)}
    # A form, as Grafana sends it: an address has no room for a long expression, and is written to logs.
    response = send(client, client.build_request("POST", address_of(telemetry, "/api/v1/query"), data=form))
    reply = read_reply(response, token)
    if isinstance(reply, Failure):
        return reply
    sample = take_sample(reply)
    if isinstance(sample, Failure):
        return sample
    return Measured(
        value=sample[1],
        observed_at=sample[0],
        source=Source(place=place_of(telemetry), query=question.expression),
        note=read_warnings(reply, token),
    )


def read_range(telemetry: TelemetrySettings, expression: str, span: Span, around: Surroundings) -> History | Unread:
    """Return what an expression was over a span; never raise for what the source does."""
    token = take_token(telemetry, around.environ)
    if isinstance(token, Failure):
        return word(telemetry, expression, token, None)

    def ask(bound: Bound) -> History | Failure:
        with open_client(bound, bear(token)) as client:
            return _ask_range(client, telemetry, expression, span, token)

    found = ask_within(telemetry, ask)
    return word(telemetry, expression, found, token) if isinstance(found, Failure) else found


def _ask_range(
    client: httpx.Client, telemetry: TelemetrySettings, expression: str, span: Span, token: str | None
) -> History | Failure:
    form = {
        "query": expression,
        "start": _write_time(span.start),
        "end": _write_time(span.end),
        "step": _write_wait(span.step),
        "timeout": _write_wait(telemetry.timeout),
    }
    response = send(client, client.build_request("POST", address_of(telemetry, "/api/v1/query_range"), data=form))
    reply = read_reply(response, token)
    if isinstance(reply, Failure):
        return reply
    series = take_series(reply, "matrix")
    if isinstance(series, Failure):
        return series
    samples = [read_sample(each) for each in series.values]
    points = tuple(Point(at=each[0], value=each[1]) for each in samples if not isinstance(each, Failure))
    if not points:
        return next((each for each in samples if isinstance(each, Failure)), NATIVE_HISTOGRAM)
    source = Source(place=place_of(telemetry), query=expression)
    return History(points=points, source=source, note=read_warnings(reply, token))


def _write_time(time: dt.datetime) -> str:
    """Return a moment (naive UTC) as Prometheus wants it."""
    return f"{time.replace(tzinfo=dt.UTC).timestamp():.3f}"


def _write_wait(wait: dt.timedelta) -> str:
    """Return a duration as Prometheus wants it."""
    return f"{max(1, round(wait.total_seconds() * 1000))}ms"
