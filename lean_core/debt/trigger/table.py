"""All SQL of triggers: how their states changed, and which of them are snoozed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import duckdb

    from lean_core.debt.trigger.evaluate import State


class ChangeRow(NamedTuple):
    """A change of a trigger's state."""

    item: str
    change: int
    """Counts those of the item."""
    expression: str
    changed_at: dt.datetime
    state: State
    sentence: str
    evidence: str


class SnoozeRow(NamedTuple):
    """Until when a trigger is left alone."""

    item: str
    change: int
    """The state that is left alone."""
    until: dt.datetime
    reason: str
    snoozed_at: dt.datetime
    snoozed_by: str


def last_changes(cursor: duckdb.DuckDBPyConnection) -> dict[str, ChangeRow]:
    """Return the newest change of each item."""
    rows = cursor.execute(
        """
        select item, change, expression, changed_at, state, sentence, evidence
        from debt_trigger
        qualify change = max(change) over (partition by item)
        """
    ).fetchall()
    return {row[0]: ChangeRow(*row) for row in rows}


def changes_of(cursor: duckdb.DuckDBPyConnection, item: str, *, since: int = 0) -> list[ChangeRow]:
    """Return the changes of an item from one on, newest first."""
    rows = cursor.execute(
        """
        select item, change, expression, changed_at, state, sentence, evidence
        from debt_trigger
        where item = ? and change >= ?
        order by change desc
        """,
        [item, since],
    ).fetchall()
    return [ChangeRow(*row) for row in rows]


def put_change(cursor: duckdb.DuckDBPyConnection, row: ChangeRow) -> None:
    """Write a change."""
    cursor.execute("insert into debt_trigger values (?, ?, ?, ?, ?, ?, ?)", row)


def all_snoozes(cursor: duckdb.DuckDBPyConnection) -> dict[str, SnoozeRow]:
    """Return the snooze of each item that has one, over or not."""
    rows = cursor.execute('select item, change, "until", reason, snoozed_at, snoozed_by from debt_snooze').fetchall()
    return {row[0]: SnoozeRow(*row) for row in rows}


def put_snooze(cursor: duckdb.DuckDBPyConnection, row: SnoozeRow) -> None:
    """Write a snooze in place of the one before."""
    cursor.execute("insert or replace into debt_snooze values (?, ?, ?, ?, ?, ?)", row)


def drop_snooze(cursor: duckdb.DuckDBPyConnection, item: str) -> None:
    """Delete a snooze."""
    cursor.execute("delete from debt_snooze where item = ?", [item])
