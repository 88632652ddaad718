"""A source: its row, its states, the warnings of its last sync."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import TYPE_CHECKING

from lean_core.runs.reader import SyncWarning
from lean_core.runs.sync.report import SourceState
from lean_core.store import first_row, scalar

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def declare_source(cursor: duckdb.DuckDBPyConnection, name: str, *, uri: str, kind: str) -> None:
    """Make sure that the source has a row; another address under the same name starts from nothing."""
    row = first_row(cursor, "select uri, kind from source where name = ?", [name])
    if row is None:
        cursor.execute("insert into source (name, uri, kind, state) values (?, ?, ?, 'never')", [name, uri, kind])
    elif row != (uri, kind):
        cursor.execute("update source set uri = ?, kind = ? where name = ?", [uri, kind, name])
        cursor.execute("delete from bookmark where source = ?", [name])


def mark_synced(cursor: duckdb.DuckDBPyConnection, source: str, now: dt.datetime) -> None:
    """Say that what is in the store is what the source holds."""
    cursor.execute(
        """
        update source
        set last_attempt = ?, last_success = ?, state = 'ok', message = null
        where name = ?
        """,
        [now, now, source],
    )


def mark_failed(cursor: duckdb.DuckDBPyConnection, source: str, message: str, now: dt.datetime) -> None:
    """Say that the last attempt failed: what was imported before stays, as stale."""
    cursor.execute(
        """
        update source
        set last_attempt = ?, message = ?, state = case when last_success is null then 'never' else 'stale' end
        where name = ?
        """,
        [now, message, source],
    )


def source_states(cursor: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], SourceState]:
    """Return what is known of each source, by its name and address."""
    found = cursor.execute(
        """
        select
            name,
            uri,
            kind,
            state,
            last_success,
            last_attempt,
            message,
            (select count(*) from run where run.source = source.name),
            (select count(*) from experiment where experiment.source = source.name),
            (select count(*) from sync_warning where sync_warning.source = source.name)
        from source
        """
    ).fetchall()
    names = [each.name for each in fields(SourceState)]
    states = [SourceState(**dict(zip(names, values, strict=True))) for values in found]
    return {(state.name, state.uri): state for state in states}


def was_synced(cursor: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Say whether a source was ever imported."""
    return bool(scalar(cursor, "select count(last_success) from source where name = ?", [source]))


def last_success(cursor: duckdb.DuckDBPyConnection) -> dt.datetime | None:
    """Return when any source was last synced."""
    at: dt.datetime | None = scalar(cursor, "select max(last_success) from source")
    return at


def warnings_of(cursor: duckdb.DuckDBPyConnection, source: str) -> list[SyncWarning]:
    """Return the warnings of the source's last sync."""
    found = cursor.execute(
        "select kind, place, message, skipped from sync_warning where source = ? order by kind, place", [source]
    ).fetchall()
    return [
        SyncWarning(kind=kind, place=place, message=message, skipped=skipped) for kind, place, message, skipped in found
    ]


def replace_warnings(cursor: duckdb.DuckDBPyConnection, source: str, warnings: pa.Table) -> None:
    """Keep the warnings of the last sync only."""
    cursor.execute("delete from sync_warning where source = ?", [source])
    if not warnings.num_rows:
        return
    cursor.register("incoming", warnings)
    cursor.execute("insert into sync_warning by name select ? as source, * from incoming", [source])
    cursor.unregister("incoming")
