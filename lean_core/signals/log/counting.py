"""Count one file of a log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.settings import LogColumns
from lean_core.signals.files import DataFile
from lean_core.signals.log.bins import Binning, digest_of
from lean_core.signals.log.columns import standardise
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
        slots, rows = found.column("slot").to_pylist(), found.column("rows").to_pylist()
        timed = [slot for slot in slots if slot is not None]
        untimed = sum(count for slot, count in zip(slots, rows, strict=True) if slot is None)
        file = replace(file, untimed=untimed, first_slot=min(timed, default=None), last_slot=max(timed, default=None))
        found = found.filter(found.column("slot").is_valid())
        return Counts(
            file=file,
            tables={"log_slot": found.select(["slot", "version", "rows", "newest"]), "log_sum": self._melt(found)},
        )

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
        import pyarrow as pa
        import pyarrow.compute as pc

        parts: list[pa.Table] = [_sums_of(pa.array([], "int32"), "", pa.array([], "float64"))]
        for number, name in enumerate(self._names):
            totals = found.column(f"m_{number}").cast("float64")
            some = pc.fill_null(pc.not_equal(totals, 0.0), fill_value=False)
            parts.append(_sums_of(found.column("slot").filter(some), name, totals.filter(some)))
        return pa.concat_tables(parts)


def _sums_of(slots: pa.Array, name: str, totals: pa.Array) -> pa.Table:
    import pyarrow as pa

    return pa.table({"slot": slots, "measure": pa.repeat(name, len(slots)), "total": totals})
