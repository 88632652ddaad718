"""Count one file of a log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.settings import LogColumns
from lean_core.signals.files import DataFile
from lean_core.signals.log.bins import Binning, digest_of
from lean_core.signals.log.columns import OUTCOMES, standardise
from lean_core.signals.log.count import count_bins, sum_names, sum_slots
from lean_core.signals.log.engine import Engine
from lean_core.signals.log.table import CountedFile

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted of a file: rows of the tables of the store, by their names."""

    file: CountedFile
    tables: dict[str, pa.Table]


class Counter:
    """Counts files on an engine; what is asked is compiled once."""

    def __init__(self, engine: Engine, columns: LogColumns) -> None:
        """Take an engine and the log's columns."""
        self.engine = engine
        self._columns = columns
        self._sums = sum_slots(columns)
        self._names = sum_names(columns)
        self._bins: tuple[str, ir.Table | None] | None = None

    def open(self, file: DataFile, path: Path) -> CountedFile:
        """Open a file, and return what is known of it before it is counted.

        Raises:
            FileDamagedError, EngineFailedError: it can't be read.
        """
        opened = self.engine.open([path], file.format, lambda table: standardise(table, self._columns, file.partitions))
        return CountedFile(
            name=file.name,
            tag=file.tag,
            sha256="",
            columns=tuple(dict.fromkeys((*opened.columns, *file.partitions))),
            rejected=opened.rejected,
            untimed=0,
            first_slot=None,
            last_slot=None,
            binning="",
        )

    def count_sums(self, file: CountedFile) -> Counts:
        """Count rows and sums of the file that is open."""
        found = self.engine.run(self._sums)
        timed = found.filter(found.column("slot").is_valid())
        slots = timed.column("slot").to_pylist()
        untimed = sum(found.column("rows").to_pylist()) - sum(timed.column("rows").to_pylist())
        file = replace(file, untimed=untimed, first_slot=min(slots, default=None), last_slot=max(slots, default=None))
        versions = timed.group_by(["slot", "version"]).aggregate([("rows", "sum"), ("newest", "max")])
        versions = versions.rename_columns({"rows_sum": "rows", "newest_max": "newest"})
        return Counts(file=file, tables={"log_slot": versions, "log_sum": self._melt(timed)})

    def count_bins(self, counts: Counts, binning: Binning) -> Counts:
        """Count the histograms of the file that is open, and add them."""
        digest = digest_of(binning)
        if self._bins is None or self._bins[0] != digest:
            self._bins = digest, count_bins(self._columns, binning)
        file = replace(counts.file, binning=digest)
        if self._bins[1] is None:
            return replace(counts, file=file)
        return Counts(file=file, tables=counts.tables | {"log_bin": self.engine.run(self._bins[1])})

    def _melt(self, found: pa.Table) -> pa.Table:
        """Return the sums of each slot, a row for each that is not zero."""
        import pyarrow as pa
        import pyarrow.compute as pc

        names = {f"m_{number}": name for number, name in enumerate(self._names)}
        sums = found.group_by("slot").aggregate([(column, "sum") for column in names])
        outcomes = found.group_by(["slot", "outcome"]).aggregate([("rows", "sum")])
        parts = [_sums_of(sums.column("slot"), name, sums.column(f"{column}_sum")) for column, name in names.items()]
        for number, name in enumerate(OUTCOMES):
            here = outcomes.filter(pc.equal(outcomes.column("outcome"), number))
            parts.append(_sums_of(here.column("slot"), name, here.column("rows_sum")))
        return pa.concat_tables(parts)


def _sums_of(slots: pa.ChunkedArray, name: str, totals: pa.ChunkedArray) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    totals = totals.cast("float64")
    some = pc.fill_null(pc.not_equal(totals, 0.0), False)  # noqa: FBT003 - pyarrow's own
    slots, totals = slots.filter(some), totals.filter(some)
    return pa.table({"slot": slots, "measure": pa.repeat(name, len(slots)), "total": totals})
