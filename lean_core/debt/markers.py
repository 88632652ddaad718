"""Markers found in the code that somebody decided on: they are not offered again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.debt import table
from lean_core.debt.add import add_item
from lean_core.debt.item import Item

if TYPE_CHECKING:
    import duckdb

    from lean_core.debt.scan import Marker

NOUN = "debt marker"


def decided(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the fingerprints of the markers that somebody decided on."""
    return table.all_markers(cursor)


def decide(cursor: duckdb.DuckDBPyConnection, fingerprint: str, *, actor: str, item: str | None) -> None:
    """Keep what was made of a marker.

    Args:
        cursor: inside a transaction.
        fingerprint: of the marker.
        actor: who decided.
        item: the one that it became; None: it was dismissed.
    """
    from lean_core.store import Change, record  # late: it brings duckdb

    before = table.marker_of(cursor, fingerprint)
    if before == (item,):
        return
    table.put_marker(cursor, (fingerprint, clock.now(), actor, item))
    was = None if before is None else {"item": before[0]}
    record(cursor, Change(actor=actor, noun=NOUN, subject=fingerprint, before=was, after={"item": item}))


def take_markers(cursor: duckdb.DuckDBPyConnection, markers: Iterable[Marker], *, actor: str) -> list[Item]:
    """Log a shortcut for each marker and return them in order; for one that is an item already, that item.

    Raises:
        DebtRefused: one can't be an item; none was logged.
    """
    return [_take(cursor, marker, actor=actor) for marker in markers]


def dismiss_markers(cursor: duckdb.DuckDBPyConnection, markers: Iterable[Marker], *, actor: str) -> None:
    """Offer markers no more; one that became an item meanwhile stays it."""
    for marker in markers:
        if table.marker_of(cursor, marker.fingerprint) is None:
            decide(cursor, marker.fingerprint, actor=actor, item=None)


def _take(cursor: duckdb.DuckDBPyConnection, marker: Marker, *, actor: str) -> Item:
    from lean_core.debt.scan import draft_of

    before = table.marker_of(cursor, marker.fingerprint)
    there = table.item_of(cursor, before[0]) if before and before[0] else None
    if there is not None:
        return there
    item = add_item(cursor, draft_of(marker), actor=actor)
    decide(cursor, marker.fingerprint, actor=actor, item=item.id)
    return item
