"""All SQL of a sync: what it reads of the last import and how it writes the new one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from lean_core.runs import rows
from lean_core.runs.reader import SyncWarning
from lean_core.runs.sync.report import SourceState, SyncReport
from lean_core.store import first_row, scalar

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

OF_A_RUN = ("param", "tag", "point", "metric", "input")
"""The tables whose rows belong to a run by its number."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """How a listing compares with what is in the store."""

    wanted: tuple[str, ...]
    """Keys of new and changed runs."""
    gone: tuple[str, ...]


def bookmark_of(cursor: duckdb.DuckDBPyConnection, source: str) -> bytes | None:
    """Return the reader's memory of the last import."""
    content: bytes | None = scalar(cursor, "select content from bookmark where source = ?", [source])
    return content


def state_of(cursor: duckdb.DuckDBPyConnection, source: str) -> str | None:
    """Return the state that the source was in at the last import."""
    state: str | None = scalar(cursor, "select state from bookmark where source = ?", [source])
    return state


def declare_source(cursor: duckdb.DuckDBPyConnection, name: str, *, uri: str, kind: str) -> None:
    """Make sure that the source has a row; another address under the same name starts from nothing."""
    row = first_row(cursor, "select uri, kind from source where name = ?", [name])
    if row is None:
        cursor.execute("insert into source (name, uri, kind, state) values (?, ?, ?, 'never')", [name, uri, kind])
    elif row != (uri, kind):
        cursor.execute("update source set uri = ?, kind = ? where name = ?", [uri, kind, name])
        cursor.execute("delete from bookmark where source = ?", [name])


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


def compare(cursor: duckdb.DuckDBPyConnection, source: str, listing: pa.Table, touched: pa.Table) -> Known:
    """Compare a listing (`rows.SCAN`) with the last import; ``touched`` has the column ``run_key``."""
    cursor.register("listing", listing)
    cursor.register("touched", touched)
    found = cursor.execute(
        """
        with known as (select run_key, fingerprint, gone_at from run where source = ?)
        select
            case when listing.run_key is null then 'gone' else 'wanted' end as what,
            list(coalesce(listing.run_key, known.run_key)) as run_keys
        from listing
        full join known using (run_key)
        where
            known.run_key is null
            or (listing.run_key is null and known.gone_at is null)
            or (
                listing.run_key is not null
                and (
                    known.fingerprint is distinct from listing.fingerprint
                    or known.gone_at is not null
                    or listing.run_key in (select run_key from touched)
                )
            )
        group by what
        """,
        [source],
    ).fetchall()
    cursor.unregister("listing")
    cursor.unregister("touched")
    by_what = {what: tuple(run_keys) for what, run_keys in found}
    return Known(wanted=by_what.get("wanted", ()), gone=by_what.get("gone", ()))


def knows_runs(cursor: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Say whether any run of the source was ever imported."""
    return first_row(cursor, "select 1 from run where source = ? limit 1", [source]) is not None


def count_present(cursor: duckdb.DuckDBPyConnection, source: str) -> int:
    """Return how many runs the source had at the last import."""
    return int(scalar(cursor, "select count(*) from run where source = ? and gone_at is null", [source]))


_INSERT = {
    "param": "insert into param select keys.run_no, key, value from chunk join keys using (run_key)",
    "tag": "insert into tag select keys.run_no, key, value from chunk join keys using (run_key)",
    "point": "insert into point select keys.run_no, key, step, time, value from chunk join keys using (run_key)",
    "input": "insert into input select keys.run_no, name, digest, context, source_type, source"
    " from chunk join keys using (run_key)",
}


def insert_rows(cursor: duckdb.DuckDBPyConnection, table: str, chunk: pa.Table, keys: pa.Table) -> None:
    """Append rows of one table; ``keys`` (run_key, run_no, fingerprint) gives each run its number."""
    cursor.register("chunk", chunk)
    cursor.register("keys", keys)
    cursor.execute(_INSERT[table])
    cursor.unregister("chunk")
    cursor.unregister("keys")


def fold_metrics(cursor: duckdb.DuckDBPyConnection, lease: Lease) -> None:
    """Write the latest value of each metric: the greatest (step, time, value), NaN below every number.

    Most metrics were logged once; only the others need the comparison, which is the expensive part.
    """
    cursor.execute(
        """
        insert into metric
        with
            mine as (select * from point where run_no between $first and $last),
            repeated as (select run_no, key from mine group by run_no, key having count(*) > 1),
            folded as (
                select
                    run_no,
                    key,
                    max(
                        struct_pack(
                            step := coalesce(step, 0),
                            time := coalesce(time, 'epoch'::timestamp),
                            is_number := not isnan(value),
                            value := value
                        )
                    ) as latest
                from mine semi join repeated using (run_no, key)
                group by run_no, key
            )
        select run_no, key, step, time, value from mine anti join repeated using (run_no, key)
        union all
        select run_no, key, latest.step, latest.time, latest.value from folded
        """,
        {"first": lease.first_run_no, "last": lease.last_run_no},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """What became of the runs that were loaded."""

    changed: int
    """Took the place of an older import of the same run; the others are new."""
    deleted: int
    """Are now deleted at the source and were not before."""


def replace_runs(cursor: duckdb.DuckDBPyConnection, lease: Lease, runs: pa.Table, keys: pa.Table) -> Replaced:
    """Let the newly numbered runs take the place of the older ones with their keys.

    A run that was to be loaded and could not be read keeps its older import.

    Name, user, parent and commit are taken from MLflow's tags where the run itself does not say them.
    """
    cursor.register("incoming", runs)
    cursor.register("keys", keys)
    cursor.execute(
        """
        create or replace temp table replaced as
        select run.run_no, run.run_key, run.lifecycle
        from run semi join incoming using (run_key)
        where run.source = ?
        """,
        [lease.source],
    )
    newly_deleted = scalar(
        cursor,
        """
        select count(*)
        from incoming left join replaced using (run_key)
        where incoming.lifecycle = 'deleted' and replaced.lifecycle is distinct from 'deleted'
        """,
    )
    changed = scalar(cursor, "select count(*) from replaced")
    if changed:
        for table in ("run", *OF_A_RUN):
            cursor.execute(f"delete from {table} where run_no in (select run_no from replaced)")  # noqa: S608
    cursor.execute(
        """
        insert into run
        with
            said as (
                select
                    run_no,
                    max(value) filter (key = 'mlflow.runName') as name,
                    max(value) filter (key = 'mlflow.user') as user_name,
                    max(value) filter (key = 'mlflow.parentRunId') as parent_run_id,
                    max(value) filter (key = 'mlflow.source.git.commit') as git_commit
                from tag
                where
                    run_no between $first and $last
                    and key in ('mlflow.runName', 'mlflow.user', 'mlflow.parentRunId', 'mlflow.source.git.commit')
                group by run_no
            ),
            newest as (
                select run_no, max(time) as time from metric where run_no between $first and $last group by run_no
            )
        select
            keys.run_no,
            $source,
            incoming.run_key,
            incoming.run_id,
            incoming.experiment_key,
            coalesce(nullif(incoming.name, ''), said.name),
            incoming.status,
            incoming.start_time,
            incoming.end_time,
            greatest(incoming.start_time, incoming.end_time, newest.time),
            coalesce(nullif(incoming.user, ''), said.user_name),
            incoming.lifecycle,
            said.parent_run_id,
            said.git_commit,
            incoming.artifact_uri,
            incoming.artifact_path,
            keys.fingerprint,
            null
        from incoming
        join keys using (run_key)
        left join said using (run_no)
        left join newest using (run_no)
        """,
        {"source": lease.source, "first": lease.first_run_no, "last": lease.last_run_no},
    )
    if runs.num_rows < keys.num_rows:
        for table in OF_A_RUN:
            cursor.execute(
                f"delete from {table} where run_no between ? and ? and run_no not in (select run_no from run)",  # noqa: S608
                [lease.first_run_no, lease.last_run_no],
            )
    cursor.unregister("incoming")
    cursor.unregister("keys")
    return Replaced(changed=changed, deleted=newly_deleted)


def mark_gone(cursor: duckdb.DuckDBPyConnection, source: str, gone: pa.Table, now: dt.datetime) -> int:
    """Mark runs that the source no longer has (``gone``: the column ``run_key``); return how many were not deleted."""
    cursor.register("gone", gone)
    found = scalar(
        cursor,
        "select count(*) from run semi join gone using (run_key) where source = ? and lifecycle <> 'deleted'",
        [source],
    )
    cursor.execute(
        """
        update run set lifecycle = 'deleted', gone_at = ?
        where source = ? and gone_at is null and run_key in (select run_key from gone)
        """,
        [now, source],
    )
    cursor.unregister("gone")
    return int(found)


def replace_catalog(cursor: duckdb.DuckDBPyConnection, source: str, catalog: dict[str, pa.Table]) -> None:
    """Replace the source's experiments and models; an experiment that is gone stays while runs point to it."""
    for name, schema in rows.OF_SOURCE.items():
        incoming = catalog.get(name, schema.empty_table())
        cursor.register("incoming", incoming)
        if name == "experiment":
            cursor.execute(
                "delete from experiment where source = ? and experiment_key in (select experiment_key from incoming)",
                [source],
            )
        else:
            cursor.execute(f"delete from {name} where source = ?", [source])  # noqa: S608 - a name from OF_SOURCE
        cursor.execute(f"insert into {name} by name select ? as source, * from incoming", [source])  # noqa: S608
        cursor.unregister("incoming")


def replace_warnings(cursor: duckdb.DuckDBPyConnection, source: str, warnings: pa.Table) -> None:
    """Keep the warnings of the last sync only."""
    cursor.execute("delete from sync_warning where source = ?", [source])
    cursor.register("incoming", warnings)
    cursor.execute("insert into sync_warning by name select ? as source, * from incoming", [source])
    cursor.unregister("incoming")


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


def keep_bookmark(cursor: duckdb.DuckDBPyConnection, source: str, bookmark: bytes, state: str | None) -> None:
    """Keep the reader's memory of this import, and the source's state from before it."""
    import pyarrow as pa

    # Bound as a value, a bookmark of 5 MB took 0.28 s.
    cursor.register("incoming", pa.table({"content": pa.array([bookmark], pa.binary())}))
    cursor.execute("delete from bookmark where source = ?", [source])
    cursor.execute("insert into bookmark (source, state, content) select ?, ?, content from incoming", [source, state])
    cursor.unregister("incoming")


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


def warnings_of(cursor: duckdb.DuckDBPyConnection, source: str) -> list[SyncWarning]:
    """Return the warnings of the source's last sync."""
    found = cursor.execute(
        "select kind, place, message, skipped from sync_warning where source = ? order by kind, place", [source]
    ).fetchall()
    return [
        SyncWarning(kind=kind, place=place, message=message, skipped=skipped) for kind, place, message, skipped in found
    ]


def last_success(cursor: duckdb.DuckDBPyConnection) -> dt.datetime | None:
    """Return when any source was last synced."""
    at: dt.datetime | None = scalar(cursor, "select max(last_success) from source")
    return at
