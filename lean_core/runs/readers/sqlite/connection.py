"""Read an SQLite file that others may be writing to: never a torn state, and without a trace.

A read of the file as ``immutable`` counts only if the file's stamp is the same afterwards. Where it is not, the same
read is done again under SQLite's own shared lock, for that one statement: it can't be torn, and a writer waits some
milliseconds for it at most. A log, or a journal that a crash left behind, can't be read in place without changing the
folder: there a copy is read.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar
from urllib.parse import quote

import pyarrow as pa

from lean_core.errors import SourceUnreadable
from lean_core.runs.readers.sqlite.file import Stamp, copy_whole, read_stamp

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection

T = TypeVar("T")
CHUNK_ROWS = 65_536
LOCK_WAIT_MS = 500
"""A commit takes some milliseconds; who holds the file for longer is read from a copy."""
ATTEMPTS = 4


class MixedTypesError(Exception):
    """A value has another type than the first one of its column."""


class _FailedError(Exception):
    """What SQLite said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    connection: Connection
    path: Path
    file: bytes
    """The state in which it was opened: pages are remembered."""


class SqliteConnection:
    """Reads one file from any number of threads; each has a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Prepare to read a file; nothing is opened yet."""
        self.path = path
        self._copy: Path | None = None
        self._folder: Path | None = None
        self._switching = threading.Lock()
        self._mine = threading.local()
        self._connections: list[Connection] = []

    def refresh(self) -> Stamp:
        """Forget what was seen of the file, and return its state; what is read from now on is of that one or later.

        Raises:
            SourceError: it is missing, forbidden, unreadable, or not an SQLite file.
        """
        self.close()
        return read_stamp(self.path)

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[pa.RecordBatch]:
        """Return the answer to one select, as of one moment, in batches of up to 65,537 rows.

        Raises:
            MixedTypesError: a value has another type than the first one of its column.
            SourceError: the file can't be read.
        """
        for _ in range(ATTEMPTS):
            if self._copy is not None:
                return self._read_copy(self._copy, sql, parameters)
            stamp = read_stamp(self.path)
            found = self._read_unlocked(stamp, sql, parameters) if stamp.is_whole else None
            if found is None and not stamp.keeps_log:
                found = self._read_locked(sql, parameters)
            if found is not None:
                return found
            self._switch_to_copy()
        raise SourceUnreadable(f"{self.path}: another program writes to it without a pause; sync again in a while.")

    def inspect(self, stamp: Stamp, work: Callable[[BinaryIO], T]) -> T | None:
        """Do a work on the file itself; None where it alone is not whole, or not in this state any more.

        Raises:
            SourceError: the file is missing, forbidden or unreadable.
        """
        if self._copy is not None or not stamp.is_whole:
            return None
        try:
            with self.path.open("rb", buffering=0) as file:
                found = work(file)
        except OSError:
            return None  # what is wrong with it, the next select says
        return found if _is_unchanged(self.path, stamp) else None

    def close(self) -> None:
        """Close all connections and remove the copy."""
        for connection in self._connections:
            connection.close()
        self._connections, self._mine, self._copy = [], threading.local(), None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _read_copy(self, copy: Path, sql: str, parameters: Sequence[object]) -> list[pa.RecordBatch]:
        try:
            return _fetch(self._reuse(copy, b""), sql, parameters)
        except _FailedError as error:
            raise self._explain(error) from None

    def _read_unlocked(self, stamp: Stamp, sql: str, parameters: Sequence[object]) -> list[pa.RecordBatch] | None:
        """Return the answer, or None where somebody wrote meanwhile."""
        try:
            found = _fetch(self._reuse(self.path, stamp.file), sql, parameters)
        except MixedTypesError:
            if _is_unchanged(self.path, stamp):
                raise
            return None
        except _FailedError as error:
            if _is_unchanged(self.path, stamp):
                raise self._explain(error) from None
            return None
        return found if _is_unchanged(self.path, stamp) else None

    def _read_locked(self, sql: str, parameters: Sequence[object]) -> list[pa.RecordBatch] | None:
        """Return the answer, or None where the lock is not to be had or a crash left a journal behind."""
        try:
            with closing(_connect(self.path, "mode=ro")) as connection:
                _fetch(connection, f"pragma busy_timeout = {LOCK_WAIT_MS}")
                return _fetch(connection, sql, parameters)
        except _FailedError:
            return None

    def _reuse(self, path: Path, file: bytes) -> Connection:
        """Return this thread's connection, a new one where the file has changed since it was opened."""
        opened: _Opened | None = getattr(self._mine, "opened", None)
        if opened is None or (opened.path, opened.file) != (path, file):
            if opened is not None:
                self._connections.remove(opened.connection)
                opened.connection.close()
            opened = _Opened(connection=_connect(path, "mode=ro&immutable=1"), path=path, file=file)
            self._mine.opened = opened
            self._connections.append(opened.connection)
        return opened.connection

    def _switch_to_copy(self) -> None:
        with self._switching:
            if self._copy is None:
                self._folder = self._folder or Path(tempfile.mkdtemp(prefix="lean-mlops-"))
                self._copy = copy_whole(self.path, self._folder)

    def _explain(self, error: _FailedError) -> SourceUnreadable:
        text = str(error)
        if "malformed" in text or "not a database" in text:
            advice = "restore a copy, or rescue what is left with `sqlite3 FILE .recover`"
            return SourceUnreadable(f"{self.path} is damaged; {advice}.")
        return SourceUnreadable(f"{self.path} can't be read: {text}; check the disk, then sync again.")


def _is_unchanged(path: Path, stamp: Stamp) -> bool:
    """Say whether the file itself is as it was; a log that only grew beside it does no harm."""
    now = read_stamp(path)
    return now.file == stamp.file and not now.journal


def _connect(path: Path, options: str) -> Connection:
    import adbc_driver_sqlite.dbapi as driver

    try:
        return driver.connect(f"file:{quote(str(path.absolute()))}?{options}")
    except driver.Error:
        raise _FailedError("it can't be opened") from None


def _fetch(connection: Connection, sql: str, parameters: Sequence[object] = ()) -> list[pa.RecordBatch]:
    import adbc_driver_sqlite.dbapi as driver

    try:
        with connection.cursor() as cursor:
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(CHUNK_ROWS + 1)})
            cursor.execute(sql, tuple(parameters) or None)
            return list(cursor.fetch_record_batch())
    except (driver.Error, OSError, pa.ArrowException) as error:
        text = str(error)
        if "Type mismatch" in text:
            raise MixedTypesError from None
        raise _FailedError(text.partition("\n")[0].rpartition(": ")[2]) from None
