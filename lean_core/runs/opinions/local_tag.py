"""Local tags on runs: the workbench's own, never written to the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lean_core.errors import UsageError
from lean_core.runs.opinions import table
from lean_core.runs.run import split_ref
from lean_core.store import Change, record

if TYPE_CHECKING:
    import duckdb

LONGEST = 250


def set_local_tag(cursor: duckdb.DuckDBPyConnection, ref: str, key: str, value: str, *, actor: str) -> None:
    """Set a local tag on a run.

    Raises:
        UsageError: the key is empty, or key or value are longer than 250 characters.
    """
    key = key.strip()
    if not key:
        raise UsageError("a local tag needs a key; type one.")
    if max(len(key), len(value)) > LONGEST:
        raise UsageError(f"a local tag's key and value have at most {LONGEST} characters; use the note for more.")
    before = table.local_tag_of(cursor, *split_ref(ref), key)
    if before == value:
        return
    table.put_local_tag(cursor, (*split_ref(ref), key, value))
    record(
        cursor,
        Change(
            actor=actor,
            noun="local_tag",
            subject=ref,
            before=None if before is None else {key: before},
            after={key: value},
        ),
    )


def remove_local_tag(cursor: duckdb.DuckDBPyConnection, ref: str, key: str, *, actor: str) -> None:
    """Remove a local tag from a run, if it is there."""
    before = table.local_tag_of(cursor, *split_ref(ref), key)
    if before is None:
        return
    table.drop_local_tag(cursor, *split_ref(ref), key)
    record(cursor, Change(actor=actor, noun="local_tag", subject=ref, before={key: before}))
