"""Work out what a sync has to load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from lean_core.runs import rows
from lean_core.runs.reader import Delta, Listing
from lean_core.runs.sync import table

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to load, and what becomes of the rest."""

    runs: pa.Table
    """`rows.SCAN`: the new and changed runs."""
    everything: bool
    """Whether these are all runs of the source."""
    gone: tuple[str, ...]
    bookmark: bytes

    @property
    def load(self) -> tuple[str, ...] | None:
        """The keys to ask the reader for; None is all."""
        return None if self.everything else tuple(self.runs["run_key"].to_pylist())

    def numbered(self, first_run_no: int) -> pa.Table:
        """Return the runs with their fresh numbers."""
        numbers = pa.array(range(first_run_no, first_run_no + self.runs.num_rows), pa.int32())
        return self.runs.append_column("run_no", numbers)


def plan(cursor: duckdb.DuckDBPyConnection, source: str, found: Listing | Delta) -> Plan:
    """Compare what the reader found with the last import."""
    if isinstance(found, Listing):
        return _from_listing(cursor, source, found)
    columns = {"run_key": found.changed, "fingerprint": [None] * len(found.changed)}
    runs = pa.table(columns, schema=rows.SCAN)
    return Plan(runs=runs, everything=False, gone=found.gone, bookmark=found.bookmark)


def _from_listing(cursor: duckdb.DuckDBPyConnection, source: str, listing: Listing) -> Plan:
    if not table.knows_runs(cursor, source):
        return Plan(runs=listing.runs.cast(rows.SCAN), everything=True, gone=(), bookmark=listing.bookmark)
    touched = pa.table({"run_key": pa.array(sorted(listing.touched), pa.string())})
    known = table.compare(cursor, source, listing.runs, touched)
    runs = listing.runs
    everything = len(known.wanted) == runs.num_rows
    if not everything:
        import pyarrow.compute as pc

        runs = runs.filter(pc.is_in(runs["run_key"], value_set=pa.array(known.wanted, pa.string())))
    return Plan(runs=runs.cast(rows.SCAN), everything=everything, gone=known.gone, bookmark=listing.bookmark)
