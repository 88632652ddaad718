"""Read the rows of an SQLite store that may be others than before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from lean_core.runs import rows
from lean_core.runs.reader import Amendment
from lean_core.runs.readers.mlflow_sql import Query, RowMaker
from lean_core.runs.readers.sqlite.bookmark import Bookmark, encode
from lean_core.runs.readers.sqlite.leaves import Look
from lean_core.runs.readers.sqlite.select import Where, select
from lean_core.runs.readers.sqlite.store import OpenStore

MOST_ADDED = 200_000
"""New rows of params, metrics and inputs; where there are more, only their runs are told, and these loaded in parts."""
WITHIN = "a.rowid > ? and a.rowid <= ?"
_RANGES = "json_each(?) r cross join {}"
_IN_RANGES = "a.rowid between r.value ->> 0 and r.value ->> 1 and a.rowid <= ?"
_AMONG = "{} in (select value from json_each(?)) and a.rowid <= ?"

Ranges = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Reads rows of one store."""

    store: OpenStore
    maker: RowMaker

    def of(self, table: str) -> Query:
        """Return how a table is asked for."""
        [query] = [query for query in self.store.queries if query.table == table]
        return query

    def read_all(self, table: str) -> list[pa.RecordBatch]:
        """Read a table, in two threads."""
        wheres = [(WITHIN, bounds) for bounds in self.store.ends.ranges(table)]
        reads = [self.store.pool.submit(select, self.store.connection, self.of(table), where) for where in wheres]
        return [batch for read in reads for batch in read.result()]

    def read_ranges(self, table: str, ranges: Ranges) -> list[pa.RecordBatch]:
        """Read ranges of row numbers, both included."""
        query = self.of(table)
        asked = replace(query, source=_RANGES.format(query.source))
        wheres = [(_IN_RANGES, (json.dumps(half), self.store.ends.of[table])) for half in _halve(ranges)]
        reads = [self.store.pool.submit(self._select, asked, where) for where in wheres]
        return [batch for read in reads for batch in read.result()]

    def read_runs(self, run_keys: pa.Array) -> list[pa.RecordBatch]:
        """Read the rows of these runs."""
        query, keys = self.of("run"), json.dumps(run_keys.to_pylist())
        return self._select(query, (_AMONG.format(query.key), (keys, self.store.ends.of["run"])))

    def read_after(self, query: Query, rowid: int) -> list[pa.RecordBatch]:
        """Read the rows of a table that only grows."""
        return self._select(query, (WITHIN, (rowid, self.store.ends.of[query.table])))

    def make(self, table: str, raw: Iterable[pa.RecordBatch]) -> pa.Table:
        """Turn what was read into rows."""
        return pa.Table.from_batches([self.maker.make(table, batch) for batch in raw], rows.OF_RUNS[table])

    def _select(self, query: Query, where: Where) -> list[pa.RecordBatch]:
        return select(self.store.connection, query, where)


def _halve(ranges: Ranges) -> Iterator[Ranges]:
    """Yield two halves for two threads, less where there is less."""
    middle = -(-len(ranges) // 2)
    return (half for half in (ranges[:middle], ranges[middle:]) if half)


def amend_all(reading: Rows, now: Bookmark, before: Bookmark) -> Amendment:
    """Hand over every run and tag, and what was added."""
    added = _Added.since(before, reading)
    runs = reading.make("run", reading.read_all("run"))
    return Amendment(
        runs=runs,
        tags=reading.make("tag", reading.read_all("tag")),
        known_runs=before.counts["run"],
        known_tags=before.counts["tag"],
        added=added.tables,
        owners=added.owners_among(runs["run_key"]),
        bookmark=encode(now),
        read_all=None,
    )


def amend_changed(reading: Rows, now: Bookmark, before: Bookmark, looks: Mapping[str, Look]) -> Amendment:
    """Hand over the runs and tags whose part of the file is another one, and what was added."""
    added = _Added.since(before, reading)
    raw = {
        "tag": reading.read_ranges("tag", looks["tag"].ranges),
        # The deletion of an experiment counts for runs whose own rows stay the same.
        "run": reading.read_ranges("run", looks["run"].ranges)
        if now.dropped == before.dropped
        else reading.read_all("run"),
    }
    owners = pc.unique(pa.concat_arrays([added.owners, *(batch[0].cast(pa.string()) for batch in raw["tag"])]))
    here = pa.chunked_array([batch[0].cast(pa.string()) for batch in raw["run"]], pa.string())
    raw["run"] += reading.read_runs(owners.filter(pc.invert(pc.is_in(owners, value_set=here))).drop_null())
    known = {
        table: sum(batch.num_rows for batch in batches) + before.counts[table] - now.counts[table]
        for table, batches in raw.items()
    }
    runs = reading.make("run", raw["run"])
    return Amendment(
        runs=runs,
        tags=reading.make("tag", raw["tag"]),
        known_runs=known["run"],
        known_tags=known["tag"],
        added=added.tables,
        owners=added.owners_among(runs["run_key"]),
        bookmark=encode(now),
        read_all=partial(amend_all, reading, now, before),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Added:
    """What the tables that only grow have more than before."""

    tables: dict[str, pa.Table] | None
    """None where they are too much to hold."""
    owners: pa.StringArray
    """The runs whose rows these are."""

    def owners_among(self, run_keys: pa.ChunkedArray) -> frozenset[str]:
        """Return those owners that there are: rows may be left of a run that was purged."""
        return frozenset(self.owners.filter(pc.is_in(self.owners, value_set=run_keys)).to_pylist())

    @classmethod
    def since(cls, before: Bookmark, reading: Rows) -> _Added:
        """Read it, or only whose it is where it is much."""
        queries = [query for query in reading.store.queries if query.table in before.tails]
        many = sum(reading.store.ends.of[query.table] - before.tails[query.table].rowid for query in queries)
        owners: list[pa.Array] = [pa.array([], pa.string())]
        if many > MOST_ADDED:
            for query in queries:
                found = reading.read_after(replace(query, columns=query.columns[:1]), before.tails[query.table].rowid)
                owners += [pc.unique(batch[0].cast(pa.string())) for batch in found]
            return cls(tables=None, owners=pc.unique(pa.concat_arrays(owners)).drop_null())
        tables = {
            query.table: reading.make(query.table, reading.read_after(query, before.tails[query.table].rowid))
            for query in queries
        }
        owners += [chunk for table in tables.values() for chunk in table["run_key"].chunks]
        return cls(tables=tables, owners=pc.unique(pa.concat_arrays(owners)).drop_null())
