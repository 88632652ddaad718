"""Change items: each change is judged, and kept with its journal entry in one transaction.

Who changes an item says which revision they looked at. A field that somebody else changed meanwhile to something else
is a conflict, and nothing is saved; changes of different fields both stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lean_core.debt import table
from lean_core.debt.add import LONGEST_ID
from lean_core.debt.change import Conflict, Edit, Outcome
from lean_core.debt.codec import read_value
from lean_core.debt.fields import FIELDS, read_fields
from lean_core.debt.item import Item
from lean_core.debt.keep import NOUN, keep_changed, refuse_credentials, refuse_problems
from lean_core.debt.secrets import find_secrets
from lean_core.errors import DebtRefused

if TYPE_CHECKING:
    import duckdb

    from lean_core.store import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merged:
    """An item as it is and as it would be, and what others changed meanwhile of the same."""

    seen: int
    old: Item
    new: Item
    conflicts: tuple[Conflict, ...]


def change_items(cursor: duckdb.DuckDBPyConnection, edits: Sequence[Edit], *, actor: str) -> Outcome:
    """Change items, all or none.

    Where the status becomes another one, the reason and the end of the former go, unless they are given too.

    Args:
        cursor: inside a transaction.
        edits: one an item.
        actor: who changes them.

    Raises:
        DebtRefused: an item is not there, can't be so, or a text holds what looks like a credential.
    """
    return change(cursor, edits, actor=actor)


def change(
    cursor: duckdb.DuckDBPyConnection, edits: Sequence[Edit], *, actor: str, reverts: int | None = None
) -> Outcome:
    """Change items, or take a change of them back.

    Args:
        cursor: inside a transaction.
        edits: one an item.
        actor: who changes them.
        reverts: the journal's number of the change that is taken back; what was allowed then is allowed again.
    """
    if len({edit.id.lower() for edit in edits}) < len(edits):
        raise DebtRefused("an item is named twice in one change: say all that is to change of it at once")
    merged = [_merge(cursor, edit, actor=actor) for edit in edits]
    conflicts = tuple(conflict for each in merged for conflict in each.conflicts)
    if conflicts:
        return Outcome(conflicts=conflicts)
    changed = [each for each in merged if each.new != each.old]
    for each in changed:
        old, new = each.old, each.new
        meanwhile = f", which {old.updated_by} changed meanwhile" if each.seen != old.revision else ""
        is_accepted_anew = (old.status, old.accepted_until) != (new.status, new.accepted_until)
        refuse_problems(new, where=f"{new.id}{meanwhile}", is_new=is_accepted_anew and reverts is None)
    pairs = [(each.old, each.new) for each in changed]
    return Outcome(saved=keep_changed(cursor, pairs, actor=actor, reverts=reverts))


def find_item(cursor: duckdb.DuckDBPyConnection, id: str) -> Item:  # noqa: A002 - the field's name
    """Return an item.

    Raises:
        DebtRefused: there is none of that id.
    """
    item = table.item_of(cursor, id)
    if item is None:
        is_plain = len(id) <= LONGEST_ID and id.isprintable() and not find_secrets(id)
        named = f"item {id}" if is_plain else "such item"
        raise DebtRefused(f"there is no {named} in the debt log: `lean-mlops debt list` shows those that there are")
    return item


def history_of(cursor: duckdb.DuckDBPyConnection, item: Item) -> list[JournalEntry]:
    """Return the journal's entries of an item, newest first."""
    from lean_core.store import entries  # late: it brings duckdb

    return entries(cursor, noun=NOUN, subject=item.id)


def _merge(cursor: duckdb.DuckDBPyConnection, edit: Edit, *, actor: str) -> _Merged:
    item = find_item(cursor, edit.id)
    refuse_credentials({**edit.changes, "actor": actor}, where=item.id)
    wanted = read_fields(edit.changes, where=item.id)
    history = [] if edit.seen == item.revision else history_of(cursor, item)
    base = _fields_at(item, edit.seen, history)
    if wanted.get("status", base["status"]) != base["status"]:
        wanted = {"reason": "", "accepted_until": None, **wanted}
    mine = {name: wanted[name] for name in FIELDS if name in wanted and wanted[name] != base[name]}
    conflicts = tuple(
        _tell_conflict(item, name, value, history)
        for name, value in mine.items()
        if getattr(item, name) not in (base[name], value)
    )
    values: dict[str, Any] = mine
    return _Merged(seen=edit.seen, old=item, new=replace(item, **values), conflicts=conflicts)


def _fields_at(item: Item, seen: int, history: Sequence[JournalEntry]) -> Mapping[str, object]:
    """Return what an item was at a revision."""
    if seen == item.revision:
        return {name: getattr(item, name) for name in FIELDS}
    for entry in history:
        if entry.after and entry.after["revision"] == seen:
            return {name: read_value(name, value) for name, value in entry.after.items()}
    raise DebtRefused(f"{item.id} has no revision {seen}, its newest is {item.revision}: read it again, then change it")


def _tell_conflict(item: Item, field: str, mine: object, history: Sequence[JournalEntry]) -> Conflict:
    last = next(entry for entry in history if not entry.before or entry.before[field] != (entry.after or {})[field])
    return Conflict(id=item.id, field=field, mine=mine, theirs=getattr(item, field), by=last.actor, at=last.changed_at)
