"""The store: short units of work on the workspace's file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from lean_core.store.faults import check_file
from lean_core.store.migrate import migrate, shipped
from lean_core.store.owner import owner_of

DEFAULT_BUSY_TIMEOUT = 8.0
"""Seconds."""


class Store:
    """A workspace's DuckDB file, opened for each unit of work and let go of after it."""

    def __init__(self, path: Path, *, busy_timeout: float = DEFAULT_BUSY_TIMEOUT) -> None:
        """Remember where the file is, or will be.

        Args:
            path: the file; made with its schema at the first use.
            busy_timeout: seconds to wait while another process holds it.
        """
        self.path = path
        self.busy_timeout = busy_timeout

    @contextlib.contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for queries.

        Raises:
            StoreError: the file can't be used; each reason is its own error.
        """
        check_file(self.path)
        owner = owner_of(self.path)
        with owner.cursor(busy_timeout=self.busy_timeout) as cursor:
            with owner.preparing:
                if not owner.prepared:
                    migrate(cursor, self.path, shipped())
                    owner.prepared = True
            yield cursor

    @contextlib.contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor inside a transaction: all of it is kept, or nothing.

        Raises:
            StoreError: the file can't be used, or not written; nothing was kept.
        """
        with self.read() as cursor:
            cursor.begin()
            try:
                yield cursor
                # After an error inside it, commit() returns as if all were well and has rolled back.
                cursor.execute("select 1").fetchall()
            except BaseException:
                with contextlib.suppress(duckdb.Error):
                    cursor.rollback()
                raise
            cursor.commit()

    def kept(self) -> contextlib.AbstractContextManager[None]:
        """Keep the file open between units of work that follow each other, and let go of it when they pause.

        Raises:
            StoreError: what was written can't be brought into the file.
        """
        return owner_of(self.path).kept()

    def version(self) -> str:
        """Return a text that changes with every write, without opening the file: what a cached answer rests on."""
        parts = []
        for path in (self.path, self.path.with_name(self.path.name + ".wal")):
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            parts.append(f"{stat.st_ino}.{stat.st_mtime_ns}.{stat.st_size}")
        return "-".join(parts)
