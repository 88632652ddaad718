"""An MLflow store in an SQLite file whose tables are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import pyarrow as pa

from lean_core.runs.readers.mlflow_sql import Query, Schema, check_is_mlflow, run_queries
from lean_core.runs.readers.sqlite.connection import SqliteConnection
from lean_core.runs.readers.sqlite.select import read_schema

RANGE_ROWS = 131_072
MOST_RANGES = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The greatest rowid of each table when the store was scanned; what was added later waits for the next scan."""

    of: Mapping[str, int]
    """By the name of the query's table."""

    def ranges(self, table: str) -> Iterator[tuple[int, int]]:
        """Yield ranges of rowids, the first number excluded, that cover a table."""
        end = self.of[table]
        size = max(RANGE_ROWS, end // MOST_RANGES + 1)  # rowids may have been chosen by hand
        return ((start, min(start + size, end)) for start in range(0, end, size))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStore:
    """A store whose tables are known."""

    connection: SqliteConnection
    schema: Schema
    queries: tuple[Query, ...]
    """In the order in which they are loaded."""
    ends: Ends
    pool: Executor

    @property
    def in_place(self) -> tuple[Query, ...]:
        """How the tables are asked for whose rows change in place; those of the others are only ever added."""
        return tuple(query for query in self.queries if not query.identity)


def open_store(connection: SqliteConnection, pool: Executor) -> OpenStore:
    """Read which tables a store has, and where they end now.

    Raises:
        SourceError: it can't be read, or is not MLflow's.
    """
    schema = read_schema(connection)
    check_is_mlflow(schema)
    queries = run_queries(schema)
    greatest = (f"(select ifnull(max(rowid), 0) from {query.base}) as {query.table}" for query in queries)  # noqa: S608
    [ends] = pa.Table.from_batches(connection.read(f"select {', '.join(greatest)}")).to_pylist()
    return OpenStore(connection=connection, schema=schema, queries=queries, ends=Ends(of=ends), pool=pool)
