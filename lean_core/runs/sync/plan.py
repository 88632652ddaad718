"""Work out what a sync has to load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

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
    new: int
    unchanged: int
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
    known, present = table.known_keys(cursor, source)
    new = sum(key not in known for key in found.changed)
    runs = pa.table(
        {"run_key": pa.array(found.changed, pa.string()), "fingerprint": pa.nulls(len(found.changed), pa.uint64())},
        schema=rows.SCAN,
    )
    return Plan(
        runs=runs,
        everything=False,
        new=new,
        unchanged=present - (len(found.changed) - new) - len(found.gone),
        gone=found.gone,
        bookmark=found.bookmark,
    )


def _from_listing(cursor: duckdb.DuckDBPyConnection, source: str, listing: Listing) -> Plan:
    touched = pa.table({"run_key": pa.array(sorted(listing.touched), pa.string())})
    known = table.compare(cursor, source, listing.runs, touched)
    wanted = {*known.new, *known.changed}
    everything = len(wanted) == listing.runs.num_rows
    runs = listing.runs
    if not everything:
        runs = runs.filter(pc.is_in(runs["run_key"], value_set=pa.array(sorted(wanted), pa.string())))
    return Plan(
        runs=runs.cast(rows.SCAN),
        everything=everything,
        new=len(known.new),
        unchanged=known.unchanged,
        gone=known.gone,
        bookmark=listing.bookmark,
    )
