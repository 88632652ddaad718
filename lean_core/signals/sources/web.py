"""Ask a source over HTTP: its address, its token, and how a number or a failure becomes an answer."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import msgspec

from lean_core.bound import Bound, run_within
from lean_core.settings import TelemetrySettings, redact
from lean_core.signals.answer import Answer, Measured, Question, Source, Unread, read_token
from lean_core.signals.sources.failure import LOGIN_PAGE, NO_JSON, OTHER_SHAPE, Failure, attempt, fail_by_status, hide

if TYPE_CHECKING:
    import httpx

REDIRECTS = 3
T = TypeVar("T")
Outcome = Measured | Failure
Work = Callable[[Bound, str | None], Iterator[tuple[Question, Outcome]]]
"""Asks the questions, with a token or None, and yields what came of each."""


def answer_all(
    telemetry: TelemetrySettings, questions: Sequence[Question], environ: Mapping[str, str], work: Work
) -> dict[str, Answer]:
    """Return an answer for each question, in the time that the telemetry has for all of them."""
    token = take_token(telemetry, environ)
    if isinstance(token, Failure):
        return {each.signal: word(telemetry, each.expression, token, None) for each in questions}
    found: dict[str, Outcome] = {}
    rest = ask_within(telemetry, lambda bound: _gather(work(bound, token), found))
    if rest.trouble == "timed out" and found:
        seconds = telemetry.timeout.total_seconds()
        reason = (
            f"it answered {len(found)} of {len(questions)} questions within {seconds:g} s, and not this one: raise"
            " timeout, or give what is slow a telemetry of its own"
        )
        rest = dataclasses.replace(rest, reason=reason)
    outcomes = dict(found)  # the thread that was left behind may still add to it
    answers: dict[str, Answer] = {}
    for each in questions:
        outcome = outcomes.get(each.signal, rest)
        if isinstance(outcome, Failure):
            answers[each.signal] = word(telemetry, each.expression, outcome, token)
        else:
            answers[each.signal] = outcome
    return answers


def ask_within(telemetry: TelemetrySettings, work: Callable[[Bound], T | Failure]) -> T | Failure:
    """Return what ``work`` returns in the time that the telemetry has, or why there is nothing."""
    seconds = telemetry.timeout.total_seconds()
    try:
        return run_within(seconds, lambda bound: attempt(lambda: work(bound), bound))
    except TimeoutError:
        return Failure(trouble="timed out", reason=f"it did not answer within {seconds:g} s")


def _gather(outcomes: Iterator[tuple[Question, Outcome]], found: dict[str, Outcome]) -> Failure:
    """Collect outcomes until one would be that of all others too, and return that one."""
    for question, outcome in outcomes:
        found[question.signal] = outcome
        if isinstance(outcome, Failure) and outcome.is_final:
            return outcome
    return Failure(trouble="malformed", reason="its answer leaves this question out")


def take_token(telemetry: TelemetrySettings, environ: Mapping[str, str]) -> str | Failure | None:
    """Return the token that the settings name, None where they name none."""
    token = read_token(telemetry, environ)
    if isinstance(token, Unread):
        return Failure(trouble=token.trouble, reason=token.sentence[0].lower() + token.sentence[1:])
    if token is not None and token != token.strip():
        # It could not be sent, and httpx would write it to the log with its complaint.
        reason = f"the environment variable {telemetry.token_env}, which holds the token, has spaces around it"
        return Failure(trouble="unauthorised", reason=reason)
    return token


def word(telemetry: TelemetrySettings, query: str, failure: Failure, token: str | None) -> Unread:
    """Return a failure as an answer whose sentence names the place."""
    place = place_of(telemetry)
    sentence = f"{hide(f'{place}: {failure.reason}', token).rstrip('.')}."
    return Unread(trouble=failure.trouble, sentence=sentence, source=Source(place=place, query=query))


def place_of(telemetry: TelemetrySettings) -> str:
    """Return the address without secrets."""
    return redact(telemetry.url)


def address_of(telemetry: TelemetrySettings, path: str = "") -> httpx.URL:
    """Return the address of what lies under a server's own one.

    Raises:
        httpx.InvalidURL: that is no address.
    """
    import httpx

    url = httpx.URL(telemetry.url)
    return url.copy_with(path=url.path.rstrip("/") + path) if path else url


@contextlib.contextmanager
def open_client(bound: Bound, headers: Mapping[str, str]) -> Iterator[httpx.Client]:
    """Open a client that sends these headers, and ends when time is up."""
    import httpx

    from lean_core.signals.sources.transport import BoundTransport

    usual = {"Accept": "application/json, text/plain;q=0.5", "User-Agent": "lean-mlops"}
    with httpx.Client(transport=BoundTransport(bound), headers=usual | dict(headers)) as client:
        yield client


def bear(token: str | None) -> dict[str, str]:
    """Return the header that carries a token."""
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def send(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Return the answer to a request, following redirects that lead to the same server."""
    response = client.send(request)
    for _ in range(REDIRECTS):
        following = response.next_request
        if following is None or following.method != request.method or not _same_server(response.url, following.url):
            break
        response = client.send(following)
    return response


def fail(response: httpx.Response, token: str | None, wait: float | None = None) -> Failure:
    """Return what the status of an answer means, where it is no answer to the question.

    Args:
        response: the answer.
        token: what was sent.
        wait: the seconds after which the source wants to be asked again; None: its headers may say so.
    """
    told = response.headers.get("Retry-After", "")
    if wait is None and told.isdecimal():
        wait = float(told)
    return fail_by_status(response.status_code, has_token=token is not None, wait=wait)


def is_closed(response: httpx.Response) -> bool:
    """Whether who answers does not let us in, so that its answer is not the source's."""
    return response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} or response.has_redirect_location


def is_web_page(content: bytes) -> bool:
    """Whether an answer looks like HTML."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def parse(content: bytes, shape: type[T]) -> T | Failure:
    """Return the JSON of an answer, in the shape that it must have."""
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError:
        return OTHER_SHAPE
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return LOGIN_PAGE if is_web_page(content) else NO_JSON


def _same_server(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether two addresses lead to the same server; from http to https of the same host is no other one."""
    if one.host != other.host:
        return False
    if one.scheme == other.scheme:
        return one.port == other.port
    return (one.scheme, one.port, other.scheme, other.port) == ("http", None, "https", None)
