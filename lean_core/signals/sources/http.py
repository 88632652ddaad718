"""Ask a service for its health: the status of an address, how long it takes, a number in its JSON.

All questions to one address are answered from one GET.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from lean_core.bound import Bound
from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Source, Surroundings
from lean_core.signals.sources.failure import LOGIN_PAGE, Failure, quote
from lean_core.signals.sources.json_path import JSON_PATH, pick_number
from lean_core.signals.sources.web import (
    Outcome,
    address_of,
    answer_all,
    bear,
    fail,
    is_closed,
    is_web_page,
    open_client,
    place_of,
    send,
)

if TYPE_CHECKING:
    import httpx

_JSON = "json:"
_MILLISECONDS = 1000
_UNITS = {"latency": "ms"}


def read(telemetry: TelemetrySettings, questions: Sequence[Question], around: Surroundings) -> Mapping[str, Answer]:
    """Return an answer for each question: ``status``, ``latency`` (milliseconds) or ``json:PATH``."""

    def ask(bound: Bound, token: str | None) -> Iterator[tuple[Question, Outcome]]:
        understood = [each for each in questions if _is_understood(each.expression.strip())]
        yield from ((each, _misunderstand(each.expression)) for each in questions if each not in understood)
        if not understood:
            return
        with open_client(bound, bear(token)) as client:
            url = address_of(telemetry)
            begun = time.perf_counter()
            response = send(client, client.build_request("GET", url))
            took = (time.perf_counter() - begun) * _MILLISECONDS
        source = Source(place=place_of(telemetry), query=f"GET {place_of(telemetry)}")
        for each in understood:
            outcome = _check(response, url, token) or _take(each.expression.strip(), response, took, token)
            if isinstance(outcome, Failure):
                # What one expression does not find, another one may.
                yield each, dataclasses.replace(outcome, is_final=False)
            else:
                yield each, _measure(outcome, each, source, response)

    return answer_all(telemetry, questions, around.environ, ask)


def _is_understood(expression: str) -> bool:
    if expression.startswith(_JSON):
        return JSON_PATH.fullmatch(expression.removeprefix(_JSON)) is not None
    return expression in {"status", "latency"}


def _misunderstand(expression: str) -> Failure:
    reason = (
        f'the expression "{quote(expression, None)}" is none of status, latency and json:PATH (as json:model.age_h)'
    )
    return Failure(trouble="refused", reason=reason)


def _check(response: httpx.Response, url: httpx.URL, token: str | None) -> Failure | None:
    """Return why an answer tells nothing of the service."""
    if is_closed(response):
        return fail(response, token)
    return LOGIN_PAGE if response.url != url and is_web_page(response.content) else None


def _take(expression: str, response: httpx.Response, took: float, token: str | None) -> float | Failure:
    if expression == "status":
        return float(response.status_code)
    is_fine = response.status_code < HTTPStatus.BAD_REQUEST
    if expression == "latency":
        # To fail quickly is no good latency.
        return took if is_fine else fail(response, token)
    found = pick_number(response.content, expression.removeprefix(_JSON))
    if isinstance(found, Failure) and not is_fine:
        return fail(response, token)
    return found


def _measure(value: float, question: Question, source: Source, response: httpx.Response) -> Measured:
    expression, status = question.expression.strip(), response.status_code
    is_odd = expression != "status" and status >= HTTPStatus.BAD_REQUEST
    return Measured(
        value=value,
        observed_at=question.at,
        source=source,
        unit=_UNITS.get(expression, ""),
        note=f"The answer in which it stands has status {status}." if is_odd else "",
    )
