"""Take an answer whole: DuckDB streams, and a connection with a row left to fetch refuses other work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb


def first_row(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """Return the first row of an answer, or None where it has none."""
    rows = cursor.execute(sql, parameters).fetchall()
    return rows[0] if rows else None


def scalar(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> Any:  # noqa: ANN401 - as SQL says
    """Return the first value of the first row, or None where there is none."""
    row = first_row(cursor, sql, parameters)
    return None if row is None else row[0]
