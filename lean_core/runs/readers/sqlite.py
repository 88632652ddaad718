"""Runs of an MLflow store in an SQLite file, read directly: nothing of it changes, whatever its age."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.runs.artifact_location import ArtifactFolders
from lean_core.runs.reader import Chunk, Delta, Listing, Warnings
from lean_core.runs.readers.mlflow_catalog import read_catalog
from lean_core.runs.readers.mlflow_rows import RowMaker
from lean_core.runs.readers.sqlite_bookmark import decode
from lean_core.runs.readers.sqlite_connection import SqliteConnection
from lean_core.runs.readers.sqlite_load import Part, load_parts
from lean_core.runs.readers.sqlite_scan import OpenStore, digest, find_changes, open_store
from lean_core.runs.readers.sqlite_select import select

THREADS = 2
"""More do not read faster: two already keep two cores busy."""


class SqliteReader:
    """Reads an MLflow store in an SQLite file.

    A run counts as deleted when it is, and when its experiment is: MLflow's own pages list neither.
    """

    def __init__(self, path: Path) -> None:
        """Prepare to read a file; nothing is opened yet."""
        self.warnings = Warnings()
        self._connection = SqliteConnection(path)
        self._rows = RowMaker(self.warnings, ArtifactFolders(path.parent))
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="sqlite-reader")
        self._store: OpenStore | None = None
