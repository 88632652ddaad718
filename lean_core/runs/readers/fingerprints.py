"""Numbers that tell whether a run changed: one for each run, from its own row and its tags.

MLflow changes runs and tags in place and keeps no time of the change, so all of them are read and compared.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from lean_core.runs import rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Fingerprints:
    """Folds rows into one number a run; only the numbers are kept, so memory does not grow with what rows say."""

    def __init__(self) -> None:
        """Begin with no runs."""
        import duckdb

        self._duckdb: DuckDBPyConnection = duckdb.connect(config={"threads": 2})
        self._runs: list[pa.Table] = []
        self._tags: list[pa.Table] = []

    def add_runs(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Take runs: ``run_key`` and, as one text, what may change of it."""
        self._runs.append(self._hash(batches, "run_key, hash(run_key) as run, hash(said) as said"))

    def add_tags(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Take rows that belong to runs, in the same form."""
        self._tags.append(self._hash(batches, "hash(run_key) as run, hash(said) as said"))
