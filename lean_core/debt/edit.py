"""Add items and change them: each change is judged, and kept with its journal entry in one transaction.

Who changes an item says which revision they looked at. A field that somebody else changed meanwhile to something else
is a conflict, and nothing is saved; changes of different fields both stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lean_core import clock
from lean_core.debt import table
from lean_core.debt.change import Conflict, Edit, Outcome
from lean_core.debt.codec import encode, read_value
from lean_core.debt.fields import DEFAULTS, FIELDS, read_fields
from lean_core.debt.item import Item
from lean_core.debt.rules import check_item
from lean_core.debt.secrets import find_secrets, refuse_secrets
from lean_core.errors import DebtRefused

if TYPE_CHECKING:
    import duckdb

    from lean_core.store import JournalEntry

NOUN = "debt"
LONGEST_ID = 60
"""Characters."""
_OWN_ID = re.compile(r"D-([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merged:
    """An item as it is and as it would be, and what others changed meanwhile of the same."""

    seen: int
    old: Item
    new: Item
    conflicts: tuple[Conflict, ...]


def add_item(
    cursor: duckdb.DuckDBPyConnection,
    fields: Mapping[str, object],
    *,
    actor: str,
    id: str | None = None,  # noqa: A002 - the field's name
) -> Item:
    """Add an item to the log and return it.

    Args:
        cursor: inside a transaction.
        fields: by name; what is left out is unsaid, and the day of its creation is today.
        actor: who adds it.
        id: the one that it has already; None: the next free one.

    Raises:
        DebtRefused: it can't be so, the id is taken, or a text holds what looks like a credential.
    """
    return _add(cursor, fields, actor=actor, id=id, is_new=True)


def add_items(
    cursor: duckdb.DuckDBPyConnection, drafts: Sequence[tuple[str | None, Mapping[str, object]]], *, actor: str
) -> list[Item]:
    """Add items that come from elsewhere, each with the id that it has there; an acceptance may have ended already.

    Raises:
        DebtRefused: as `add_item` does.
    """
    return [_add(cursor, fields, actor=actor, id=id, is_new=False) for id, fields in drafts]  # noqa: A001 - as above


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
        _check(new, where=f"{new.id}{meanwhile}", is_new=is_accepted_anew and reverts is None)
    return Outcome(saved=tuple(_save(cursor, each.old, each.new, actor=actor, reverts=reverts) for each in changed))


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


def _add(
    cursor: duckdb.DuckDBPyConnection,
    fields: Mapping[str, object],
    *,
    actor: str,
    id: str | None,  # noqa: A002 - the field's name
    is_new: bool,
) -> Item:
    _refuse_secrets({"id": id, "actor": actor}, where="a debt item")
    where = id or "a new debt item"
    _refuse_secrets(fields, where=where)
    now = clock.now()
    values: dict[str, Any] = {**DEFAULTS, "title": "", "created": now.date(), **read_fields(fields, where=where)}
    number = _next_id(cursor) if id is None else _check_id(cursor, id)
    item = Item(**values, id=number, updated_at=now, updated_by=actor)
    _check(item, where=where, is_new=is_new)
    return _save(cursor, None, item, actor=actor, reverts=None)


def _refuse_secrets(fields: Mapping[str, object], *, where: str) -> None:
    # A number or a date may come as a text too, and a mistyped one must not be said back.
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    lists = {name: "\n".join(map(str, value)) for name, value in fields.items() if isinstance(value, list | tuple)}
    refuse_secrets({**texts, **lists}, where=where)


def _check_id(cursor: duckdb.DuckDBPyConnection, id: str) -> str:  # noqa: A002 - the field's name
    if not 0 < len(id) <= LONGEST_ID or id != id.strip() or not id.isprintable():
        raise DebtRefused(f"an item's id has 1 to {LONGEST_ID} characters in one line, without blanks around")
    there = table.item_of(cursor, id)
    if there is not None:
        raise DebtRefused(f"{there.id} is in the debt log already: change it, or choose another id")
    return id


def _next_id(cursor: duckdb.DuckDBPyConnection) -> str:
    numbers = [int(match[1]) for match in map(_OWN_ID.fullmatch, table.all_ids(cursor)) if match]
    return f"D-{max(numbers, default=0) + 1}"


def _check(item: Item, *, where: str, is_new: bool) -> None:
    problems = check_item(item, today=clock.now().date() if is_new else None)
    if problems:
        raise DebtRefused(f"{where}: {' '.join(problem.sentence for problem in problems)}")


def _merge(cursor: duckdb.DuckDBPyConnection, edit: Edit, *, actor: str) -> _Merged:
    item = find_item(cursor, edit.id)
    _refuse_secrets({**edit.changes, "actor": actor}, where=item.id)
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


def _save(cursor: duckdb.DuckDBPyConnection, old: Item | None, new: Item, *, actor: str, reverts: int | None) -> Item:
    from lean_core.store import Change, record  # late: it brings duckdb

    revision = old.revision + 1 if old else 1
    item = replace(new, revision=revision, updated_at=clock.now(), updated_by=actor)
    table.put_item(cursor, item)
    after = encode(item) if reverts is None else {**encode(item), "reverts": reverts}
    before = encode(old) if old else None
    record(cursor, Change(actor=actor, noun=NOUN, subject=item.id, before=before, after=after))
    return item
