"""Take the number out of the rows that Logfire answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from lean_core.signals.sources.failure import OTHER_SHAPE, Failure, quote
from lean_core.signals.sources.number import take_number

COUNT = "n"
"""The name of a second column that says how many rows were counted."""
_SOME_COLUMNS = 4
_NO_ROWS = Failure(trouble="empty", reason="the query has no rows: nothing was recorded in its window")
_NULL = Failure(trouble="empty", reason="the number is null: nothing was recorded in the window of the query")
_MANY_ROWS = Failure(
    trouble="malformed", reason='the query has more than one row, where one number is needed: aggregate, or "limit 1"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The one row."""

    value: float
    n: int | None
    """None: the query does not say how many rows it counted."""


def take_row(rows: object) -> Row | Failure:
    """Return the number of the one row, and its count."""
    try:
        found = msgspec.convert(rows, tuple[dict[str, object], ...])
    except msgspec.ValidationError:
        return OTHER_SHAPE
    if len(found) != 1:
        return _MANY_ROWS if found else _NO_ROWS
    return _take_number(found[0])


def _take_number(row: Mapping[str, object]) -> Row | Failure:
    values = dict(row)
    n = _take_count(values.pop(COUNT)) if len(row) > 1 and COUNT in row else None
    if isinstance(n, Failure):
        return n
    if len(values) != 1:
        return _choose(list(row))
    (name, value), *_ = values.items()
    if value is None or n == 0:
        return _NULL
    if not isinstance(value, int | float):
        reason = f'the column "{quote(name, None)}" is not a number: make it one, as in "cast(… as double)"'
        return Failure(trouble="malformed", reason=reason)
    number = take_number(value)
    return number if isinstance(number, Failure) else Row(value=number, n=n)


def _take_count(value: object) -> int | Failure:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return Failure(trouble="malformed", reason=f'the column "{COUNT}" is not a count of rows, which it has to be')


def _choose(names: list[str]) -> Failure:
    some = ", ".join(quote(name, None) for name in names[:_SOME_COLUMNS])
    more = ", …" if len(names) > _SOME_COLUMNS else ""
    reason = (
        f"the query has {len(names)} columns ({some}{more}), where one number is needed, and at most a second column"
        f' "{COUNT}" with the count of rows: choose one'
    )
    return Failure(trouble="malformed", reason=reason)
