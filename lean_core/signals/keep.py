"""Readings, kept: written once, read newest first, thinned when they are old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from lean_core.signals import table
from lean_core.signals.reading import Reading

if TYPE_CHECKING:
    import duckdb

WHOLE = dt.timedelta(days=90)
"""So long every reading is kept; older ones as one a day."""


def note_readings(cursor: duckdb.DuckDBPyConnection, readings: Sequence[Reading], *, now: dt.datetime) -> None:
    """Write readings, and thin those that are old."""
    table.put_readings(
        cursor,
        [
            (each.signal, each.read_at, each.verdict, each.value, each.observed_at, msgspec.json.encode(each).decode())
            for each in readings
        ],
    )
    midnight = dt.datetime.combine(now.date(), dt.time())
    table.thin(cursor, midnight - WHOLE)


def last_readings(cursor: duckdb.DuckDBPyConnection, *, most: int) -> dict[str, list[Reading]]:
    """Return the newest readings of each signal, newest first."""
    found: dict[str, list[Reading]] = {}
    for signal, content in table.last_contents(cursor, most):
        found.setdefault(signal, []).append(msgspec.json.decode(content, type=Reading))
    return found


def readings_since(cursor: duckdb.DuckDBPyConnection, signal: str, since: dt.datetime) -> list[Reading]:
    """Return the readings of a signal from a time on, newest first."""
    return [msgspec.json.decode(content, type=Reading) for content in table.contents_since(cursor, signal, since)]


def lines_since(cursor: duckdb.DuckDBPyConnection, since: dt.datetime) -> dict[str, list[tuple[dt.datetime, float]]]:
    """Return time and value of the readings of all signals, oldest first."""
    lines: dict[str, list[tuple[dt.datetime, float]]] = {}
    for signal, at, value in table.points_since(cursor, since):
        lines.setdefault(signal, []).append((at, value))
    return lines
