"""Carry out the plan of an import: all of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.debt.add import add_items
from lean_core.debt.change import Conflict, Edit
from lean_core.debt.edit import change_items
from lean_core.debt.item import Item

if TYPE_CHECKING:
    import duckdb

    from lean_core.debt.exchange import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What came of an import; where there are conflicts, nothing was brought in."""

    added: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    """Fields that the file and somebody else changed to different things since the file was written."""


def import_plan(cursor: duckdb.DuckDBPyConnection, plan: Plan, *, actor: str) -> ImportReport:
    """Bring in what a plan says is new, and change what it says is another.

    Args:
        cursor: inside a transaction.
        plan: as `plan_import` made it.
        actor: who brings it in.

    Raises:
        DebtRefused: an id was taken meanwhile, or what is in the plan can't be saved.
    """
    edits = [Edit(id=each.item.id, seen=each.seen, changes=each.changes) for each in plan.changed]
    outcome = change_items(cursor, edits, actor=actor)
    if outcome.conflicts:
        return ImportReport(conflicts=outcome.conflicts)
    added = add_items(cursor, [(draft.id or None, draft.fields) for draft in plan.new], actor=actor)
    return ImportReport(added=tuple(added), changed=outcome.saved)
