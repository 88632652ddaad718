"""Tell a person what a DuckDB error means for their file."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.errors import (
    DiskFull,
    LeanError,
    StoreDamaged,
    StoreError,
    StoreNewer,
    StoreNotDuckDB,
    StoreReadOnly,
)

if TYPE_CHECKING:
    import duckdb

MAGIC = b"DUCK"
MAGIC_AT = 8
_HOLDER = re.compile(r"Conflicting lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")
_LOCKED = "Could not set lock on file"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """A kind of trouble: the words by which DuckDB tells it, and what to say to a person."""

    words: tuple[str, ...]
    error: type[StoreError]
    sentence: str


_FAULTS = (
    _Fault(
        words=("No space left on device", "out of disk space"),
        error=DiskFull,
        sentence="the disk is full, nothing of this was kept; free some space and try again",
    ),
    _Fault(
        words=("Permission denied", "Read-only file system", "read-only mode"),
        error=StoreReadOnly,
        sentence="it can't be written to; change its permissions, or use a workspace in a folder of your own",
    ),
    _Fault(
        words=("not a valid DuckDB database file",),
        error=StoreNotDuckDB,
        sentence="it is not a DuckDB file; move it away, and a new one is made",
    ),
    _Fault(
        words=("with version number", "newer version of DuckDB"),
        error=StoreNewer,
        sentence="it was written by a newer DuckDB; upgrade the workbench",
    ),
    _Fault(
        words=(
            "Corrupt database file",
            "Could not read enough bytes",
            "checksum",
            "Failed to load metadata",
            "WAL file",
        ),
        error=StoreDamaged,
        sentence=(
            "it is damaged or cut off; restore a copy, or move it away and sync again"
            " (notes and saved views are only in this file)"
        ),
    ),
)


def holder(error: duckdb.Error) -> str | None:
    """Return who holds the file, as a person can find it, or None where the error is about something else."""
    text = str(error)
    if _LOCKED not in text:
        return None
    found = _HOLDER.search(text)
    return f"{Path(found['program']).name} (process {found['pid']})" if found else "another process"


def translate(error: duckdb.Error, path: Path) -> LeanError:
    """Return our error for DuckDB's."""
    text = str(error)
    for fault in _FAULTS:
        if any(word in text for word in fault.words):
            return fault.error(f"{path}: {fault.sentence}.")
    first = text.splitlines()[0] if text else type(error).__name__
    return StoreError(f"{path}: DuckDB could not do it: {first}")


def check_file(path: Path) -> None:
    """Refuse what can't be a workspace's file before DuckDB opens it.

    DuckDB would take a SQLite file for one of its own and try to download an extension for it.

    Raises:
        StoreNotDuckDB, StoreReadOnly: see the message.
    """
    try:
        with path.open("rb") as file:
            head = file.read(MAGIC_AT + len(MAGIC))
    except FileNotFoundError:
        if path.parent.is_dir():
            return
        message = f"{path.parent} is not a folder; create it, or name another workspace."
        raise StoreReadOnly(message) from None
    except OSError as error:
        reason = "is a folder" if error.errno == errno.EISDIR else "can't be read"
        message = f"{path} {reason}; move it away, or use another workspace."
        raise StoreReadOnly(message) from error
    if head[MAGIC_AT:] != MAGIC:
        message = f"{path}: it is not a DuckDB file; move it away, and a new one is made."
        raise StoreNotDuckDB(message)
