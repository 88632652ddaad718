"""Own a DuckDB file within this process, and only while somebody works with it.

One process that holds the file open shuts every other process out, and one process must not open it twice. So all
threads of a process share one connection, counted; each works on a cursor of its own (rows of other threads turned
up in 213 to 265 of 1,600 queries on a shared one); the last one out closes the file and lets other processes in.

To open and close it takes as long as many a question, so it can be kept over several that follow each other.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from lean_core.errors import StoreBusy, StoreError
from lean_core.store.faults import holder, translate

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.5.0",  # so that DuckDB 1.5 can read the file too
    "autoinstall_known_extensions": "false",  # nothing is downloaded behind a person's back
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # no Python variable is ever taken for a table
    "preserve_insertion_order": "false",  # an import runs in parallel; every query orders for itself
    "memory_limit": "400MB",  # more spills to disk: the app must fit a small host
}
LONGEST_PAUSE = 0.25
"""Seconds between two tries for a busy file, at most."""
IDLE = 0.1
"""Seconds without a question after which a file that is kept is let go of all the same."""
LONGEST = 1.0
"""Seconds after which it is let go of between two questions: others want to have their turn."""

_owners: dict[Path, Owner] = {}
_owners_guard = threading.Lock()


class Owner:
    """The one holder of a file in this process."""

    def __init__(self, path: Path) -> None:
        """Remember the file; nothing is opened yet."""
        self.path = path
        self.preparing = threading.Lock()
        """Held while the schema is brought up to date: two threads at once would both create its tables."""
        self.prepared = False
        """Whether the schema was checked since the file was opened: in between another version may have been at it."""
        self._guard = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._opened_at = 0.0
        self._users = 0
        self._keepers = 0
        self._idle: threading.Timer | None = None

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the file open between units of work that follow each other; it is opened for the first.

        Raises:
            StoreError: what was written can't be brought into the file.
        """
        with self._guard:
            self._keepers += 1
        try:
            yield
        finally:
            with self._guard:
                self._keepers -= 1
                if not self._keepers:
                    self._close_unused()

    @contextlib.contextmanager
    def cursor(self, *, busy_timeout: float) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for one unit of work.

        Args:
            busy_timeout: seconds to wait for another process to let go of the file.

        Raises:
            StoreBusy: it did not, and who holds it.
            StoreError: the file can't be used; each reason is its own error.
        """
        connection = self._enter(busy_timeout)
        try:
            cursor = connection.cursor()
            try:
                yield cursor
            except duckdb.Error as error:
                raise translate(error, self.path) from error
            finally:
                with contextlib.suppress(duckdb.Error):
                    cursor.close()
        finally:
            self._leave()

    def _enter(self, busy_timeout: float) -> duckdb.DuckDBPyConnection:
        with self._guard:
            self._stop_waiting()
            if self._connection is None:
                self._connection = _connect(self.path, busy_timeout)
                self._opened_at = time.monotonic()
            self._users += 1
            return self._connection

    def _leave(self) -> None:
        with self._guard:
            self._users -= 1
            if self._users:
                return
            if self._keepers and time.monotonic() - self._opened_at < LONGEST:
                self._close_when_idle()
            else:
                self._close_unused()

    def _close_when_idle(self) -> None:
        timer = self._idle = threading.Timer(IDLE, lambda: self._end_waiting(timer))
        timer.daemon = True
        timer.start()

    def _stop_waiting(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _end_waiting(self, timer: threading.Timer) -> None:
        # What was committed is in the log beside the file: whoever opens it next hears what is wrong with it.
        with self._guard, contextlib.suppress(StoreError):
            if self._idle is timer:
                self._close_unused()

    def _close_unused(self) -> None:
        if self._users or self._connection is None:
            return
        self._stop_waiting()
        connection, self._connection = self._connection, None
        self.prepared = False
        try:
            connection.close()
        except duckdb.Error as error:
            raise translate(error, self.path) from error


def owner_of(path: Path) -> Owner:
    """Return this process's owner of the file, whoever asked for it first."""
    resolved = path.resolve()
    with _owners_guard:
        return _owners.setdefault(resolved, Owner(resolved))


def _connect(path: Path, busy_timeout: float) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + busy_timeout
    pause = 0.005
    while True:
        try:
            return duckdb.connect(path, config=CONFIG)
        except duckdb.Error as error:
            who = holder(error)
            if who is None:
                raise translate(error, path) from error
            if time.monotonic() > deadline:
                message = f"{path} has been held by {who} for {busy_timeout:g} s; close that program, or try again."
                raise StoreBusy(message) from error
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads the tries of several waiting processes
        pause = min(pause * 2, LONGEST_PAUSE)
