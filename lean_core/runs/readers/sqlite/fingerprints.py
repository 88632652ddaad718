"""Numbers that tell whether a run changed: one for each run, from its own row and its tags.

MLflow changes runs and tags in place and keeps no time of the change, so all of them are read and compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_SAID = pa.schema([("run_key", pa.string()), ("said", pa.string())])


class Fingerprints:
    """Folds rows into one number a run; only the numbers are kept, so memory does not grow with what rows say."""

    def __init__(self) -> None:
        """Begin with no runs."""
        import duckdb

        self._duckdb: DuckDBPyConnection = duckdb.connect(config={"threads": 2})
        self._runs: list[pa.Table] = []
        self._tags: list[pa.Table] = []

    def add_runs(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Take runs: ``run_key`` and, as one text in ``said``, what may change of it."""
        self._runs.append(self._hash(batches, "run_key, hash(run_key) as run, hash(said) as said"))

    def add_tags(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Take rows that belong to runs, in the same form."""
        self._tags.append(self._hash(batches, "hash(run_key) as run, hash(said) as said"))

    def fold(self) -> pa.Table:
        """Return `rows.SCAN`."""
        self._duckdb.register("runs", pa.concat_tables(self._runs))
        self._duckdb.register("tags", pa.concat_tables(self._tags))
        return self._duckdb.sql(
            """
            select runs.run_key, xor(runs.said, coalesce(of_tags.said, 0)) as fingerprint
            from runs
            left join (select run, bit_xor(said) as said from tags group by run) as of_tags using (run)
            """
        ).to_arrow_table()

    def compare(self, before: pa.Table, now: pa.Table, owners: pa.Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the keys of new and changed runs, and of those that are gone.

        ``owners`` (``run_key``) are runs that have new rows, whatever their fingerprints say.
        """
        self._duckdb.register("before", before)
        self._duckdb.register("now", now)
        self._duckdb.register("owners", owners)
        changed = self._duckdb.sql(
            """
            select now.run_key
            from now
            left join before using (run_key)
            where before.fingerprint is distinct from now.fingerprint or now.run_key in (select run_key from owners)
            """
        ).to_arrow_table()
        gone = self._duckdb.sql("select run_key from before anti join now using (run_key)").to_arrow_table()
        return tuple(changed["run_key"].to_pylist()), tuple(gone["run_key"].to_pylist())

    def close(self) -> None:
        """Let go of what was kept."""
        self._duckdb.close()

    def _hash(self, batches: Iterable[pa.RecordBatch], columns: str) -> pa.Table:
        found = pa.Table.from_batches(batches, _SAID)
        with self._duckdb.cursor() as cursor:
            cursor.register("found", found)
            return cursor.sql(f"select {columns} from found").to_arrow_table()  # noqa: S608 - written above
