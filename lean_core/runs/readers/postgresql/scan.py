"""Find out what changed in a PostgreSQL store since a bookmark.

Every row carries the number of the transaction that wrote it. All rows written by transactions that were still running
at the last scan, or came later, count as new; deletions show as runs that are no longer there, or have fewer tags.
A transaction that was running may be counted twice, but never missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import pyarrow as pa

from lean_core.runs import rows
from lean_core.runs.reader import Delta, Listing
from lean_core.runs.readers.mlflow_sql import Query, Schema
from lean_core.runs.readers.postgresql.bookmark import RUNS, Bookmark, Moment, encode
from lean_core.runs.readers.postgresql.connection import PostgresConnection

SO_MANY_TRANSACTIONS = 2**31
"""Rows keep 32 bits of a transaction's number, so older and newer can only be told within this distance."""

_COLUMNS = """
    select c.relname::text as base, a.attname::text as name
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid
    where
        c.relkind in ('r', 'p')
        and a.attnum > 0
        and not a.attisdropped
        and pg_table_is_visible(c.oid)
        and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
"""
_MOMENT = """
    select
        txid_current_snapshot()::text as snapshot,
        txid_snapshot_xmin(txid_current_snapshot()) as oldest,
        txid_snapshot_xmax(txid_current_snapshot()) as next,
        (select oid::text from pg_database where datname = current_database()) as database,
        has_function_privilege('pg_control_system()', 'execute')
        and has_function_privilege('pg_control_checkpoint()', 'execute') as tells_cluster
"""
_CLUSTER = """
    select s.system_identifier::text as system, c.timeline_id::text as timeline
    from pg_control_system() s, pg_control_checkpoint() c
"""
_OID = "select to_regclass($1)::oid::text as oid"
_TAGS = """
    select a.run_uuid::text as run_key, coalesce(t.tags, 0) as tags
    from runs a
    left join (select run_uuid, count(*) as tags from tags group by run_uuid) t on t.run_uuid = a.run_uuid
"""


def read_schema(connection: PostgresConnection) -> Schema:
    """Return the tables and columns that the search path shows.

    Raises:
        SourceError: the database can't be read.
    """
    columns: dict[str, set[str]] = {}
    for row in connection.read(_COLUMNS):
        columns.setdefault(row["base"], set()).add(row["name"])
    version = "unknown, older than 1.1"
    if "version_num" in columns.get("alembic_version", ()):
        found = connection.read("select version_num::text as version from alembic_version order by 1")
        version = ", ".join(row["version"] for row in found) or "unknown, a migration broke off"
    return Schema(
        place=connection.place, version=version, columns={base: frozenset(names) for base, names in columns.items()}
    )


def read_moment(connection: PostgresConnection, schema: Schema, queries: Sequence[Query]) -> Moment:
    """Return where in the database's life this transaction is.

    Raises:
        SourceError: the database can't be read.
    """
    [now] = connection.read(_MOMENT)
    tables = [f"{query.base} {row['oid']}" for query in queries for row in connection.read(_OID, (query.base,))]
    [cluster] = connection.read(_CLUSTER) if now["tells_cluster"] else [{}]
    dropped: list[str] = []
    if schema.has("experiments", "experiment_id", "lifecycle_stage"):
        asked = "select experiment_id::text as id from experiments where lifecycle_stage = 'deleted' order by 1"
        dropped = [row["id"] for row in connection.read(asked)]
    return Moment(
        identity=(*cluster.values(), now["database"], *tables, schema.version),
        snapshot=now["snapshot"],
        oldest=now["oldest"],
        next=now["next"],
        dropped=tuple(dropped),
    )


def find_changes(
    connection: PostgresConnection, queries: Sequence[Query], now: Moment, before: Bookmark | None
) -> Listing | Delta:
    """Compare a store with a bookmark; without one, or with any doubt about it, list everything as changed.

    Raises:
        SourceError: the database can't be read.
    """
    runs = pa.Table.from_batches(connection.stream(_TAGS), RUNS)
    bookmark = Bookmark(moment=now, runs=runs)
    if before is None or not _follows(before.moment, now):
        return _list_all(bookmark)
    had, has = _tags_by_run(before.runs), _tags_by_run(runs)
    touched = _find_written(connection, queries, before.moment)
    touched |= _find_moved(connection, set(now.dropped) ^ set(before.moment.dropped))
    changed = [key for key, tags in has.items() if key in touched or had.get(key) != tags]
    return Delta(changed=tuple(changed), gone=tuple(had.keys() - has.keys()), bookmark=encode(bookmark))


def _follows(before: Moment, now: Moment) -> bool:
    """Say whether a moment is a later one in the same life, near enough to compare transactions."""
    is_near = before.next <= now.next and now.next - before.oldest < SO_MANY_TRANSACTIONS
    return before.identity == now.identity and is_near


def _list_all(bookmark: Bookmark) -> Listing:
    """Give every run a number of its own for this moment, so that all of them count as changed."""
    keys = bookmark.runs["run_key"]
    digest = blake2b(repr(bookmark.moment).encode(), digest_size=8).digest()
    number = pa.repeat(pa.scalar(int.from_bytes(digest), pa.uint64()), len(keys))
    return Listing(runs=pa.table([keys, pa.chunked_array([number])], schema=rows.SCAN), bookmark=encode(bookmark))


def _tags_by_run(runs: pa.Table) -> dict[str, int]:
    return dict(zip(runs["run_key"].to_pylist(), runs["tags"].to_pylist(), strict=True))


def _find_written(connection: PostgresConnection, queries: Sequence[Query], before: Moment) -> set[str]:
    """Return the runs with rows, of any table, that were written since."""
    oldest = str(before.oldest % 2**32)
    return {
        row["run_key"]
        for query in queries
        for row in connection.read(
            f"select distinct {query.key}::text as run_key from {query.source}"  # noqa: S608 - our own SQL
            f" where {query.where} and age(a.xmin) <= age($1::xid)",
            (oldest,),
        )
    }


def _find_moved(connection: PostgresConnection, experiments: set[str]) -> set[str]:
    """Return the runs of experiments that were deleted or restored."""
    if not experiments:
        return set()
    asked = "select run_uuid::text as run_key from runs where experiment_id::text = any($1)"
    return {row["run_key"] for row in connection.read(asked, (sorted(experiments),))}
