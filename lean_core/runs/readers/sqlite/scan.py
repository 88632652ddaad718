"""Find out where an SQLite store may have changed since a bookmark.

Params, metrics and inputs are only ever added, so their new rows are those after the greatest rowid of last time.
Runs and tags change in place, without a time of it, so those are handed over whose part of the file is another one.
Whenever the rows up to that rowid may be others than they were (a purged run at the end, a migration), everything
counts as changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from hashlib import blake2b

import pyarrow as pa

from lean_core.runs import rows
from lean_core.runs.reader import Amendment, Listing
from lean_core.runs.readers.mlflow_sql import Column, Query, RowMaker
from lean_core.runs.readers.sqlite.amendment import Rows, amend_all, amend_changed
from lean_core.runs.readers.sqlite.bookmark import Bookmark, Tail, encode
from lean_core.runs.readers.sqlite.connection import SqliteConnection
from lean_core.runs.readers.sqlite.file import Stamp
from lean_core.runs.readers.sqlite.leaves import NOTHING, Look, OddFileError, look
from lean_core.runs.readers.sqlite.select import select
from lean_core.runs.readers.sqlite.store import OpenStore

_SEPARATOR = "'\x1f'"


def digest(stamp: Stamp) -> str:
    """Return a short name for the state of a file."""
    return _digest(repr(stamp))


def find_changes(store: OpenStore, maker: RowMaker, stamp: Stamp, before: Bookmark | None) -> Listing | Amendment:
    """Compare a store with a bookmark; without one, or with any doubt about it, list everything as changed.

    Raises:
        SourceError: the store can't be read.
    """
    looks = _look(store, stamp, before)
    now = Bookmark(
        stamp=digest(stamp),
        version=store.schema.version,
        dropped=_digest_dropped(store),
        tails=_read_tails(store),
        counts={table: look.leaves.rows for table, look in looks.items()} or _count(store),
        leaves={table: look.leaves for table, look in looks.items()},
    )
    reading = Rows(store=store, maker=maker)
    if before is None or before.version != now.version or _has_moved(store, before.tails):
        return _list_all(reading, now)
    if not looks or not before.leaves:
        return amend_all(reading, now, before)
    return amend_changed(reading, now, before, looks)


def _look(store: OpenStore, stamp: Stamp, before: Bookmark | None) -> Mapping[str, Look]:
    """Look at the leaves of the tables that change in place; nothing where that is not possible."""
    had = before.leaves if before is not None else {}
    roots = _ask_once(
        store,
        {
            query.table: f"select rootpage from sqlite_master where type = 'table' and name = '{query.base}'"  # noqa: S608
            for query in store.in_place
        },
    )
    jobs = {
        table: store.pool.submit(
            store.connection.inspect, stamp, partial(look, root=root, before=had.get(table, NOTHING))
        )
        for table, root in roots.items()
    }
    try:
        found = {table: job.result() for table, job in jobs.items()}
    except OddFileError:
        return {}
    return {table: look for table, look in found.items() if look is not None} if all(found.values()) else {}


def _count(store: OpenStore) -> dict[str, int]:
    """Count the rows of the tables that change in place, as far as they are read."""
    return _ask_once(
        store,
        {
            query.table: f"select count(*) from {query.base} where rowid <= {store.ends.of[query.table]}"  # noqa: S608
            for query in store.in_place
        },
    )


def _ask_once(store: OpenStore, questions: Mapping[str, str]) -> dict[str, int]:
    """Return one number for each question."""
    asked = ", ".join(f"({sql}) as {name}" for name, sql in questions.items())
    [answers] = pa.Table.from_batches(store.connection.read(f"select {asked}")).to_pylist()
    return dict(answers)


def _digest_dropped(store: OpenStore) -> str:
    """Return a short name for the set of deleted experiments."""
    if not store.schema.has("experiments", "experiment_id", "lifecycle_stage"):
        return ""
    found = store.connection.read(
        "select '' as id union all select cast(experiment_id as varchar) from experiments"
        " where lifecycle_stage = 'deleted' order by 1"
    )
    return _digest(json.dumps([each for batch in found for each in batch["id"].to_pylist()]))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _list_all(reading: Rows, now: Bookmark) -> Listing:
    """List every run, without fingerprints: params and metrics may be others too."""
    query = reading.of("run")
    batches = reading.read_after(replace(query, columns=query.columns[:1]), 0)
    keys = pa.chunked_array([batch[0].cast(pa.string()) for batch in batches], pa.string()).drop_null()
    runs = pa.table([keys, pa.nulls(len(keys), pa.uint64())], schema=rows.SCAN)
    return Listing(runs=runs, bookmark=encode(now))


def _read_tails(store: OpenStore) -> dict[str, Tail]:
    """Return the last row of each table that only grows."""
    return {
        query.table: Tail(rowid=rowid, identity=_identify(store.connection, query, rowid) or "")
        for query in store.queries
        if query.identity
        for rowid in [store.ends.of[query.table]]
    }


def _identify(connection: SqliteConnection, query: Query, rowid: int) -> str | None:
    said = f"concat({f', {_SEPARATOR}, '.join(query.identity)})"
    identity = Column(name="said", kind="text", sql=said)
    asked = replace(query, source=f"{query.base} a", where="true", columns=(identity,))
    found = select(connection, asked, ("a.rowid = ?", (rowid,)))
    return found[0]["said"].cast(pa.binary())[0].as_py().decode("utf-8", "replace") if found else None


def _has_moved(store: OpenStore, tails: Mapping[str, Tail]) -> bool:
    """Say whether the rows up to those tails may be others than they were."""
    return any(
        (tail := tails.get(query.table)) is None
        or (_identify(store.connection, query, tail.rowid) or "") != tail.identity
        for query in store.queries
        if query.identity
    )
