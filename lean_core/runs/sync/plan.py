"""Work out what a sync has to load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from lean_core.runs import rows
from lean_core.runs.reader import Amendment, Delta, Listing
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to change in place."""

    runs: pa.Table
    """The column ``run_key``: new runs, and those of which something differs or was added."""
    new: int
    """How many the store does not have."""
    gone: tuple[str, ...]
    bookmark: bytes


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


def plan_amendment(cursor: duckdb.DuckDBPyConnection, source: str, found: Amendment) -> Change | Plan | None:
    """Compare the rows that the reader handed over with the last import.

    Returns:
        what to change in place, or what to load where that is too much to hold; None where every run and tag has to be
        read to tell which ones the source has lost.
    """
    differences = table.find_differences(cursor, source, found)
    gone: tuple[str, ...] = ()
    changed = differences.runs | found.owners
    if found.read_all is None:
        without_tag, gone = table.find_lost(cursor, source)
        changed |= without_tag
    elif differences.is_short:
        return None
    run_keys = sorted(changed)
    if found.added is None or differences.came_back:
        runs = pa.table({"run_key": run_keys, "fingerprint": [None] * len(run_keys)}, schema=rows.SCAN)
        return Plan(runs=runs, everything=False, gone=gone, bookmark=found.bookmark)
    runs = pa.table({"run_key": pa.array(run_keys, pa.string())})
    return Change(runs=runs, new=differences.new, gone=gone, bookmark=found.bookmark)
