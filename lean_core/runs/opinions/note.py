"""A note on a run: the workbench's own, never written to the source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.runs.opinions import table
from lean_core.runs.run import split_ref
from lean_core.store import Change, record

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote about a run."""

    body: str
    updated_at: dt.datetime
    updated_by: str


def read_note(cursor: duckdb.DuckDBPyConnection, ref: str) -> Note | None:
    """Return the note on a run."""
    row = table.note_of(cursor, *split_ref(ref))
    return None if row is None else Note(body=row[0], updated_at=row[1], updated_by=row[2])


def write_note(cursor: duckdb.DuckDBPyConnection, ref: str, body: str, *, actor: str) -> None:
    """Write the note on a run; an empty one is deleted."""
    before, body = read_note(cursor, ref), body.strip()
    if (before.body if before else "") == body:
        return
    if body:
        table.put_note(cursor, (*split_ref(ref), body, clock.now(), actor))
    else:
        table.drop_note(cursor, *split_ref(ref))
    record(
        cursor,
        Change(
            actor=actor,
            noun="note",
            subject=ref,
            before={"body": before.body} if before else None,
            after={"body": body} if body else None,
        ),
    )
