"""Find out what changed in an SQLite store since a bookmark.

Params, metrics and inputs are only ever added, so their new rows are those after the greatest rowid of last time.
Runs and tags change in place, so all of them are read and their fingerprints compared. Whenever the rows up to that
rowid may be others than they were (a purged run at the end, VACUUM, a migration), everything counts as changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from lean_core.runs import rows
from lean_core.runs.reader import Delta, Listing
from lean_core.runs.readers.mlflow_sql import Column, Query
from lean_core.runs.readers.sqlite.bookmark import Bookmark, Tail, encode
from lean_core.runs.readers.sqlite.connection import SqliteConnection
from lean_core.runs.readers.sqlite.file import Stamp
from lean_core.runs.readers.sqlite.mutable import SEPARATOR, Mutable, compare, follow, read_anew
from lean_core.runs.readers.sqlite.row_hashes import RowHasher
from lean_core.runs.readers.sqlite.select import select
from lean_core.runs.readers.sqlite.store import OpenStore


def digest(stamp: Stamp) -> str:
    """Return a short name for the state of a file."""
    return blake2b(repr(stamp).encode(), digest_size=16).hexdigest()


def find_changes(store: OpenStore, stamp: Stamp, before: Bookmark | None) -> Listing | Delta:
    """Compare a store with a bookmark; without one, or with any doubt about it, list everything as changed.

    Raises:
        SourceError: the store can't be read.
    """
    tails = _read_tails(store)
    with closing(RowHasher()) as hasher:
        version = f"{store.schema.version} {hasher.version}"
        owners = _find_owners(store, before.tails) if before is not None and before.version == version else None
        if before is None or owners is None:
            now = read_anew(store, hasher)
            return _list_all(Bookmark(stamp=digest(stamp), version=version, tails=tails, mutable=now))
        now, changed, gone = _compare(store, hasher, before.mutable)
    bookmark = Bookmark(stamp=digest(stamp), version=version, tails=tails, mutable=now)
    concerned = pc.unique(pa.concat_arrays([changed, owners]))
    present = concerned.filter(pc.is_in(concerned, value_set=now.keys))
    return Delta(changed=tuple(present.to_pylist()), gone=tuple(gone.to_pylist()), bookmark=encode(bookmark))


def _compare(store: OpenStore, hasher: RowHasher, before: Mutable) -> tuple[Mutable, pa.StringArray, pa.StringArray]:
    """Return the runs and tags that there are now, the runs concerned by a change, and those that are gone."""
    followed = follow(store, hasher, before)
    if followed is not None:
        return *followed, pa.array([], pa.string())
    now = read_anew(store, hasher)
    return now, *compare(before, now)


def _list_all(bookmark: Bookmark) -> Listing:
    """Give every run the number of the file's state: fingerprints say nothing of params and metrics."""
    keys = bookmark.mutable.keys
    number = pa.scalar(int(bookmark.stamp[:16], 16), pa.uint64())
    runs = pa.table([keys, pa.repeat(number, len(keys))], schema=rows.SCAN)
    return Listing(runs=runs, bookmark=encode(bookmark))


def _read_tails(store: OpenStore) -> dict[str, Tail]:
    """Return the last row of each table that only grows."""
    return {
        query.table: Tail(rowid=rowid, identity=_identify(store.connection, query, rowid) or "")
        for query in store.queries
        if query.identity
        for rowid in [store.ends.of[query.table]]
    }


def _identify(connection: SqliteConnection, query: Query, rowid: int) -> str | None:
    said = f"concat({f', {SEPARATOR}, '.join(query.identity)})"
    identity = Column(name="said", kind="text", sql=said)
    asked = replace(query, source=f"{query.base} a", where="true", columns=(identity,))
    found = select(connection, asked, ("a.rowid = ?", (rowid,)))
    return found[0]["said"].cast(pa.binary())[0].as_py().decode("utf-8", "replace") if found else None


def _find_owners(store: OpenStore, tails: Mapping[str, Tail]) -> pa.StringArray | None:
    """Return the runs that have rows added since, or None where the older rows may have moved."""
    owners = [pa.array([], pa.string())]
    for query in store.queries:
        if not query.identity:
            continue
        tail = tails.get(query.table)
        if tail is None or (_identify(store.connection, query, tail.rowid) or "") != tail.identity:
            return None
        added = replace(query, columns=query.columns[:1])
        bounds = (tail.rowid, store.ends.of[query.table])
        owners += [batch[0] for batch in select(store.connection, added, ("a.rowid > ? and a.rowid <= ?", bounds))]
    return pa.concat_arrays(owners)
