"""Ask Logfire by SQL, through its own client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from lean_core.bound import Bound
from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Source, Surroundings
from lean_core.signals.sources.failure import LOGIN_PAGE, NO_JSON, OTHER_SHAPE, Failure, attempt, quote
from lean_core.signals.sources.logfire_rows import Row, take_row
from lean_core.signals.sources.web import Outcome, answer_all, fail, is_web_page, place_of

if TYPE_CHECKING:
    import httpx
    from logfire.query_client import LogfireQueryClient

_ROWS = 2
"""One is needed; the second one tells that there are more."""
_NO_TOKEN = Failure(trouble="unauthorised", reason="Logfire wants a read token: name its variable as token_env")
_NO_REASON = "without a reason"


def read(telemetry: TelemetrySettings, questions: Sequence[Question], around: Surroundings) -> Mapping[str, Answer]:
    """Return an answer for each question: its SQL over what was recorded in its window."""
    import httpx  # before the time is taken: the client alone needs more than half a second
    from logfire.query_client import LogfireQueryClient

    from lean_core.signals.sources.transport import BoundTransport

    def ask(bound: Bound, token: str | None) -> Iterator[tuple[Question, Outcome]]:
        if token is None:
            yield from ((question, _NO_TOKEN) for question in questions)
            return
        heard = _Heard()
        client = LogfireQueryClient(
            token,
            telemetry.url,
            httpx.Timeout(None),  # the transport sets it
            transport=BoundTransport(bound),
            event_hooks={"response": [heard.keep]},
        )
        with client:
            for question in questions:
                yield question, attempt(partial(_ask, client, heard, telemetry, question), bound)

    return answer_all(telemetry, questions, around.environ, ask)


class _Heard:
    """Keeps the last response: what the client raises has neither its status nor its body by themselves."""

    def __init__(self) -> None:
        self.response: httpx.Response | None = None

    def keep(self, response: httpx.Response) -> None:
        response.read()
        self.response = response


def _ask(client: LogfireQueryClient, heard: _Heard, telemetry: TelemetrySettings, question: Question) -> Outcome:
    from logfire.query_client import QueryExecutionError, QueryRequestError, UnexpectedResponseError

    since = question.at - question.window
    try:
        result = client.query_json_rows(
            question.expression, min_timestamp=since, max_timestamp=question.at, limit=_ROWS
        )
    except (QueryExecutionError, QueryRequestError) as error:
        if heard.response is not None and is_web_page(heard.response.content):
            return LOGIN_PAGE
        said = quote(_find_message(error.problem, error.args[0]), client.read_token)
        return Failure(trouble="refused", reason=f'Logfire refuses the query: "{said}"')
    except UnexpectedResponseError as error:
        return _explain(heard, client.read_token, error.retry_after)
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ):  # it takes an answer for one of Logfire's
        return _explain(heard, client.read_token, None)
    row = take_row(result["rows"])
    if isinstance(row, Failure):
        return row
    return _measure(row, question, since, telemetry)


def _measure(row: Row, question: Question, since: dt.datetime, telemetry: TelemetrySettings) -> Measured:
    return Measured(
        value=row.value,
        n=row.n,
        observed_at=question.at,
        since=since,
        source=Source(place=place_of(telemetry), query=question.expression),
    )


def _explain(heard: _Heard, token: str, wait: float | None) -> Failure:
    """Return why an answer is none of Logfire's."""
    response = heard.response
    if response is None:
        return OTHER_SHAPE
    if response.status_code != HTTPStatus.OK:
        return fail(response, token, wait)
    if is_web_page(response.content):
        return LOGIN_PAGE
    return OTHER_SHAPE if response.content.lstrip()[:1] in {b"{", b"["} else NO_JSON


def _find_message(*told: object) -> str:
    """Return what Logfire says of a query that it refuses, wherever it says it."""
    for each in told:
        if isinstance(each, str) and each.strip():
            return each
        if isinstance(each, Mapping):
            found = _find_message(*(each.get(key) for key in ("detail", "message", "msg", "title")))
        elif isinstance(each, list):
            found = _find_message(*each)
        else:
            continue
        if found != _NO_REASON:
            return found
    return _NO_REASON
