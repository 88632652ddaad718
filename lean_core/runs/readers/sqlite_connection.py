"""Read an SQLite file that others may be writing to: never a torn state, and without a trace.

A read of the file as ``immutable`` counts only if the file's stamp is the same afterwards. Where it is not, the same
read is done again under SQLite's own shared lock, which lasts for that one statement: it can't be torn, and a writer
waits some milliseconds for it at most. In WAL mode a lock would leave files behind, so there a copy is read instead.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyarrow as pa

from lean_core.errors import SourceError, SourceForbidden, SourceUnreadable
from lean_core.runs.readers.sqlite_file import Stamp, copy_whole, read_stamp

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection

BATCH_ROWS = 65_536
LOCK_WAIT_MS = 2_000
ATTEMPTS = 4


class MixedTypesError(Exception):
    """A column holds values of a type that its column should not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    connection: Connection
    stamp: Stamp | None
    """The state in which a file was opened as immutable: its pages are remembered."""


class SqliteConnection:
    """Reads one file from any number of threads; each has a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Prepare to read a file; nothing is opened yet."""
        self.path = path
        self._copy: Path | None = None
        self._folder: Path | None = None
        self._switching = threading.Lock()
        self._mine = threading.local()
        self._opened: list[Connection] = []

    def refresh(self) -> Stamp:
        """Look at the file anew, copy it where it alone is not whole, and return the state that is read from now on.

        Raises:
            SourceError: it is missing, forbidden, unreadable, or not an SQLite file.
        """
        self.close()
        stamp = read_stamp(self.path)
        if not stamp.is_whole:
            self._switch_to_copy()
        return stamp

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[pa.RecordBatch]:
        """Return the answer to one select, as of one moment.

        Raises:
            MixedTypesError: a value's type is not the one that the first rows of its column had.
            SourceError: the file can't be read.
        """
        for _ in range(ATTEMPTS):
            if self._copy is not None:
                return self._fetch(lambda: self._open(self._copy, "immutable=1"), sql, parameters)
            stamp = read_stamp(self.path)
            if not stamp.is_whole:
                self._switch_to_copy()
                continue
            found = self._read_unlocked(stamp, sql, parameters)
            if found is not None:
                return found
            if stamp.keeps_log:
                continue
            found = self._read_locked(sql, parameters)
            if found is not None:
                return found
        raise SourceUnreadable(f"{self.path}: another program writes to it without a pause; sync again in a while.")

    def close(self) -> None:
        """Close all connections and remove the copy."""
        for connection in self._opened:
            connection.close()
        self._opened, self._mine, self._copy = [], threading.local(), None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
