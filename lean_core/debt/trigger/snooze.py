"""Snoozing: a trigger that fired, or can't be evaluated, is left alone for a while, by somebody and for a reason.

What is left alone is one state of one expression. The trigger speaks again when the time is over, when its expression
or its state becomes another, and when it fires anew after having been armed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.debt.secrets import refuse_secrets
from lean_core.debt.trigger import table
from lean_core.errors import UsageError

if TYPE_CHECKING:
    import duckdb

NOUN = "debt snooze"
LONGEST_REASON = 500
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """What is to be left alone."""

    item: str
    expression: str
    """As it was seen: another one is not snoozed."""
    until: dt.datetime
    """Naive UTC."""
    reason: str


def snooze(cursor: duckdb.DuckDBPyConnection, wanted: Snooze, *, actor: str) -> None:
    """Leave a trigger alone for a while, in place of a snooze that it may have.

    Raises:
        UsageError: there is nothing to leave alone, or the time or the reason makes no sense.
        DebtRefused: the reason holds what looks like a credential.
    """
    now, reason = clock.now(), wanted.reason.strip()
    if wanted.until <= now:
        raise UsageError(f"a snooze until {wanted.until:%Y-%m-%d} is over already: name a day after {now:%Y-%m-%d}")
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise UsageError(
            f"a snooze needs a reason in one line of 1 to {LONGEST_REASON} characters: say why it may wait"
        )
    refuse_secrets({"reason": reason}, where=f"the snooze of {wanted.item}")
    last = table.last_changes(cursor).get(wanted.item)
    if last is None or last.expression != wanted.expression:
        raise UsageError(f"the trigger of {wanted.item} was not evaluated yet as it is now: look at it again first")
    if last.state == "armed":
        raise UsageError(f"the trigger of {wanted.item} has not fired: there is nothing to snooze")
    before = _fields(cursor, wanted.item)
    table.put_snooze(cursor, table.SnoozeRow(wanted.item, last.change, wanted.until, reason, now, actor))
    _record(cursor, wanted.item, actor, before)


def end_snooze(cursor: duckdb.DuckDBPyConnection, item: str, *, actor: str) -> None:
    """Let a trigger speak again; one that is not snoozed does anyway."""
    before = _fields(cursor, item)
    if before is not None:
        table.drop_snooze(cursor, item)
        _record(cursor, item, actor, before)


def find_snoozes(cursor: duckdb.DuckDBPyConnection, *, now: dt.datetime) -> dict[str, table.SnoozeRow]:
    """Return the snoozes that count now, by item."""
    snoozes = table.all_snoozes(cursor)
    return {item: row for item, row in snoozes.items() if now < row.until and _counts(cursor, row)}


def _counts(cursor: duckdb.DuckDBPyConnection, row: table.SnoozeRow) -> bool:
    since = table.changes_of(cursor, row.item, since=row.change)
    newest, silenced = since[0], since[-1]
    same = all(each.expression == silenced.expression and each.state != "armed" for each in since)
    return same and newest.state == silenced.state


def _record(cursor: duckdb.DuckDBPyConnection, item: str, actor: str, before: dict[str, object] | None) -> None:
    from lean_core.store import Change, record  # late: it brings duckdb

    record(cursor, Change(actor=actor, noun=NOUN, subject=item, before=before, after=_fields(cursor, item)))


def _fields(cursor: duckdb.DuckDBPyConnection, item: str) -> dict[str, object] | None:
    row = table.all_snoozes(cursor).get(item)
    if row is None:
        return None
    (*_, silenced) = table.changes_of(cursor, item, since=row.change)
    return {"expression": silenced.expression, "until": row.until.isoformat(), "reason": row.reason}
