"""Find the runs that a person means by a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lean_core.runs.query import table
from lean_core.runs.query.page import Moment
from lean_core.runs.run import Run

if TYPE_CHECKING:
    import duckdb

SHORTEST = 4
"""Characters of a run id that may stand for it."""


def runs_named(cursor: duckdb.DuckDBPyConnection, name: str, moment: Moment) -> list[Run]:
    """Return the runs that a reference, an id or the beginning of one names: the first of these that names any."""
    numbers = table.numbers_called(cursor, name)
    if not numbers and len(name) >= SHORTEST:
        numbers = table.numbers_beginning(cursor, name)
    return table.runs_of(cursor, numbers, moment)
