"""All SQL of readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

Row = tuple[str, dt.datetime, str, float | None, dt.datetime | None, str]


def put_readings(cursor: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Write signal, time, verdict, value, time of the value and content of readings."""
    if rows:
        cursor.executemany("insert into signal_reading values (?, ?, ?, ?, ?, ?)", rows)


def last_contents(cursor: duckdb.DuckDBPyConnection, most: int) -> list[tuple[str, str]]:
    """Return signal and content of the newest readings of each signal, newest first."""
    return cursor.execute(
        """
        select signal, content
        from signal_reading
        qualify row_number() over (partition by signal order by read_at desc, rowid desc) <= ?
        order by signal, read_at desc, rowid desc
        """,
        [most],
    ).fetchall()


def contents_since(cursor: duckdb.DuckDBPyConnection, signal: str, since: dt.datetime) -> list[str]:
    """Return the content of a signal's readings from a time on, newest first."""
    rows = cursor.execute(
        "select content from signal_reading where signal = ? and read_at >= ? order by read_at desc, rowid desc",
        [signal, since],
    ).fetchall()
    return [content for (content,) in rows]


def points_since(cursor: duckdb.DuckDBPyConnection, since: dt.datetime) -> list[tuple[str, dt.datetime, float]]:
    """Return signal, time and value of all readings that had a value, oldest first."""
    return cursor.execute(
        """
        select signal, observed_at, value
        from signal_reading
        where read_at >= ? and value is not null
        order by signal, read_at, rowid
        """,
        [since],
    ).fetchall()


def thin(cursor: duckdb.DuckDBPyConnection, before: dt.datetime) -> None:
    """Leave of each day before a time the worst reading of each signal, the last of several that are as bad."""
    cursor.execute(
        """
        delete from signal_reading
        where read_at < $before and rowid not in (
            select rowid
            from signal_reading
            where read_at < $before
            qualify row_number() over (
                partition by signal, read_at::date
                order by list_position(['broken', 'unknown', 'warn', 'ok'], state), read_at desc, rowid desc
            ) = 1
        )
        """,
        {"before": before},
    )
