"""Read what Prometheus answers."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

import msgspec

from lean_core.signals.sources.failure import OTHER_SHAPE, Failure, quote
from lean_core.signals.sources.number import parse_number
from lean_core.signals.sources.web import fail, is_closed, parse

if TYPE_CHECKING:
    import httpx

_TOO_SLOW = frozenset({"timeout", "canceled"})
_NO_SERIES = Failure(
    trouble="empty",
    reason=(
        "no series answers the expression: nothing of that name was scraped in the 5 minutes before, or nothing was"
        ' counted yet; add "or vector(0)" only where that means 0'
    ),
)
_RANGE = Failure(
    trouble="malformed",
    reason="the expression has a value for each scrape: make one of them, by rate() or max_over_time()",
)
NATIVE_HISTOGRAM = Failure(
    trouble="malformed",
    reason="the answer is a native histogram: take a number from it, by histogram_quantile() or histogram_avg()",
)
_SOME_LABELS = 3

Sample = tuple[float, str]
"""A time in seconds, and a number as a text."""


class Series(msgspec.Struct, frozen=True):
    """One series, with its sample at a moment or its samples over a range."""

    metric: dict[str, str] = {}
    value: Sample | None = None
    """None: it is a native histogram."""
    values: tuple[Sample, ...] = ()


class Data(msgspec.Struct, frozen=True, rename="camel"):
    """The data of an answer."""

    result_type: Literal["scalar", "string", "vector", "matrix"]
    result: msgspec.Raw


class Reply(msgspec.Struct, frozen=True, rename="camel"):
    """A whole answer."""

    status: Literal["success", "error"]
    data: Data | None = None
    error_type: str = ""
    error: str = ""
    warnings: tuple[str, ...] = ()


def read_reply(response: httpx.Response, token: str | None) -> Reply | Failure:
    """Return what a server answers, where it is an answer to the question."""
    if is_closed(response):
        return fail(response, token)
    reply = parse(response.content, Reply)
    if isinstance(reply, Reply) and reply.status == "error":
        return _explain(reply, token)
    return reply if response.status_code == HTTPStatus.OK else fail(response, token)


def read_warnings(reply: Reply, token: str | None) -> str:
    """Return what a server warns of, such as a store that it could not reach."""
    return f'It warns: "{quote("; ".join(reply.warnings), token)}".' if reply.warnings else ""


def take_sample(reply: Reply) -> tuple[dt.datetime, float] | Failure:
    """Return the time (naive UTC) and the value of the one sample of an instant query."""
    sample: Sample | None
    if reply.data is not None and reply.data.result_type == "scalar":
        time_and_text = parse(bytes(reply.data.result), tuple[float, str])
        if isinstance(time_and_text, Failure):
            return time_and_text
        sample = time_and_text
    else:
        series = take_series(reply, "vector")
        if isinstance(series, Failure):
            return series
        sample = series.value
    if sample is None:
        return NATIVE_HISTOGRAM
    return read_sample(sample)


def read_sample(sample: Sample) -> tuple[dt.datetime, float] | Failure:
    """Return the time (naive UTC) and the value of a sample."""
    value = parse_number(sample[1])
    if isinstance(value, Failure):
        return value
    try:
        return dt.datetime.fromtimestamp(sample[0], dt.UTC).replace(tzinfo=None), value
    except (OverflowError, OSError, ValueError):
        return OTHER_SHAPE


def take_series(reply: Reply, kind: Literal["vector", "matrix"]) -> Series | Failure:
    """Return the one series of an answer."""
    if reply.data is None:
        return Failure(trouble="malformed", reason="the answer has no data")
    if reply.data.result_type == "string":
        return Failure(trouble="malformed", reason="the expression is a text, where a number is needed")
    if reply.data.result_type != kind:
        return _RANGE
    series = parse(bytes(reply.data.result), tuple[Series, ...])
    if isinstance(series, Failure):
        return series
    if not series:
        return _NO_SERIES
    return series[0] if len(series) == 1 else _too_many(series)


def _too_many(series: tuple[Series, ...]) -> Failure:
    names = sorted({name for each in series for name in each.metric})
    differing = [name for name in names if len({each.metric.get(name) for each in series}) > 1]
    some = ", ".join(quote(name, None) for name in differing[:_SOME_LABELS])
    more = ", …" if len(differing) > _SOME_LABELS else ""
    reason = (
        f"{len(series)} series answer the expression, where one number is needed: make one of them, by sum() or max(),"
        f" or choose one by its labels ({some}{more})"
    )
    return Failure(trouble="malformed", reason=reason)


def _explain(reply: Reply, token: str | None) -> Failure:
    said = quote(reply.error or reply.error_type or "without a reason", token)
    if reply.error_type in _TOO_SLOW:
        return Failure(trouble="timed out", reason=f'Prometheus gave up: "{said}"')
    return Failure(trouble="refused", reason=f'Prometheus refuses the expression: "{said}"')
