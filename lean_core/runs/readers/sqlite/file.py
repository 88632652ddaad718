"""An SQLite file seen from outside: what state it is in, and a private copy where the file alone is not whole.

Opening a database that others write to can leave -wal and -shm files behind, or roll back a journal. So a source is
only ever opened as ``immutable``, which touches nothing but also looks at nothing beside the file itself. What lies
beside it (a live -wal, a hot -journal) is taken into account here, by copying.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from lean_core.errors import SourceForbidden, SourceMissing, SourceUnreadable

MAGIC = b"SQLite format 3\0"
HEADER_BYTES = 100
_WRITE_VERSION = 18
_WAL = 2
_WAL_HEADER = slice(0, 32)  # with the salts, which change whenever the log starts anew
_JOURNAL_NONCE = slice(12, 28)  # the record count before it grows while the transaction lasts
_JOURNAL_MAGIC_BYTES = 8
_HEAD_BYTES = 48  # of a -shm, these count every transaction, also where a log of the same size is written over again
COPIES = 5
"""How often a copy is begun, where the log or journal starts anew while it is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The state of a database file; equal stamps mean that nothing was written in between."""

    file: bytes
    """Size, time of modification and header, which counts the transactions."""
    wal: bytes
    """The same of a -wal that has something in it, else empty."""
    journal: bytes
    """The head of a journal from which an unfinished transaction could be rolled back, else empty."""

    @property
    def is_whole(self) -> bool:
        """Whether the file alone has everything that was committed, and nothing else."""
        return not self.wal and not self.journal

    @property
    def keeps_log(self) -> bool:
        """Whether the database is in WAL mode."""
        return self.file[-HEADER_BYTES:][_WRITE_VERSION] == _WAL

    @property
    def generation(self) -> tuple[bytes, bytes]:
        """What stays the same while the files beside the database only grow."""
        return self.wal[_WAL_HEADER], self.journal[_JOURNAL_NONCE]


def read_stamp(path: Path) -> Stamp:
    """Look at a database file without opening it as one.

    Raises:
        SourceError: it is missing, may not be read, is empty, or is something else.
    """
    try:
        status = path.stat()
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
        beside = {suffix: _head(path.with_name(path.name + suffix)) for suffix in ("-wal", "-shm", "-journal")}
    except FileNotFoundError:
        raise SourceMissing(f"there is no file {path}; correct the source's uri, or bring the store back.") from None
    except IsADirectoryError:
        raise SourceUnreadable(f"{path} is a folder, not an SQLite file; correct the source's uri.") from None
    except PermissionError as error:
        raise SourceForbidden(f"{error.filename} may not be read by this user; change its permissions.") from None
    except OSError as error:
        raise SourceUnreadable(f"{path} can't be read: {error.strerror}; check the disk or the mount.") from None
    if not header:
        raise SourceUnreadable(f"{path} is empty; it was never written, or a copy went wrong: bring the store back.")
    if not header.startswith(MAGIC):
        raise SourceUnreadable(f"{path} is not an SQLite database; correct the source's uri.")
    if len(header) < HEADER_BYTES:
        raise SourceUnreadable(f"{path} is cut off after {len(header)} bytes; restore a copy of the store.")
    wal, journal = beside["-wal"], beside["-journal"]
    return Stamp(
        file=f"{status.st_size}:{status.st_mtime_ns}:".encode() + header,
        wal=wal and wal + beside["-shm"][:_HEAD_BYTES],  # its time changes with every reader
        journal=journal if any(journal[:_JOURNAL_MAGIC_BYTES]) else b"",  # a finished transaction may leave zeros
    )


def _head(path: Path) -> bytes:
    """Return the beginning of a file with its size and time, or nothing where it is missing or empty."""
    try:
        status = path.stat()
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        return b""
    return head and head.ljust(_HEAD_BYTES, b"\0") + f":{status.st_size}:{status.st_mtime_ns}".encode()


def copy_whole(path: Path, folder: Path) -> Path | None:
    """Copy a database with what lies beside it into one whole file in ``folder``; None where the file is whole by now.

    The database is copied first, then the log or journal. As long as that is still of the same generation, it has
    every page that was written to the database during the copying: the log the new ones, the journal the old ones.

    Raises:
        SourceError: it can't be read, there is no room for the copy, or others write to it without a pause.
    """
    for _ in range(COPIES):
        before = read_stamp(path)
        if before.is_whole:
            return None
        copy = _copy(path, folder)
        if read_stamp(path).generation == before.generation:
            _settle(copy, path)
            return copy
    raise SourceUnreadable(f"{path}: another program writes to it without a pause; sync again in a while.")


def copy_anyway(path: Path, folder: Path) -> Path:
    """Copy a database into one whole file in ``folder``, whatever state it is in.

    Raises:
        SourceError: as `copy_whole`.
    """
    for _ in range(COPIES):
        copy = copy_whole(path, folder)
        if copy is not None:
            return copy
        before = read_stamp(path)
        copy = _copy(path, folder)
        if read_stamp(path) == before:
            return copy
    raise SourceUnreadable(f"{path}: another program writes to it without a pause; sync again in a while.")


def _copy(path: Path, folder: Path) -> Path:
    copy = folder / "copy.db"
    try:
        for suffix in ("", "-wal", "-journal"):
            target = copy.with_name(copy.name + suffix)
            target.unlink(missing_ok=True)
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(path.with_name(path.name + suffix), target)
    except PermissionError as error:
        raise SourceForbidden(f"{error.filename} may not be read by this user; change its permissions.") from None
    except OSError as error:
        raise SourceUnreadable(
            f"{path} had to be copied to {folder}: {error.strerror}; "
            "make room there, or stop the program that writes to it and sync again."
        ) from None
    return copy


def _settle(copy: Path, path: Path) -> None:
    """Let SQLite take the log into the copy, or roll its journal back, so that the copy is one whole file."""
    try:
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as database:
            database.execute("pragma journal_mode = delete").fetchall()
            database.execute("select count(*) from sqlite_master").fetchall()
    except sqlite3.Error as error:
        raise SourceUnreadable(f"{path} is damaged ({error}); restore a copy of the store.") from None
