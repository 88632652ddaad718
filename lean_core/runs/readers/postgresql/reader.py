"""Runs of an MLflow store in a PostgreSQL database, read directly in one read-only transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lean_core.runs.artifact_location import ArtifactFolders
from lean_core.runs.reader import Chunk, Delta, Listing, Warnings
from lean_core.runs.readers.mlflow_sql import Query, RowMaker, Schema, check_is_mlflow, read_catalog, run_queries
from lean_core.runs.readers.postgresql.bookmark import decode
from lean_core.runs.readers.postgresql.connection import PostgresConnection
from lean_core.runs.readers.postgresql.scan import find_changes, read_moment, read_schema

if TYPE_CHECKING:
    import pyarrow as pa

RUNS_AT_ONCE = 1_000
_SIZE = """
    select greatest(reltuples, pg_relation_size(oid) / 100, 1)::bigint as rows
    from pg_class
    where oid = to_regclass($1)
"""
"""About how many rows a table has, for the progress; a table that was never analyzed does not know."""


class PostgresReader:
    """Reads an MLflow store in a PostgreSQL database.

    A run counts as deleted when it is, and when its experiment is: MLflow's own pages list neither.
    """

    def __init__(self, uri: str, *, timeout: float, folder: Path) -> None:
        """Prepare to read a database; nothing is opened yet.

        Args:
            uri: as SQLAlchemy takes it, with or without a driver.
            timeout: seconds to wait for the connection, and for locks.
            folder: where relative artifact URIs are looked for.
        """
        self.warnings = Warnings()
        self._connection = PostgresConnection(uri, timeout=timeout)
        self._rows = RowMaker(self.warnings, ArtifactFolders(folder))
        self._opened: tuple[Schema, tuple[Query, ...]] | None = None

    def state(self) -> str | None:
        """Return None: whether anything changed takes a scan."""
        return None

    def scan(self, bookmark: bytes | None) -> Listing | Delta | None:
        """Say what changed since the bookmark; where no transaction began since, one question tells.

        What `load` and `catalog` return afterwards is of the same moment.

        Raises:
            SchemaUnknown: MLflow's tables lack something without which there is nothing to read.
            SourceError: the database is missing, unreachable, forbidden, or not MLflow's.
        """
        before = decode(bookmark)
        self._connection.begin()
        self._opened = None
        schema, queries = self._open()
        now = read_moment(self._connection, schema, queries)
        if before is not None and before.moment == now:
            return None
        return find_changes(self._connection, queries, now, before)

    def catalog(self) -> dict[str, pa.Table]:
        """Return experiments, registered models, their versions, and logged models.

        Raises:
            SourceError: the database can't be read.
        """
        schema, _ = self._open()
        return read_catalog(schema, lambda query: list(self._connection.select(query)), self._rows)

    def load(self, run_keys: Sequence[str] | None) -> Iterator[Chunk]:
        """Yield everything about these runs.

        Raises:
            SourceError: the database can't be read any more.
        """
        _, queries = self._open()
        parts = self._plan_all(queries) if run_keys is None else _plan_runs(queries, run_keys)
        whole = sum(part.weight for part in parts)
        done = 0
        for part in parts:
            read = 0
            for batch in self._connection.select(part.query, part.condition, part.parameters):
                read += batch.num_rows
                made = self._rows.make(part.query.table, batch)
                if made.num_rows:
                    yield Chunk(table=part.query.table, rows=made, done=(done + min(read, part.weight)) / whole)
            done += part.weight

    def close(self) -> None:
        """End the transaction and the connection."""
        self._connection.close()

    def _open(self) -> tuple[Schema, tuple[Query, ...]]:
        if self._opened is None:
            schema = read_schema(self._connection)
            check_is_mlflow(schema)
            self._opened = schema, run_queries(schema)
        return self._opened

    def _plan_all(self, queries: Sequence[Query]) -> list[_Part]:
        return [
            _Part(query=query, condition="true", parameters=(), weight=row["rows"])
            for query in queries
            for row in self._connection.read(_SIZE, (query.base,))
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Rows that are read by one select."""

    query: Query
    condition: str
    parameters: tuple[Any, ...]
    weight: int
    """About how many rows."""


def _plan_runs(queries: Sequence[Query], run_keys: Sequence[str]) -> list[_Part]:
    chunks = [list(run_keys[start : start + RUNS_AT_ONCE]) for start in range(0, len(run_keys), RUNS_AT_ONCE)]
    return [
        _Part(query=query, condition=f"{query.key} = any($1)", parameters=(chunk,), weight=len(chunk))
        for query in queries
        for chunk in chunks
    ]
