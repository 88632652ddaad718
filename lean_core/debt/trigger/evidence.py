"""Facts as JSON, so that what a trigger fired on stays readable: each value says whether it is a date."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

import msgspec

from lean_core.debt.trigger.known import Known, Value


class _Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    meaning: str
    value: bool | int | float | str | None = None
    kind: str = ""
    """``date``, or ``float`` for what JSON has no number for; what else it is, JSON says."""
    unknown: str = ""
    observed_at: dt.datetime | None = None
    source: str = ""


def encode_evidence(used: Iterable[Known]) -> str:
    """Write facts down."""
    return msgspec.json.encode([_to_line(known) for known in used]).decode()


def decode_evidence(text: str) -> tuple[Known, ...]:
    """Read facts back."""
    return tuple(_from_line(line) for line in msgspec.json.decode(text, type=list[_Line]))


def _to_line(known: Known) -> _Line:
    value, kind = known.value, ""
    if isinstance(value, dt.date):
        value, kind = value.isoformat(), "date"
    elif isinstance(value, float) and not math.isfinite(value):
        value, kind = str(value), "float"
    return _Line(
        name=known.name,
        meaning=known.meaning,
        value=value,
        kind=kind,
        unknown=known.unknown,
        observed_at=known.observed_at,
        source=known.source,
    )


def _from_line(line: _Line) -> Known:
    value: Value = line.value
    if line.kind == "date":
        value = dt.datetime.fromisoformat(str(value)) if "T" in str(value) else dt.date.fromisoformat(str(value))
    elif line.kind == "float":
        value = float(str(value))
    return Known(
        name=line.name,
        value=value,
        meaning=line.meaning,
        unknown=line.unknown,
        observed_at=line.observed_at,
        source=line.source,
    )
