"""All SQL of what a person says about runs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lean_core.runs.direction import Direction
from lean_core.store import first_row, scalar

if TYPE_CHECKING:
    import duckdb


def note_of(cursor: duckdb.DuckDBPyConnection, source: str, run_key: str) -> tuple[str, dt.datetime, str] | None:
    """Return body, time and author of a run's note."""
    return first_row(
        cursor, "select body, updated_at, updated_by from note where source = ? and run_key = ?", [source, run_key]
    )


def put_note(cursor: duckdb.DuckDBPyConnection, values: tuple[str, str, str, dt.datetime, str]) -> None:
    """Write source, run key, body, time and author."""
    cursor.execute("insert or replace into note values (?, ?, ?, ?, ?)", values)


def drop_note(cursor: duckdb.DuckDBPyConnection, source: str, run_key: str) -> None:
    """Delete a run's note."""
    cursor.execute("delete from note where source = ? and run_key = ?", [source, run_key])


def local_tag_of(cursor: duckdb.DuckDBPyConnection, source: str, run_key: str, key: str) -> str | None:
    """Return a local tag's value."""
    value: str | None = scalar(
        cursor,
        "select value from local_tag where source = ? and run_key = ? and key = ?",
        [source, run_key, key],
    )
    return value


def put_local_tag(cursor: duckdb.DuckDBPyConnection, values: tuple[str, str, str, str]) -> None:
    """Write source, run key, key and value."""
    cursor.execute("insert or replace into local_tag values (?, ?, ?, ?)", values)


def drop_local_tag(cursor: duckdb.DuckDBPyConnection, source: str, run_key: str, key: str) -> None:
    """Delete a local tag."""
    cursor.execute("delete from local_tag where source = ? and run_key = ? and key = ?", [source, run_key, key])


def all_directions(cursor: duckdb.DuckDBPyConnection) -> dict[str, Direction]:
    """Return every metric's direction."""
    return dict(cursor.execute("select key, direction from metric_direction").fetchall())


def put_direction(cursor: duckdb.DuckDBPyConnection, values: tuple[str, Direction]) -> None:
    """Write a metric and its direction."""
    cursor.execute("insert or replace into metric_direction values (?, ?)", values)


def drop_direction(cursor: duckdb.DuckDBPyConnection, key: str) -> None:
    """Forget a metric's direction."""
    cursor.execute("delete from metric_direction where key = ?", [key])


def all_views(cursor: duckdb.DuckDBPyConnection) -> list[tuple[str, str, dt.datetime, str]]:
    """Return name, query, time and author of every view."""
    return cursor.execute("select name, query, updated_at, updated_by from saved_view order by name").fetchall()


def put_view(cursor: duckdb.DuckDBPyConnection, values: tuple[str, str, dt.datetime, str]) -> None:
    """Write name, query, time and author."""
    cursor.execute("insert or replace into saved_view values (?, ?, ?, ?)", values)


def drop_view(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    """Delete a view."""
    cursor.execute("delete from saved_view where name = ?", [name])
