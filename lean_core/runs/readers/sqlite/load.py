"""Read a whole SQLite store, or some of its runs, in two threads and in bounded memory."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.runs.reader import Chunk
from lean_core.runs.readers.mlflow_sql import Query, RowMaker
from lean_core.runs.readers.sqlite.connection import CHUNK_ROWS
from lean_core.runs.readers.sqlite.select import Where, select
from lean_core.runs.readers.sqlite.store import RANGE_ROWS, OpenStore

if TYPE_CHECKING:
    import pyarrow as pa

AHEAD = 4
"""How many parts are read before they are asked for: some 40 MB."""
RUNS_AT_ONCE = 1_000
_AMONG = "{} in (select value from json_each(?)) and a.rowid <= ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows that are read by one select."""

    query: Query
    where: Where
    weight: int
    """About how many rows."""


def plan_all(store: OpenStore) -> list[Part]:
    """Cut all tables into ranges."""
    return [
        Part(query=query, where=("a.rowid > ? and a.rowid <= ?", bounds), weight=bounds[1] - bounds[0])
        for query in store.queries
        for bounds in store.ends.ranges(query.table)
    ]


def plan_runs(store: OpenStore, run_keys: Sequence[str]) -> list[Part]:
    """Cut some runs into groups; a run with a long history of metrics is a group by itself."""
    chunks = [run_keys[start : start + RUNS_AT_ONCE] for start in range(0, len(run_keys), RUNS_AT_ONCE)]
    return [
        Part(
            query=query,
            where=(_AMONG.format(query.key), (json.dumps(keys), end)),
            weight=weight,
        )
        for query in store.queries
        for end in [store.ends.of[query.table]]
        for chunk in chunks
        for keys, weight in (_group_by_points(store, query, chunk) if query.table == "point" else [(chunk, len(chunk))])
    ]


def _group_by_points(store: OpenStore, query: Query, run_keys: Sequence[str]) -> list[tuple[list[str], int]]:
    counted = store.connection.read(
        f"select {query.key} as run_key, count(*) as points from {query.source}"  # noqa: S608 - our own SQL
        f" where {query.key} in (select value from json_each(?)) group by 1",
        (json.dumps(run_keys),),
    )
    groups: list[tuple[list[str], int]] = []
    for run_key, points in ((row["run_key"], row["points"]) for batch in counted for row in batch.to_pylist()):
        if groups and groups[-1][1] + points <= RANGE_ROWS:
            groups[-1] = ([*groups[-1][0], run_key], groups[-1][1] + points)
        else:
            groups.append(([run_key], points))
    return groups


def load_parts(store: OpenStore, parts: Sequence[Part], rows: RowMaker) -> Iterator[Chunk]:
    """Yield the rows of all parts in their order.

    Raises:
        SourceError: the store can't be read any more.
    """
    whole = sum(part.weight for part in parts)
    done = 0
    waiting: deque[tuple[Part, Future[list[pa.RecordBatch]]]] = deque()
    to_come = iter(parts)
    try:
        while True:
            while len(waiting) < AHEAD and (part := next(to_come, None)) is not None:
                waiting.append((part, store.pool.submit(_read, store, part, rows)))
            if not waiting:
                return
            part, reading = waiting.popleft()
            done += part.weight
            for batch in reading.result():
                yield Chunk(table=part.query.table, rows=batch, done=done / whole)
    finally:
        for _, reading in waiting:
            if not reading.cancel():
                reading.exception()  # waits, so that nobody closes a connection that is being read from


def _read(store: OpenStore, part: Part, rows: RowMaker) -> list[pa.RecordBatch]:
    return [
        rows.make(part.query.table, piece)
        for batch in select(store.connection, part.query, part.where)
        for piece in (batch.slice(start, CHUNK_ROWS) for start in range(0, batch.num_rows, CHUNK_ROWS))
    ]
