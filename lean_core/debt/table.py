"""All SQL of the debt log but for its triggers."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lean_core.debt.item import Item

if TYPE_CHECKING:
    import duckdb

_ITEM = """
    id, title, instead, area, owner, risk, severity, consequence, blocks, trigger_expression, watch, control,
    location, decision, ai_assisted, valuable_data, reviewer, effort_days, created, status, reason, accepted_until,
    revision, updated_at, updated_by
"""
_FIELDS = tuple(each.name for each in dataclasses.fields(Item))
_ROW = f"({', '.join('?' * len(_FIELDS))})"
_ROWS_AT_ONCE = 100


def all_items(cursor: duckdb.DuckDBPyConnection) -> list[Item]:
    """Return every item."""
    rows = cursor.execute(f"select {_ITEM} from debt_item order by id").fetchall()  # noqa: S608 - names of our own
    return [_make_item(row) for row in rows]


def item_of(cursor: duckdb.DuckDBPyConnection, id: str) -> Item | None:  # noqa: A002 - the field's name
    """Return an item; upper and lower case are the same."""
    sql = f"select {_ITEM} from debt_item where lower(id) = lower(?)"  # noqa: S608 - names of our own
    rows = cursor.execute(sql, [id]).fetchall()
    return _make_item(rows[0]) if rows else None


def all_ids(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the ids of all items."""
    return [name for (name,) in cursor.execute("select id from debt_item").fetchall()]


def add_item(cursor: duckdb.DuckDBPyConnection, item: Item) -> None:
    """Write an item that is not there yet."""
    cursor.execute(f"insert into debt_item ({_ITEM}) values {_ROW}", _values(item))  # noqa: S608 - names of our own


def put_items(cursor: duckdb.DuckDBPyConnection, items: Sequence[Item]) -> None:
    """Write items in place of what they were."""
    # 500 replaced one by one take ten times as long as in statements of a hundred.
    for begin in range(0, len(items), _ROWS_AT_ONCE):
        part = items[begin : begin + _ROWS_AT_ONCE]
        rows = ", ".join([_ROW] * len(part))
        sql = f"insert or replace into debt_item ({_ITEM}) values {rows}"  # noqa: S608 - names of our own
        cursor.execute(sql, [value for item in part for value in _values(item)])


def put_review(cursor: duckdb.DuckDBPyConnection, values: tuple[dt.datetime, str, str, int]) -> None:
    """Write time, author and note of a review, and how many items were open."""
    cursor.execute("insert into debt_review (reviewed_at, reviewed_by, note, open_items) values (?, ?, ?, ?)", values)


def newest_review(cursor: duckdb.DuckDBPyConnection) -> tuple[dt.datetime, str, str, int] | None:
    """Return time, author, note and number of open items of the newest review."""
    rows = cursor.execute(
        """
        select reviewed_at, reviewed_by, note, open_items
        from debt_review
        order by reviewed_at desc, rowid desc
        limit 1
        """
    ).fetchall()
    return rows[0] if rows else None


def all_markers(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the fingerprints of the markers that somebody decided on."""
    return {fingerprint for (fingerprint,) in cursor.execute("select fingerprint from debt_marker").fetchall()}


def marker_of(cursor: duckdb.DuckDBPyConnection, fingerprint: str) -> tuple[str | None] | None:
    """Return what was made of a marker: an item, or None inside; nothing where nobody decided."""
    rows = cursor.execute("select item from debt_marker where fingerprint = ?", [fingerprint]).fetchall()
    return rows[0] if rows else None


def put_marker(cursor: duckdb.DuckDBPyConnection, values: tuple[str, dt.datetime, str, str | None]) -> None:
    """Write fingerprint, time, author and item of a decision in place of the one before."""
    cursor.execute(
        "insert or replace into debt_marker (fingerprint, decided_at, decided_by, item) values (?, ?, ?, ?)", values
    )


def _values(item: Item) -> list[object]:
    values = [getattr(item, name) for name in _FIELDS]
    return [list(value) if isinstance(value, tuple) else value for value in values]


def _make_item(row: tuple[Any, ...]) -> Item:
    values = dict(zip(_FIELDS, row, strict=True))
    return Item(**{**values, "blocks": tuple(values["blocks"])})
