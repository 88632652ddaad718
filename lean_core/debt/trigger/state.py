"""The states of triggers over time: each change is kept with what it rested on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lean_core.debt.trigger import table
from lean_core.debt.trigger.evaluate import Reading
from lean_core.debt.trigger.evidence import decode_evidence, encode_evidence
from lean_core.debt.trigger.known import Known
from lean_core.debt.trigger.snooze import find_snoozes

if TYPE_CHECKING:
    import duckdb

Shown = Literal["fired", "cannot evaluate", "snoozed", "armed"]
_ORDER: tuple[Shown, ...] = ("fired", "cannot evaluate", "snoozed", "armed")
"""What needs somebody first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerState:
    """What a trigger says, and since when."""

    item: str
    expression: str
    state: Shown
    since: dt.datetime
    """Since when it is armed, fired, or can't be evaluated, snoozed or not; naive UTC."""
    sentence: str
    """Why: of one that fired, what it fired on."""
    evidence: tuple[Known, ...]
    """The facts that the sentence rests on."""
    snoozed_until: dt.datetime | None = None
    """Naive UTC; as the next two, of one that is snoozed."""
    snoozed_by: str = ""
    reason: str = ""


def note_readings(
    cursor: duckdb.DuckDBPyConnection, readings: Mapping[str, tuple[str, Reading]], *, now: dt.datetime
) -> None:
    """Keep the readings that changed a trigger's state, or are the first of its expression.

    Args:
        cursor: in a transaction.
        readings: the expression and what it says, by item.
        now: naive UTC.
    """
    last = table.last_changes(cursor)
    for item, (expression, reading) in readings.items():
        if not _is_kept(last.get(item), expression, reading):
            number = last[item].change + 1 if item in last else 1
            evidence = encode_evidence(reading.used)
            row = table.ChangeRow(item, number, expression, now, reading.state, reading.sentence, evidence)
            table.put_change(cursor, row)


def trigger_states(
    cursor: duckdb.DuckDBPyConnection, readings: Mapping[str, tuple[str, Reading]], *, now: dt.datetime
) -> list[TriggerState]:
    """Return the states by readings of now, noted or not; what needs somebody comes first.

    One that has fired keeps what it fired on; any other says what it rests on now.

    Args:
        cursor: of the store.
        readings: the expression and what it says, by item.
        now: naive UTC.
    """
    last, snoozes = table.last_changes(cursor), find_snoozes(cursor, now=now)
    states = []
    for item, (expression, reading) in readings.items():
        row = last.get(item)
        if row is None or not _is_kept(row, expression, reading):
            states.append(_state(item, expression, reading, since=now))
        elif reading.state == "fired":
            states.append(_kept(row, snoozes.get(item)))
        else:
            states.append(_state(item, expression, reading, since=row.changed_at, snooze=snoozes.get(item)))
    return _sort(states)


def kept_states(cursor: duckdb.DuckDBPyConnection, *, now: dt.datetime) -> list[TriggerState]:
    """Return the states as they were last noted, of every item that ever had a trigger."""
    snoozes = find_snoozes(cursor, now=now)
    return _sort(_kept(row, snoozes.get(item)) for item, row in table.last_changes(cursor).items())


def trigger_history(cursor: duckdb.DuckDBPyConnection, item: str) -> list[TriggerState]:
    """Return how a trigger's state changed, newest first, each with what it rested on."""
    return [_kept(row, None) for row in table.changes_of(cursor, item)]


def _is_kept(row: table.ChangeRow | None, expression: str, reading: Reading) -> bool:
    return row is not None and (row.expression, row.state) == (expression, reading.state)


def _kept(row: table.ChangeRow, snooze: table.SnoozeRow | None) -> TriggerState:
    reading = Reading(state=row.state, sentence=row.sentence, used=decode_evidence(row.evidence))
    return _state(row.item, row.expression, reading, since=row.changed_at, snooze=snooze)


def _state(
    item: str, expression: str, reading: Reading, *, since: dt.datetime, snooze: table.SnoozeRow | None = None
) -> TriggerState:
    return TriggerState(
        item=item,
        expression=expression,
        state="snoozed" if snooze else reading.state,
        since=since,
        sentence=reading.sentence,
        evidence=reading.used,
        snoozed_until=snooze.until if snooze else None,
        snoozed_by=snooze.snoozed_by if snooze else "",
        reason=snooze.reason if snooze else "",
    )


def _sort(states: Iterable[TriggerState]) -> list[TriggerState]:
    return sorted(states, key=lambda state: (_ORDER.index(state.state), state.since, state.item))
