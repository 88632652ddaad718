"""What a sync keeps of a source, in a database in memory, in a form that is easy to compare."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from lean_core.runs import Source, SyncReport, sync_source
from lean_core.runs.reader import Reader
from lean_core.store.migrate import migrate, shipped

Contents = dict[str, dict[str, Any]]
"""By run key: the run's own row, and the rows of each table that belongs to it."""

_RUN = (
    "run_id, experiment_key, name, status, start_time, end_time, alive_at, user_name, lifecycle, parent_run_id,"
    " git_commit, artifact_uri, artifact_path, gone_at is not null"
)
_BELONGINGS = ("param", "tag", "point", "metric", "input")


class MemoryStore:
    """A `Store` without a file: to open and close one takes longer than to sync a small source."""

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        migrate(self._connection, Path("memory"), shipped())

    @contextlib.contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._connection.cursor() as cursor:
            yield cursor

    @contextlib.contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.read() as cursor:
            cursor.begin()
            try:
                yield cursor
            except BaseException:
                cursor.rollback()
                raise
            cursor.commit()

    def close(self) -> None:
        self._connection.close()


@dataclass(kw_only=True)
class Synced:
    """A source and what was imported of it."""

    open_reader: Callable[[], Reader]
    store: MemoryStore = field(default_factory=MemoryStore)

    def sync(self) -> SyncReport:
        source = Source(name="s", uri="mlflow.db", kind="auto", folder=Path(), timeout=10)
        report = sync_source(self.store, source, open_reader=lambda _: self.open_reader(), tell=lambda _: None)  # type: ignore[arg-type]
        assert report.error is None, report.error
        return report

    def contents(self) -> Contents:
        """Return everything that is kept of each run; rows that belong to none are an error."""
        with self.store.read() as cursor:
            runs = cursor.execute(f"select run_no, run_key, {_RUN} from run").fetchall()
            found: Contents = {
                run_key: {"run": tuple(row), **{name: [] for name in _BELONGINGS}} for _, run_key, *row in runs
            }
            assert len(found) == len(runs)
            keys = {run_no: run_key for run_no, run_key, *_ in runs}
            for name in _BELONGINGS:
                for run_no, *row in cursor.execute(f"select * from {name}").fetchall():
                    found[keys[run_no]][name].append(tuple("NaN" if _is_nan(each) else each for each in row))
        for of_run in found.values():
            for name in _BELONGINGS:
                of_run[name].sort(key=repr)
        return found


def differing(before: Contents, after: Contents) -> set[str]:
    """Return the keys of the runs that are not the same on both sides."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def anew(open_reader: Callable[[], Reader]) -> Contents:
    """Return what a first import keeps."""
    with contextlib.closing(MemoryStore()) as store:
        synced = Synced(open_reader=open_reader, store=store)
        synced.sync()
        return synced.contents()


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)
