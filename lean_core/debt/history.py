"""The history of an item: each change as a sentence, and the way back from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lean_core.debt.change import Edit, Outcome
from lean_core.debt.codec import decode, read_value
from lean_core.debt.edit import change, find_item, history_of
from lean_core.debt.fields import FIELDS
from lean_core.debt.item import Item
from lean_core.debt.telling import tell_change
from lean_core.errors import DebtRefused

if TYPE_CHECKING:
    import duckdb

    from lean_core.store import JournalEntry

CREATION_REVERTED = "creation reverted"
"""The reason of an item whose creation was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody did to an item."""

    entry: int
    """The number of its journal entry."""
    at: dt.datetime
    """Naive UTC."""
    by: str
    sentence: str
    fields: Mapping[str, tuple[object, object]]
    """What was before and after, by field; all that was said, with None before, where the item was added."""


def tell_history(entries: Iterable[JournalEntry]) -> list[Change]:
    """Tell the journal's entries of an item as sentences, newest first."""
    by_number = {entry.entry: entry for entry in entries}
    return [_tell(by_number[number], by_number) for number in sorted(by_number, reverse=True)]


def replay(entries: Iterable[JournalEntry]) -> Item | None:
    """Return the item that the journal's entries make, change by change; None where there are none."""
    state: dict[str, object] = {}
    for entry in sorted(entries, key=lambda each: each.entry):
        before, after = entry.before or {}, entry.after or {}
        state |= {name: value for name, value in after.items() if name not in before or before[name] != value}
    return decode(state) if state else None


def revert(cursor: duckdb.DuckDBPyConnection, id: str, entry: int, *, actor: str) -> Outcome:  # noqa: A002 - the field's name
    """Take a change of an item back, which is a change itself.

    An item whose creation is taken back is dropped: nothing is ever deleted.

    Args:
        cursor: inside a transaction.
        id: of the item.
        entry: of the change, as `tell_history` numbers it.
        actor: who takes it back.

    Raises:
        DebtRefused: there is no such item or change, or without it the item can't be so.
    """
    item = find_item(cursor, id)
    found = next((each for each in history_of(cursor, item) if each.entry == entry), None)
    if found is None:
        raise DebtRefused(f"{item.id} has no change {entry}: its history shows those that there are")
    changed = _changed(found)
    if found.before is None:
        changes: dict[str, object] = {"status": "dropped", "reason": CREATION_REVERTED}
        edit = Edit(id=item.id, seen=item.revision, changes=changes)
    else:
        seen: Any = (found.after or {})["revision"]
        edit = Edit(id=item.id, seen=seen, changes={name: before for name, (before, _) in changed.items()})
    return change(cursor, [edit], actor=actor, reverts=entry)


def _tell(entry: JournalEntry, by_number: Mapping[int, JournalEntry]) -> Change:
    fields = _changed(entry)
    reverts = (entry.after or {}).get("reverts")
    reverted = by_number.get(reverts) if isinstance(reverts, int) else None
    return Change(
        entry=entry.entry,
        at=entry.changed_at,
        by=entry.actor,
        sentence=tell_change(entry, fields, reverted),
        fields=fields,
    )


def _changed(entry: JournalEntry) -> dict[str, tuple[object, object]]:
    """Return what a change changed of what a person writes, before and after."""
    before, after = entry.before, entry.after or {}
    if before is None:
        return {name: (None, read_value(name, after[name])) for name in FIELDS if after[name] not in (None, "", [])}
    return {
        name: (read_value(name, before[name]), read_value(name, after[name]))
        for name in FIELDS
        if before[name] != after[name]
    }
