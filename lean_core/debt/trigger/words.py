"""Values, times and comparisons as a person says them."""

from __future__ import annotations

import datetime as dt

from lean_core.debt.trigger.kinds import Kind
from lean_core.debt.trigger.nodes import Operator

LONGEST = 80
"""Characters of a text's value in a sentence."""
OPPOSITE: dict[Operator, Operator] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED: dict[Operator, Operator] = {"=": "=", "!=": "!=", "<": ">", ">=": "<=", ">": "<", "<=": ">="}
"""What an operator is when its sides change places."""

_COMMON: dict[Operator, str] = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
_ORDER: dict[Kind, dict[Operator, str]] = {
    "number": _COMMON,
    "date": {"<": "before", "<=": "on or before", ">": "after", ">=": "on or after"},
    "version": {**_COMMON, "<": "older than", ">": "newer than"},
}


def tell_order(kind: Kind, operator: Operator) -> str:
    """Return the words for an operator that orders values of a kind."""
    return _ORDER[kind][operator]


def tell_value(value: object) -> str:
    """Return a value as it stands in a sentence."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - where repr turns to e16
        return str(int(value))
    if isinstance(value, str):
        return f'"{value if len(value) <= LONGEST else value[:LONGEST] + "…"}"'
    return str(value)


def tell_time(time: dt.datetime) -> str:
    """Return a naive UTC time as it stands in a sentence."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def tell_length(length: dt.timedelta) -> str:
    """Return a length of time as it stands in a sentence."""
    days, hours = length.days, length // dt.timedelta(hours=1)
    count, unit = (days, "day") if length == dt.timedelta(days=days) else (hours, "hour")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
