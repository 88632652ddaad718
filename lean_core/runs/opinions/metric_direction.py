"""Which way a metric is better: asked once for each metric, kept in the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lean_core.runs.direction import Direction
from lean_core.runs.opinions import table
from lean_core.store import Change, record

if TYPE_CHECKING:
    import duckdb


def directions(cursor: duckdb.DuckDBPyConnection) -> dict[str, Direction]:
    """Return what was said of each metric."""
    return table.all_directions(cursor)


def set_direction(cursor: duckdb.DuckDBPyConnection, key: str, direction: Direction | None, *, actor: str) -> None:
    """Say which way a metric is better; None forgets what was said."""
    before = directions(cursor).get(key)
    if before == direction:
        return
    if direction is None:
        table.drop_direction(cursor, key)
    else:
        table.put_direction(cursor, (key, direction))
    record(
        cursor,
        Change(
            actor=actor,
            noun="metric_direction",
            subject=key,
            before=None if before is None else {"direction": before},
            after=None if direction is None else {"direction": direction},
        ),
    )
