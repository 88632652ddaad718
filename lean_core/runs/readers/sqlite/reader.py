"""Runs of an MLflow store in an SQLite file, read directly: nothing of it changes, whatever its age."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.runs.artifact_location import ArtifactFolders
from lean_core.runs.reader import Chunk, Found, Warnings
from lean_core.runs.readers.mlflow_sql import RowMaker, read_catalog
from lean_core.runs.readers.sqlite.bookmark import decode
from lean_core.runs.readers.sqlite.connection import SqliteConnection
from lean_core.runs.readers.sqlite.file import read_stamp
from lean_core.runs.readers.sqlite.load import load_parts, plan_all, plan_runs
from lean_core.runs.readers.sqlite.scan import digest, find_changes
from lean_core.runs.readers.sqlite.select import select
from lean_core.runs.readers.sqlite.store import OpenStore, open_store

if TYPE_CHECKING:
    import pyarrow as pa

THREADS = 2
"""More do not read faster: two already keep two cores busy."""


class SqliteReader:
    """Reads an MLflow store in an SQLite file.

    A run counts as deleted when it is, and when its experiment is: MLflow's own pages list neither.
    """

    def __init__(self, path: Path) -> None:
        """Prepare to read a file; nothing is opened yet."""
        self.warnings = Warnings()
        path = path.resolve()  # a log or journal lies beside the file itself, not beside a link to it
        self._connection = SqliteConnection(path)
        self._rows = RowMaker(self.warnings, ArtifactFolders(path.parent))
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="sqlite-reader")
        self._store: OpenStore | None = None

    def state(self) -> str | None:
        """Name the state of the file and of what lies beside it, without opening it as a database.

        Raises:
            SourceError: it is missing, forbidden or unreadable.
        """
        return digest(read_stamp(self._connection.path))

    def scan(self, bookmark: bytes | None) -> Found:
        """Say what changed since the bookmark; a file that nobody wrote to is not even opened.

        Raises:
            SchemaUnknown: MLflow's tables lack something without which there is nothing to read.
            SourceError: the file is missing, forbidden or unreadable.
        """
        before = decode(bookmark)
        stamp = self._connection.refresh()
        self._store = None
        if before is not None and before.stamp == digest(stamp):
            return None
        return find_changes(self._open(), self._rows, stamp, before)

    def catalog(self) -> dict[str, pa.Table]:
        """Return experiments, registered models, their versions, and logged models.

        Raises:
            SourceError: the file can't be read.
        """
        store = self._open()
        return read_catalog(store.schema, lambda query: select(store.connection, query, ("true", ())), self._rows)

    def load(self, run_keys: Sequence[str] | None) -> Iterator[Chunk]:
        """Yield everything about these runs, as far as it was there at the scan.

        Raises:
            SourceError: the file can't be read any more.
        """
        store = self._open()
        parts = plan_all(store) if run_keys is None else plan_runs(store, run_keys)
        return load_parts(store, parts, self._rows)

    def close(self) -> None:
        """Let go of the file, and remove the copy if there was one."""
        self._pool.shutdown(cancel_futures=True)
        self._connection.close()

    def _open(self) -> OpenStore:
        if self._store is None:
            self._store = open_store(self._connection, self._pool)
        return self._store
