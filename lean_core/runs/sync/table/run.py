"""Runs and what belongs to them, under numbers that each import gives anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.store import first_row, scalar

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from lean_core.runs.sync.table.lease import Lease

OF_A_RUN = ("param", "tag", "point", "metric", "input")
"""The tables whose rows belong to a run by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """How a listing compares with what is in the store."""

    wanted: tuple[str, ...]
    """Keys of new and changed runs."""
    gone: tuple[str, ...]


def knows_runs(cursor: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Say whether any run of the source was ever imported."""
    return first_row(cursor, "select 1 from run where source = ? limit 1", [source]) is not None


def count_present(cursor: duckdb.DuckDBPyConnection, source: str) -> int:
    """Return how many runs the source had at the last import."""
    return int(scalar(cursor, "select count(*) from run where source = ? and gone_at is null", [source]))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """What became of the runs that were loaded."""

    new: int
    changed: int
    """Took the place of an older import of the same run."""
    deleted: int
    """Are now deleted at the source and were not before."""


def replace_runs(cursor: duckdb.DuckDBPyConnection, lease: Lease, runs: pa.Table, keys: pa.Table) -> Replaced:
    """Let the newly numbered runs take the place of the older ones with their keys.

    A run that was to be loaded and could not be read keeps its older import.
    """
    cursor.register("incoming", runs)
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
    cursor.unregister("incoming")
    if changed:
        for table in ("run", *OF_A_RUN):
            cursor.execute(f"delete from {table} where run_no in (select run_no from replaced)")  # noqa: S608
    insert_runs(cursor, lease.source, runs, keys)
    if runs.num_rows < keys.num_rows:
        for table in OF_A_RUN:
            cursor.execute(
                f"delete from {table} where run_no between ? and ? and run_no not in (select run_no from run)",  # noqa: S608
                [lease.first_run_no, lease.last_run_no],
            )
    return Replaced(new=runs.num_rows - changed, changed=changed, deleted=newly_deleted)


FINGERPRINT = """hash(
    incoming.run_key,
    incoming.experiment_key,
    incoming.name,
    incoming.status,
    incoming.start_time,
    incoming.end_time,
    incoming.user,
    incoming.lifecycle,
    incoming.artifact_uri
)"""
"""Of a run's own row, where the reader has none. Another DuckDB may hash otherwise: then runs seem to have changed."""


def insert_runs(
    cursor: duckdb.DuckDBPyConnection, source: str, runs: pa.Table, keys: pa.Table, *, metrics: str = "metric"
) -> None:
    """Insert the rows of the runs (`rows.RUN`) that are among ``keys``, after what belongs to them.

    ``metrics`` is the table that has their latest values.

    Name, user, parent and commit are taken from MLflow's tags where the run itself does not say them.
    """
    cursor.register("incoming", runs)
    cursor.register("keys", keys)
    cursor.execute(
        f"""
        insert into run
        with
            said as (
                select
                    run_no,
                    max(value) filter (key = 'mlflow.runName') as name,
                    max(value) filter (key = 'mlflow.user') as user_name,
                    max(value) filter (key = 'mlflow.parentRunId') as parent_run_id,
                    max(value) filter (key = 'mlflow.source.git.commit') as git_commit
                from tag semi join keys using (run_no)
                where key in ('mlflow.runName', 'mlflow.user', 'mlflow.parentRunId', 'mlflow.source.git.commit')
                group by run_no
            ),
            newest as (
                select run_no, max(time) as time from {metrics} semi join keys using (run_no) group by run_no
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
            coalesce(keys.fingerprint, {FINGERPRINT}),
            null
        from incoming
        join keys using (run_key)
        left join said using (run_no)
        left join newest using (run_no)
        """,  # noqa: S608 - our own text
        {"source": source},
    )
    cursor.unregister("incoming")
    cursor.unregister("keys")


def mark_gone(cursor: duckdb.DuckDBPyConnection, source: str, run_keys: Sequence[str], now: dt.datetime) -> int:
    """Mark runs that the source no longer has; return how many were not deleted."""
    if not run_keys:
        return 0
    import pyarrow as pa

    cursor.register("gone", pa.table({"run_key": pa.array(run_keys, pa.string())}))
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
