"""Find out what changed in an SQLite store since a bookmark.

Params, metrics and inputs are only ever added, so their new rows are those after the greatest rowid of last time.
Runs and tags change in place, so all of them are read and their fingerprints compared. Whenever the rows up to that
rowid may be others than they were (a purged run at the end, VACUUM, a migration), everything counts as changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from hashlib import blake2b

import pyarrow as pa

from lean_core.runs import rows
from lean_core.runs.reader import Delta, Listing
from lean_core.runs.readers.mlflow_sql import Column, Query
from lean_core.runs.readers.sqlite.bookmark import Bookmark, Tail, encode
from lean_core.runs.readers.sqlite.connection import SqliteConnection
from lean_core.runs.readers.sqlite.file import Stamp
from lean_core.runs.readers.sqlite.fingerprints import Fingerprints
from lean_core.runs.readers.sqlite.select import select
from lean_core.runs.readers.sqlite.store import OpenStore

_RUN_KEY = pa.schema([("run_key", pa.string())])


def digest(stamp: Stamp) -> str:
    """Return a short name for the state of a file."""
    return blake2b(repr(stamp).encode(), digest_size=16).hexdigest()


def find_changes(store: OpenStore, stamp: Stamp, before: Bookmark | None) -> Listing | Delta:
    """Compare a store with a bookmark; without one, or with any doubt about it, list everything as changed.

    Raises:
        SourceError: the store can't be read.
    """
    tails = _read_tails(store)
    with closing(Fingerprints()) as fingerprints:
        now = _fingerprint_runs(store, fingerprints)
        bookmark = Bookmark(stamp=digest(stamp), version=_version(store), tails=tails, runs=now)
        owners = None if before is None or before.version != bookmark.version else _find_owners(store, before.tails)
        if before is None or owners is None:
            return _list_all(bookmark)
        changed, gone = fingerprints.compare(before.runs, now, owners)
    return Delta(changed=changed, gone=gone, bookmark=encode(bookmark))


def _list_all(bookmark: Bookmark) -> Listing:
    """Give every run the number of the file's state: fingerprints say nothing of params and metrics."""
    keys = bookmark.runs["run_key"]
    number = pa.scalar(int(bookmark.stamp[:16], 16), pa.uint64())
    runs = pa.table([keys, pa.chunked_array([pa.repeat(number, len(keys))])], schema=rows.SCAN)
    return Listing(runs=runs, bookmark=encode(bookmark))


def _version(store: OpenStore) -> str:
    import duckdb

    return f"{store.schema.version} {duckdb.__version__}"  # whose hashes may differ from one release to the next


def _fingerprint_runs(store: OpenStore, fingerprints: Fingerprints) -> pa.Table:
    """Read everything that is changed in place, in two threads."""
    jobs: list[Future[None]] = []
    for query in store.queries:
        add = {"run": fingerprints.add_runs, "tag": fingerprints.add_tags}.get(query.table)
        if add is not None:
            jobs += [
                store.pool.submit(_fingerprint_range, store.connection, _as_said(query), bounds, add)
                for bounds in store.ends.ranges(query.table)
            ]
    for job in jobs:
        job.result()
    return fingerprints.fold().cast(rows.SCAN)


def _fingerprint_range(
    connection: SqliteConnection,
    query: Query,
    bounds: tuple[int, int],
    add: Callable[[list[pa.RecordBatch]], None],
) -> None:
    add(select(connection, query, ("a.rowid > ? and a.rowid <= ?", bounds)))


def _as_said(query: Query) -> Query:
    """Ask for everything of a row but the run's key as one text."""
    said = _as_one_text([column.sql for column in query.columns[1:]])
    return replace(query, columns=(query.columns[0], Column(name="said", kind="text", sql=said)))


def _as_one_text(columns: Sequence[str]) -> str:
    return " || char(31) || ".join(f"ifnull({column}, '')" for column in columns)


def _read_tails(store: OpenStore) -> dict[str, Tail]:
    """Return the last row of each table that only grows."""
    return {
        query.table: Tail(rowid=rowid, identity=_identify(store.connection, query, rowid) or "")
        for query in store.queries
        if query.identity
        for rowid in [store.ends.of[query.table]]
    }


def _identify(connection: SqliteConnection, query: Query, rowid: int) -> str | None:
    identity = Column(name="said", kind="text", sql=_as_one_text(query.identity))
    asked = replace(query, source=f"{query.base} a", where="true", columns=(identity,))
    found = select(connection, asked, ("a.rowid = ?", (rowid,)))
    return found[0]["said"][0].as_py() if found else None


def _find_owners(store: OpenStore, tails: Mapping[str, Tail]) -> pa.Table | None:
    """Return the runs (``run_key``) that have rows added since, or None where the older rows may have moved."""
    owners = [_RUN_KEY.empty_table()]
    for query in store.queries:
        if not query.identity:
            continue
        tail = tails.get(query.table)
        if tail is None or (_identify(store.connection, query, tail.rowid) or "") != tail.identity:
            return None
        added = replace(query, columns=query.columns[:1])
        bounds = (tail.rowid, store.ends.of[query.table])
        owners.append(
            pa.Table.from_batches(select(store.connection, added, ("a.rowid > ? and a.rowid <= ?", bounds)), _RUN_KEY)
        )
    return pa.concat_tables(owners)
