"""Ask Prometheus, or what speaks its HTTP API, by PromQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from lean_core.bound import Bound
from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Source, Surroundings
from lean_core.signals.sources.failure import Failure, attempt
from lean_core.signals.sources.prometheus_answer import read_reply, read_warnings, take_sample
from lean_core.signals.sources.web import Outcome, address_of, answer_all, bear, open_client, place_of, send

if TYPE_CHECKING:
    import httpx


def read(telemetry: TelemetrySettings, questions: Sequence[Question], around: Surroundings) -> Mapping[str, Answer]:
    """Return an answer for each question: its expression, evaluated at its moment."""

    def ask(bound: Bound, token: str | None) -> Iterator[tuple[Question, Outcome]]:
        with open_client(bound, bear(token)) as client:
            for question in questions:
                yield question, attempt(partial(_ask, client, telemetry, question, token))

    return answer_all(telemetry, questions, around.environ, ask)


def _ask(client: httpx.Client, telemetry: TelemetrySettings, question: Question, token: str | None) -> Outcome:
    form = {"query": question.expression, "time": write_time(question.at), "timeout": write_wait(telemetry.timeout)}
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


def write_time(time: dt.datetime) -> str:
    """Return a moment (naive UTC) as Prometheus wants it."""
    return f"{time.replace(tzinfo=dt.UTC).timestamp():.3f}"


def write_wait(wait: dt.timedelta) -> str:
    """Return a duration as Prometheus wants it."""
    return f"{max(1, round(wait.total_seconds() * 1000))}ms"
