"""Read the one row that a database answered with."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from lean_core.signals.answer import Answer, Measured, Question, Source, Trouble, Unread

if TYPE_CHECKING:
    import pyarrow as pa

NUMBERS = frozenset({"int2", "int4", "int8", "float4", "float8", "numeric"})
COUNTS = frozenset({"int2", "int4", "int8", "numeric"})
TIMES = frozenset({"timestamp", "timestamptz", "date"})
_EXTRA = {"n": COUNTS, "observed_at": TIMES}
_WANTED = {"n": "an integer", "observed_at": "a timestamp"}


class _Refused(Exception):
    def __init__(self, trouble: Trouble, sentence: str) -> None:
        super().__init__(sentence)
        self.trouble: Trouble = trouble
        self.sentence = sentence


def read_row(rows: pa.Table, question: Question, source: Source) -> Answer:
    """Return the number of the one row, or why it is none."""
    try:
        value = _read_value(rows)
        extra = _read_extra(rows)
    except _Refused as refused:
        return Unread(trouble=refused.trouble, sentence=f"{source.place}: {refused.sentence}", source=source)
    return Measured(value=value, observed_at=extra.get("observed_at", question.at), source=source, n=extra.get("n"))


def _read_value(rows: pa.Table) -> float:
    if rows.num_rows == 0:
        raise _Refused("empty", "the query has no row.")
    if rows.num_rows > 1:
        raise _Refused("malformed", "the query has several rows: write one that has one, as an aggregate does.")
    value = rows.column(0)[0].as_py()
    if value is None:
        raise _Refused("empty", "the number is NULL: nothing was there to compute it from.")
    kind = _type_of(rows, 0)
    if kind not in NUMBERS:
        raise _Refused("malformed", f"the first column is of the type {kind}, which is no number: cast it to one.")
    number = float(value)  # numeric comes as text
    if math.isnan(number):
        raise _Refused("malformed", "the number is NaN, which no threshold can be held against.")
    if math.isinf(number):
        raise _Refused("malformed", "the number is infinite, or larger than any that can be computed with.")
    return number


def _read_extra(rows: pa.Table) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, name in enumerate(rows.column_names[1:], start=1):
        if name not in _EXTRA or name in found:
            raise _Refused(
                "malformed", "the query has several columns: after the number there may be n and observed_at alone."
            )
        found[name] = _read_column(rows, place, name)
    return found


def _read_column(rows: pa.Table, place: int, name: str) -> int | dt.datetime | None:
    if _type_of(rows, place) not in _EXTRA[name]:
        raise _Refused("malformed", f"the column {name} is of the type {_type_of(rows, place)}: write {_WANTED[name]}.")
    try:
        value = rows.column(place)[0].as_py()
        if value is None and name == "observed_at":
            raise _Refused("empty", "observed_at is NULL: nothing was there to be observed.")
        if value is None or name == "n":
            return None if value is None else int(value)
    except (OverflowError, ValueError):
        raise _Refused("malformed", f"the column {name} has a value that is none of {_WANTED[name]}.") from None
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    return dt.datetime.combine(value, dt.time())


def _type_of(rows: pa.Table, place: int) -> str:
    kind: bytes = (rows.schema.field(place).metadata or {}).get(b"POSTGRESQL:type", b"of another kind")
    return kind.decode(errors="replace")
