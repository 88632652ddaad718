"""Why a source gave no number, in words that can be shown."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from lean_core.bound import Bound
from lean_core.settings import redact
from lean_core.signals.answer import Trouble

LONGEST = 200
"""Letters of what a source says itself: the rest is in its log."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No number, and why: the rest of a sentence that names where it was asked."""

    trouble: Trouble
    reason: str
    is_final: bool = False
    """Whether the source would say so to every other question too."""


LOGIN_PAGE = Failure(
    trouble="malformed",
    reason="the answer is a web page (HTML): the address is wrong, or a login stands before it",
    is_final=True,
)
NO_JSON = Failure(trouble="malformed", reason="the answer is not JSON: check the address", is_final=True)

OTHER_SHAPE = Failure(
    trouble="malformed", reason="the answer is JSON, but not as expected: check kind and address", is_final=True
)

_SAYINGS: dict[int, tuple[Trouble, str]] = {
    HTTPStatus.UNAUTHORIZED: ("unauthorised", "it wants a token (401): name one as token_env"),
    HTTPStatus.FORBIDDEN: ("unauthorised", "it forbids the question (403): check what the token may read"),
    HTTPStatus.NOT_FOUND: ("missing", "nothing is there (404): check the address"),
}


def hide(text: str, token: str | None) -> str:
    """Return a text in one line, without the token and without other secrets."""
    if token:
        text = text.replace(token, "***")
    return redact(" ".join("".join(each if each.isprintable() else " " for each in text).split()))


def quote(text: str, token: str | None) -> str:
    """Return what a source said itself, in one line of at most `LONGEST` letters."""
    text = hide(text, token).rstrip(".")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def fail_by_status(status: int, *, has_token: bool, wait: float | None = None) -> Failure:
    """Return what an HTTP status other than 200 means.

    Args:
        status: what came instead.
        has_token: whether one was sent.
        wait: the seconds after which the source wants to be asked again.
    """
    if status in _SAYINGS:
        trouble, reason = _SAYINGS[status]
        if status == HTTPStatus.UNAUTHORIZED and has_token:
            reason = "it does not accept the token (401)"
        return Failure(trouble=trouble, reason=reason, is_final=True)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        later = f"again in {wait:.0f} s" if wait else "less often"
        return Failure(trouble="refused", reason=f"it was asked too often (429): ask {later}", is_final=True)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Failure(trouble="unreachable", reason=f"it failed (status {status})", is_final=True)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        reason = f"it redirects elsewhere (status {status}), which is not followed: name the final address"
        return Failure(trouble="malformed", reason=reason, is_final=True)
    return Failure(trouble="refused", reason=f"it answered with status {status}")


def attempt(work: Callable[[], T], bound: Bound) -> T | Failure:
    """Return what ``work`` returns, or why it could not be asked.

    Raises:
        TimeoutError: it took too long.
    """
    import httpx

    try:
        return work()
    except (TimeoutError, httpx.TimeoutException):
        raise TimeoutError from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
        bound.left()  # a socket that was shut because time was up fails in many ways
        return _explain(error)


def _explain(error: Exception) -> Failure:
    import httpx

    from lean_core.signals.sources.transport import LIMIT, AnswerPacked, AnswerTooLong

    match error:
        case AnswerTooLong():
            reason = f"the answer is longer than {LIMIT // 1024**2} MB: aggregate"
            return Failure(trouble="malformed", reason=reason)
        case AnswerPacked():
            return Failure(trouble="malformed", reason="the answer is compressed, which was not asked for")
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return _unreachable("that is no address: check it in lean.toml")
        case httpx.ConnectError():
            return _unreachable(_explain_connection(error))
    return _unreachable("the connection broke off before the answer was whole, or it does not speak HTTP")


def _explain_connection(error: BaseException | None) -> str:
    while error is not None:  # httpx wraps what the system said, twice
        match error:
            case socket.gaierror():
                return "its host is not known here: check the address and the network"
            case ConnectionRefusedError():
                return "nothing listens there"
            case ssl.SSLCertVerificationError():
                return "its certificate can't be verified"
            case ssl.SSLError():
                return "no secure connection could be agreed on: is it https?"
            case OSError():
                return f"it can't be reached ({error.strerror or type(error).__name__})"
        error = error.__cause__ or error.__context__
    return "it can't be reached"


def _unreachable(reason: str) -> Failure:
    return Failure(trouble="unreachable", reason=reason, is_final=True)
