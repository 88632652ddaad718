"""What MLflow changes in place, runs and their tags, remembered as one number a row.

MLflow keeps no time of a change, so every row is read and its number compared with that of the row that was in its
place last time. Where rows are missing from their places, runs are compared by what all their rows say together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lean_core.runs.readers.mlflow_sql import Column, Query
from lean_core.runs.readers.sqlite.select import select

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lean_core.runs.readers.sqlite.row_hashes import RowHasher
    from lean_core.runs.readers.sqlite.store import OpenStore

NO_RUN = 2**32 - 1
"""The owner of a tag whose run is not there."""
SEPARATOR = "'\x1f'"
"""Between the columns of a row, as SQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutable:
    """All runs and tags of a moment, in the order of their rows."""

    keys: pa.StringArray
    """Of the runs."""
    runs: NDArray[np.uint64]
    """What each run's own row says."""
    tags: NDArray[np.uint64]
    """What each tag says, its run included."""
    owners: NDArray[np.uint32]
    """The place of each tag's run among the runs."""
    counts: Mapping[str, tuple[int, ...]]
    """How many rows were in each range of the tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """A range of row numbers, and the rows that were there."""

    bounds: tuple[int, int]
    start: int
    """How many rows of the table come before them."""
    hashes: NDArray[np.uint64]
    may_grow: bool
    """Whether new rows may be here: after the last one only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The rows that are there now, beside those that were."""

    hashes: NDArray[np.uint64]
    changed: NDArray[np.int64]
    """The places, within the table, of rows that say something else."""
    owners: pa.StringArray
    """The runs of the changed rows, as they say now."""
    added: pa.StringArray
    """The runs of the new rows."""


def read_anew(store: OpenStore, hasher: RowHasher) -> Mutable:
    """Read all runs and tags.

    Raises:
        SourceError: the store can't be read.
    """
    nothing = np.zeros(0, np.uint64)
    none = pa.array([], pa.string())
    owners = np.zeros(0, np.uint32)
    empty = Mutable(keys=none, runs=nothing, tags=nothing, owners=owners, counts={"run": (), "tag": ()})
    followed = follow(store, hasher, empty)
    assert followed is not None  # noqa: S101 - where nothing was, nothing can be missing
    return followed[0]


def follow(store: OpenStore, hasher: RowHasher, before: Mutable) -> tuple[Mutable, pa.StringArray] | None:
    """Return what is there now and the runs concerned; None where rows are missing from their places.

    Raises:
        SourceError: the store can't be read.
    """
    hashes = {"run": before.runs, "tag": before.tags}
    queries = [query for query in store.queries if query.table in hashes]
    ranges = {
        query.table: _pair(list(store.ends.ranges(query.table)), before.counts[query.table], hashes[query.table])
        for query in queries
    }
    jobs = {
        query.table: [store.pool.submit(_read, store, _as_said(query), hasher, old) for old in ranges[query.table]]
        for query in queries
    }
    found = {table: [job.result() for job in submitted] for table, submitted in jobs.items()}
    runs, tags = _join(found["run"]), _join(found["tag"])
    if runs is None or tags is None or len(runs.hashes) < len(before.runs) or len(tags.hashes) < len(before.tags):
        return None
    if not before.keys.take(pa.array(runs.changed)).equals(runs.owners):
        return None
    keys = pa.concat_arrays([before.keys, runs.added])
    before_owners = before.owners[tags.changed]
    owners = np.concatenate([before.owners, _find(tags.added, keys)])
    owners[tags.changed] = _find(tags.owners, keys)
    had = before.keys.take(pa.array(before_owners[before_owners != NO_RUN]))
    now = Mutable(
        keys=keys,
        runs=runs.hashes,
        tags=tags.hashes,
        owners=owners,
        counts={table: tuple(len(rows.hashes) for rows in parts if rows) for table, parts in found.items()},
    )
    return now, pa.concat_arrays([runs.owners, runs.added, tags.owners, tags.added, had])


def compare(before: Mutable, now: Mutable) -> tuple[pa.StringArray, pa.StringArray]:
    """Return the keys of new and changed runs, and of those that are gone, wherever their rows are."""
    said_before, said_now = _fold(before), _fold(now)
    at = pc.index_in(now.keys, value_set=before.keys)
    is_same = np.zeros(len(now.keys), np.bool_)
    known = at.is_valid().to_numpy(zero_copy_only=False)
    is_same[known] = said_before[at.drop_null().to_numpy()] == said_now[known]
    gone = before.keys.filter(pc.invert(pc.is_in(before.keys, value_set=now.keys)))
    return now.keys.filter(pa.array(~is_same)), gone


def _fold(state: Mutable) -> NDArray[np.uint64]:
    """Return one number for each run: of its own row and all its tags, in whatever order they are."""
    folded = state.runs.copy()
    owned = state.owners != NO_RUN
    np.bitwise_xor.at(folded, state.owners[owned], state.tags[owned])
    return folded


def _pair(ranges: Sequence[tuple[int, int]], counts: Sequence[int], hashes: NDArray[np.uint64]) -> list[_Range]:
    """Put the rows that were there beside the ranges that there are.

    A table that has lost its last ranges has lost what was in them: its last one now gets all of that to look for.
    """
    starts = [0, *accumulate(counts)][: len(ranges)]
    starts += [len(hashes)] * (len(ranges) + 1 - len(starts))
    return [
        _Range(
            bounds=bounds,
            start=starts[number],
            hashes=hashes[starts[number] : starts[number + 1]],
            may_grow=number + 1 >= len(counts),
        )
        for number, bounds in enumerate(ranges)
    ]


def _as_said(query: Query) -> Query:
    """Ask for each row as one text that begins with its run: what a row costs is mostly the number of its columns."""
    first, *rest = (column.sql for column in query.columns)
    if query.table == "tag":  # for so few columns, operators are faster than a function by a tenth
        said = f" || {SEPARATOR} || ".join([first, *(f"ifnull({sql}, '')" for sql in rest)])
    else:
        said = f"concat({f', {SEPARATOR}, '.join([first, *rest])})"
    return replace(query, columns=(Column(name="said", kind="text", sql=said),))


def _read(store: OpenStore, query: Query, hasher: RowHasher, old: _Range) -> _Rows | None:
    """Read a range; None where rows are missing, or came where none should."""
    batches = select(store.connection, query, ("a.rowid > ? and a.rowid <= ?", old.bounds))
    said = pa.chunked_array([batch["said"].cast(pa.binary()) for batch in batches], pa.binary())
    hashes = hasher.hash(said)
    count = len(old.hashes)
    if len(hashes) < count or (len(hashes) > count and not old.may_grow):
        return None
    changed = np.flatnonzero(hashes[:count] != old.hashes)
    return _Rows(
        hashes=hashes,
        changed=changed + old.start,
        owners=_owners_of(said.take(pa.array(changed))),
        added=_owners_of(said.slice(count)),
    )


def _owners_of(said: pa.ChunkedArray) -> pa.StringArray:
    first = pc.list_element(pc.split_pattern(said, SEPARATOR.strip("'").encode(), max_splits=1), 0)
    return first.cast(pa.string()).combine_chunks()


def _join(parts: Sequence[_Rows | None]) -> _Rows | None:
    """Put the ranges of a table together."""
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts):
        return None
    none = pa.array([], pa.string())
    return _Rows(
        hashes=np.concatenate([np.zeros(0, np.uint64), *(part.hashes for part in whole)]),
        changed=np.concatenate([np.zeros(0, np.int64), *(part.changed for part in whole)]),
        owners=pa.concat_arrays([none, *(part.owners for part in whole)]),
        added=pa.concat_arrays([none, *(part.added for part in whole)]),
    )


def _find(wanted: pa.StringArray, keys: pa.StringArray) -> NDArray[np.uint32]:
    """Return the places of runs among all."""
    if len(wanted) == 0:
        return np.zeros(0, np.uint32)
    places: NDArray[np.uint32] = pc.index_in(wanted, value_set=keys).cast(pa.uint32()).fill_null(NO_RUN).to_numpy()
    return places
