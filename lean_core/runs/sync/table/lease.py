"""A sync that was begun: the run numbers that are its own, and its sign of life."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.runs.sync.report import SyncReport
from lean_core.runs.sync.table.run import OF_A_RUN
from lean_core.store import scalar

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A sync that was begun: its numbers are its own until it is finished or given up."""

    sync: int
    source: str
    first_run_no: int
    last_run_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A sync without an end: running, or interrupted."""

    lease: Lease
    owner: str
    started_at: dt.datetime
    seen_at: dt.datetime


def unfinished(cursor: duckdb.DuckDBPyConnection, source: str) -> list[Unfinished]:
    """Return the syncs of this source that have no end."""
    found = cursor.execute(
        """
        select sync, source, first_run_no, last_run_no, owner, started_at, seen_at
        from sync
        where source = ? and finished_at is null
        """,
        [source],
    ).fetchall()
    return [
        Unfinished(
            lease=Lease(sync=sync, source=name, first_run_no=first, last_run_no=last),
            owner=owner,
            started_at=started_at,
            seen_at=seen_at,
        )
        for sync, name, first, last, owner, started_at, seen_at in found
    ]


def begin(cursor: duckdb.DuckDBPyConnection, *, source: str, owner: str, runs: int, now: dt.datetime) -> Lease:
    """Reserve numbers for this many runs."""
    sync = scalar(cursor, "select coalesce(max(sync), 0) + 1 from sync")
    first = scalar(cursor, "select coalesce(max(last_run_no), 0) + 1 from sync")
    last = first + runs - 1
    cursor.execute(
        """
        insert into sync (sync, source, owner, started_at, seen_at, first_run_no, last_run_no)
        values (?, ?, ?, ?, ?, ?, ?)
        """,
        [sync, source, owner, now, now, first, last],
    )
    return Lease(sync=sync, source=source, first_run_no=first, last_run_no=last)


def renew(cursor: duckdb.DuckDBPyConnection, lease: Lease, now: dt.datetime) -> bool:
    """Give a sign of life; False where somebody else took this sync for dead and swept it."""
    found = cursor.execute(
        "update sync set seen_at = ? where sync = ? and finished_at is null returning sync", [now, lease.sync]
    ).fetchall()
    return bool(found)


def sweep(cursor: duckdb.DuckDBPyConnection, lease: Lease) -> None:
    """Delete what an interrupted sync left; no run points to it."""
    for table in OF_A_RUN:
        cursor.execute(
            f"delete from {table} where run_no between ? and ?",  # noqa: S608 - a name from OF_A_RUN
            [lease.first_run_no, lease.last_run_no],
        )
    cursor.execute("delete from sync where sync = ?", [lease.sync])


def finish(cursor: duckdb.DuckDBPyConnection, lease: Lease, report: SyncReport, now: dt.datetime) -> None:
    """Record the end of a sync."""
    cursor.execute(
        """
        update sync
        set finished_at = ?, imported = ?, changed = ?, unchanged = ?, deleted = ?, gone = ?, seconds = ?
        where sync = ?
        """,
        [
            now,
            report.imported,
            report.changed,
            report.unchanged,
            report.deleted,
            report.gone,
            report.seconds,
            lease.sync,
        ],
    )
