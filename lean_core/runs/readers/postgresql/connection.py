"""One read-only transaction on a PostgreSQL database: everything that is read in it is of one moment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import pyarrow as pa

from lean_core.errors import SourceError, SourceForbidden, SourceMissing, SourceUnreachable, SourceUnreadable
from lean_core.runs.readers.mlflow_sql import Kind, Query
from lean_core.settings import redact

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection

CHUNK_ROWS = 65_536
BATCH_BYTES = 4_000_000
"""Of one batch from the server; its default of 16 MB holds several chunks."""
STATEMENT_SECONDS = 600
"""A table is one statement, and it lasts until the last row has been written where it goes."""
SILENCE_SECONDS = 30
"""After which a connection over which nothing arrives counts as broken."""

_TYPES: dict[Kind, str] = {"text": "text", "integer": "bigint", "number": "double precision", "flag": "boolean"}
_BY_WORDS: tuple[tuple[str, type[SourceError], str], ...] = (
    (r"authentication failed|no password supplied", SourceForbidden, "the user or password is wrong; correct the source's uri"),
    (r"no pg_hba\.conf entry|not permitted to log in", SourceForbidden, "it does not let this user in from here; ask who runs it"),
    (r'role ".*" does not exist', SourceForbidden, "there is no such user; correct the source's uri"),
    (r'database ".*" does not exist', SourceMissing, "there is no such database; correct the source's uri"),
    (r"permission denied", SourceForbidden, "this user may not read MLflow's tables; grant it select on them"),
    (r"could not translate host name", SourceUnreachable, "its host has no address; check the name and the network"),
    (r"timeout expired|timed out", SourceUnreachable, "it does not answer; check that it runs, and the network"),
    (r"Connection refused|No such file|No route|unreachable", SourceUnreachable, "nothing answers there; check that it runs, and the port"),
    (r"lock timeout", SourceUnreachable, "its tables are locked, perhaps by a migration; sync again when it is done"),
    (r"statement timeout", SourceUnreachable, f"it took longer than {STATEMENT_SECONDS} s to answer; sync again when it is less busy"),
    (r"connection info string|invalid URI|invalid connection option|invalid port", SourceUnreadable, "its address is not understood; write postgresql://user:password@host:port/database"),
    (r"server closed the connection|connection to server was lost|terminating connection", SourceUnreachable, "it broke the connection off; sync again"),
)  # fmt: skip


class PostgresConnection:
    """Reads one database."""

    def __init__(self, uri: str, *, timeout: float) -> None:
        """Prepare to read; nothing is opened yet. ``timeout`` (seconds) is for connecting and for locks."""
        self.place = redact(uri)
        self._address = _to_libpq(uri, timeout)
        self._lock_ms = round(timeout * 1000)
        self._connection: Connection | None = None

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
        except driver.Error as error:
            raise self._explain(error) from None

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[pa.RecordBatch]:
        """Yield the answer to a select in batches of up to 65,536 rows.

        Raises:
            SourceError: it can't be had.
        """
        import adbc_driver_postgresql.dbapi as driver

        if self._connection is None:
            self.begin()
        assert self._connection is not None  # noqa: S101 - begin() has just opened it
        try:
            with self._connection.cursor() as cursor:
                cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)})
                cursor.execute(sql, tuple(parameters) or None)
                for batch in cursor.fetch_record_batch():
                    for start in range(0, batch.num_rows, CHUNK_ROWS):
                        yield batch.slice(start, CHUNK_ROWS)
        except (driver.Error, OSError, pa.ArrowException) as error:
            raise self._explain(error) from None

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return a small answer, row by row."""
        return [row for batch in self.stream(sql, parameters) for row in batch.to_pylist()]

    def select(self, query: Query, condition: str = "true", parameters: Sequence[Any] = ()) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a query under a condition."""
        columns = ", ".join(f"cast({one.sql} as {_TYPES[one.kind]}) as {one.name}" for one in query.columns)
        names = [column.name for column in query.columns]
        sql = f"select {columns} from {query.source} where {query.where} and {condition}"
        for batch in self.stream(sql, parameters):
            yield pa.RecordBatch.from_arrays(batch.columns, names=names)

    def close(self) -> None:
        """End the transaction and the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _explain(self, error: Exception) -> SourceError:
        text = str(error)
        for words, kind, sentence in _BY_WORDS:
            if re.search(words, text):
                return kind(f"{self.place}: {sentence}.")
        state = getattr(error, "sqlstate", None)
        said = f"SQLSTATE {state}" if state else "without saying why"
        return SourceUnreadable(f"{self.place}: PostgreSQL refused ({said}); look into its log, then sync again.")


def _to_libpq(uri: str, timeout: float) -> str:
    """Return an address that libpq understands: without SQLAlchemy's driver, with bounded waiting."""
    parts = urlsplit(uri)
    query = parts.query
    bounds = {
        "connect_timeout": max(2, round(timeout)),  # libpq takes no less
        "tcp_user_timeout": SILENCE_SECONDS * 1000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 4,
    }
    for name, value in bounds.items():
        if f"{name}=" not in query:
            query += f"{'&' if query else ''}{name}={value}"
    return urlunsplit(parts._replace(scheme="postgresql", query=query))
