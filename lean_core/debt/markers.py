"""Markers found in the code that somebody decided on: they are not offered again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.debt import table

if TYPE_CHECKING:
    import duckdb

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
    table.put_marker(cursor, (fingerprint, clock.now(), actor, item))
    was = None if before is None else {"item": before[0]}
    record(cursor, Change(actor=actor, noun=NOUN, subject=fingerprint, before=was, after={"item": item}))
