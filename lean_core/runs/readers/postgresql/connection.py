"""One read-only transaction on a PostgreSQL database: everything that is read in it is of one moment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lean_core.runs.readers.mlflow_sql import Kind, Query
from lean_core.runs.readers.postgresql.faults import explain
from lean_core.settings import redact

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection, Cursor

CHUNK_ROWS = 65_536
BATCH_BYTES = 4_000_000
"""Of one batch from the server; its default of 16 MB holds several chunks."""
STATEMENT_SECONDS = 600
"""A table is one statement, and it lasts until the last row has been written where it goes."""
SILENCE_SECONDS = 30
"""After which a connection over which nothing arrives counts as broken."""

_TYPES: dict[Kind, str] = {"text": "text", "integer": "bigint", "number": "double precision", "flag": "boolean"}


class PostgresConnection:
    """Reads one database."""

    def __init__(self, uri: str, *, timeout: float) -> None:
        """Prepare to read; nothing is opened yet. ``timeout`` (seconds) is for connecting and for locks."""
        self.place = redact(uri)
        self._address = _to_libpq(uri, timeout)
        self._lock_ms = round(timeout * 1000)
        self._connection: Connection | None = None
        self._cursors: list[Cursor] = []

    def begin(self) -> None:
        """Start a transaction that sees the database as it is now.

        Raises:
            SourceError: the database is missing, unreachable, or forbidden.
        """
        import adbc_driver_postgresql.dbapi as driver

        self.close()
        try:
            self._connection = driver.connect(self._address)
            with self._connection.cursor() as cursor:
                # By statements, not by options of the connection: a pooler before the database may refuse those.
                cursor.execute("set transaction isolation level repeatable read, read only")
                cursor.execute(f"set local statement_timeout = {STATEMENT_SECONDS * 1000}")
                cursor.execute(f"set local lock_timeout = {self._lock_ms}")
                # A migration waits until we are done, so we must not be able to fall asleep.
                cursor.execute(f"set local idle_in_transaction_session_timeout = {STATEMENT_SECONDS * 1000}")
        except driver.Error as error:
            raise explain(error, self.place) from None

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[pa.RecordBatch]:
        """Yield the answer to a select in batches of up to 65,536 rows.

        Raises:
            SourceError: it can't be had.
        """
        import adbc_driver_postgresql.dbapi as driver

        if self._connection is None:
            self.begin()
        assert self._connection is not None  # noqa: S101 - begin() has just opened it
        cursor = self._connection.cursor()
        self._cursors.append(cursor)
        try:
            cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)})
            cursor.execute(sql, tuple(parameters) or None)
            for batch in cursor.fetch_record_batch():
                for start in range(0, batch.num_rows, CHUNK_ROWS):
                    yield batch.slice(start, CHUNK_ROWS)
        except (driver.Error, OSError, pa.ArrowException) as error:
            raise explain(error, self.place) from None
        finally:
            self._end(cursor)

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return a small answer, row by row."""
        return [row for batch in self.stream(sql, parameters) for row in batch.to_pylist()]

    def select(self, query: Query, condition: str = "true", parameters: Sequence[Any] = ()) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a query under a condition."""
        columns = ", ".join(f"cast({one.sql} as {_TYPES[one.kind]})" for one in query.columns)
        names = [column.name for column in query.columns]
        tail = f"from {query.source} where {query.where} and {condition}"
        for batch in self.stream(f"select {columns} {tail}", parameters):
            yield pa.RecordBatch.from_arrays(batch.columns, names=names)

    def close(self) -> None:
        """End the transaction and the connection, also where an answer was not read to its end."""
        for cursor in list(self._cursors):
            self._end(cursor)
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _end(self, cursor: Cursor) -> None:
        if cursor in self._cursors:
            self._cursors.remove(cursor)
            cursor.close()


def _to_libpq(uri: str, timeout: float) -> str:
    """Return an address that libpq understands: without SQLAlchemy's driver, with bounded waiting."""
    address = re.sub(r"^[A-Za-z]+(\+\w+)?://", "postgresql://", uri)
    bounds = {
        "connect_timeout": max(2, round(timeout)),  # libpq takes no less
        "tcp_user_timeout": SILENCE_SECONDS * 1000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 4,
    }
    for name, value in bounds.items():
        if f"{name}=" not in address:
            address += f"{'&' if '?' in address else '?'}{name}={value}"
    return address
