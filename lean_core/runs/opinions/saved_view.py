"""A view of the page *Runs* under a name: its filter, columns, sort, selection and baseline."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.errors import UsageError
from lean_core.runs.opinions import table
from lean_core.store import Change, record

if TYPE_CHECKING:
    import duckdb

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A named address of the page."""

    name: str
    query: str
    """The page's URL parameters, as a query string."""
    updated_at: dt.datetime
    updated_by: str


def saved_views(cursor: duckdb.DuckDBPyConnection) -> list[SavedView]:
    """Return all views, by name."""
    return [
        SavedView(name=name, query=query, updated_at=updated_at, updated_by=updated_by)
        for name, query, updated_at, updated_by in table.all_views(cursor)
    ]


def save_view(cursor: duckdb.DuckDBPyConnection, name: str, query: str, *, actor: str) -> None:
    """Save a view under a name; one that is there is replaced, the journal keeps what it was.

    Raises:
        UsageError: the name is empty or too long.
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise UsageError(f"a view needs a name of 1 to {LONGEST_NAME} characters.")
    before = {view.name: view.query for view in saved_views(cursor)}.get(name)
    if before == query:
        return
    table.put_view(cursor, (name, query, clock.now(), actor))
    record(
        cursor,
        Change(
            actor=actor,
            noun="saved_view",
            subject=name,
            before=None if before is None else {"query": before},
            after={"query": query},
        ),
    )


def delete_view(cursor: duckdb.DuckDBPyConnection, name: str, *, actor: str) -> None:
    """Delete a view, if it is there."""
    before = {view.name: view.query for view in saved_views(cursor)}.get(name)
    if before is None:
        return
    table.drop_view(cursor, name)
    record(cursor, Change(actor=actor, noun="saved_view", subject=name, before={"query": before}))
