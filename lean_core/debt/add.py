"""Add items to the log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lean_core import clock
from lean_core.debt import table
from lean_core.debt.fields import DEFAULTS, read_fields
from lean_core.debt.item import Item
from lean_core.debt.keep import keep_new, refuse_credentials, refuse_problems
from lean_core.errors import DebtRefused

if TYPE_CHECKING:
    import duckdb

LONGEST_ID = 60
"""Characters."""
_OWN_ID = re.compile(r"D-([0-9]{1,9})", re.IGNORECASE)


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

    Args:
        cursor: inside a transaction.
        drafts: id and fields of each; None: the next free id, after all that are given.
        actor: who brings them in.

    Raises:
        DebtRefused: as `add_item` does.
    """
    # Those that have an id first, so that none of them finds its own taken.
    order = sorted(range(len(drafts)), key=lambda at: drafts[at][0] is None)
    added = {at: _add(cursor, drafts[at][1], actor=actor, id=drafts[at][0], is_new=False) for at in order}
    return [added[at] for at in range(len(drafts))]


def _add(
    cursor: duckdb.DuckDBPyConnection,
    fields: Mapping[str, object],
    *,
    actor: str,
    id: str | None,  # noqa: A002 - the field's name
    is_new: bool,
) -> Item:
    refuse_credentials({"id": id, "actor": actor}, where="a debt item")
    where = id or "a new debt item"
    refuse_credentials(fields, where=where)
    now = clock.now()
    values: dict[str, Any] = {**DEFAULTS, "title": "", "created": now.date(), **read_fields(fields, where=where)}
    name = _next_id(cursor) if id is None else _check_id(cursor, id)
    item = Item(**values, id=name, updated_at=now, updated_by=actor)
    refuse_problems(item, where=where, is_new=is_new)
    return keep_new(cursor, item)


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
