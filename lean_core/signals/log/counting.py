"""Count files of a log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.settings import LogColumns
from lean_core.signals.files import DataFile
from lean_core.signals.log.bins import Binning, digest_of, kinds_of
from lean_core.signals.log.columns import FILE, OUTCOMES, Kind, standardise
from lean_core.signals.log.count import count_bins, sum_names, sum_slots
from lean_core.signals.log.engine import Engine, FileDamagedError, Input, Opened
from lean_core.signals.log.slot import Slots
from lean_core.signals.log.table import CountedFile

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted of a file: rows of the tables of the store, by their names."""

    file: CountedFile
    tables: dict[str, pa.Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What came of some files."""

    counts: tuple[Counts, ...]
    damaged: Mapping[str, str]
    """Why a file can't be read, by name."""


class Counter:
    """Counts files on an engine, several at once: what is asked is compiled once, and planned once for all of them."""

    def __init__(self, engine: Engine, columns: LogColumns, *, needed: Slots) -> None:
        """Take an engine, the log's columns, and the slots of which histograms are needed."""
        self.engine = engine
        self._columns = columns
        self._needed = needed
        self._sums = sum_slots(columns)
        self._names = sum_names(columns)
        self._bins: tuple[str, ir.Table | None] | None = None

    def count(self, files: Sequence[tuple[DataFile, Path]], binning: Binning | None) -> Counted:
        """Count rows, sums, and where there is a binning, histograms.

        Raises:
            EngineFailedError: the engine can't do it.
        """
        return self._count(files, lambda known: self._count_all(known, binning), kinds_of(binning or {}))

    def count_histograms(self, files: Sequence[tuple[DataFile, Path]], binning: Binning) -> Counted:
        """Count nothing but histograms.

        Raises:
            EngineFailedError: the engine can't do it.
        """
        return self._count(files, lambda known: self._add_bins(known, binning), kinds_of(binning))

    def _count(
        self,
        files: Sequence[tuple[DataFile, Path]],
        work: Callable[[dict[int, Counts]], dict[int, Counts]],
        kinds: Mapping[str, Kind],
    ) -> Counted:
        loaded = self.engine.load([self._input(number, *each, kinds) for number, each in enumerate(files)])
        known: dict[int, Counts] = {}
        damaged: dict[str, str] = {}
        for number, (opened, (file, _)) in enumerate(zip(loaded, files, strict=True)):
            if isinstance(opened, FileDamagedError):
                damaged[file.name] = str(opened)
            else:
                known[number] = Counts(file=_describe(file, opened), tables={})
        try:
            counts = work(known) if known else {}
        except FileDamagedError as error:
            # Some engines find out only now, and do not say of which file.
            if len(files) == 1:
                return Counted(counts=(), damaged={files[0][0].name: str(error)})
            each = [self._count([file], work, kinds) for file in files]
            return Counted(
                counts=tuple(found for one in each for found in one.counts),
                damaged={name: why for one in each for name, why in one.damaged.items()},
            )
        return Counted(counts=tuple(counts.values()), damaged=damaged)

    def _input(self, number: int, file: DataFile, path: Path, kinds: Mapping[str, Kind]) -> Input:
        def view(table: ir.Table) -> ir.Table:
            return standardise(table, self._columns, file.partitions, kinds)

        key = (*file.partitions.items(), *kinds.items())
        return Input(number=number, path=path, format=file.format, view=view, key=key)

    def _count_all(self, known: dict[int, Counts], binning: Binning | None) -> dict[int, Counts]:
        found = self.engine.run(self._sums)
        known = {
            number: self._count_sums(counts, part)
            for (number, counts), part in zip(known.items(), _split(found, known), strict=True)
        }
        if binning is not None and any(counts.file.touches(self._needed) for counts in known.values()):
            return self._add_bins(known, binning)
        return known

    def _count_sums(self, counts: Counts, found: pa.Table) -> Counts:
        timed = found.filter(found.column("slot").is_valid())
        slots = timed.column("slot").to_pylist()
        untimed = sum(found.column("rows").to_pylist()) - sum(timed.column("rows").to_pylist())
        file = replace(
            counts.file, untimed=untimed, first_slot=min(slots, default=None), last_slot=max(slots, default=None)
        )
        versions = timed.group_by(["slot", "version"]).aggregate([("rows", "sum"), ("newest", "max")])
        versions = versions.rename_columns({"rows_sum": "rows", "newest_max": "newest"})
        return Counts(file=file, tables={"log_slot": versions, "log_sum": self._melt(timed)})

    def _add_bins(self, known: dict[int, Counts], binning: Binning) -> dict[int, Counts]:
        digest = digest_of(binning)
        if self._bins is None or self._bins[0] != digest:
            self._bins = digest, count_bins(self._columns, binning)
        known = {number: replace(counts, file=replace(counts.file, binning=digest)) for number, counts in known.items()}
        if self._bins[1] is None:
            return known
        found = self.engine.run(self._bins[1])
        return {
            number: replace(counts, tables=counts.tables | {"log_bin": part})
            for (number, counts), part in zip(known.items(), _split(found, known), strict=True)
        }

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


def _split(found: pa.Table, numbers: Iterable[int]) -> list[pa.Table]:
    import pyarrow.compute as pc

    file = found.column(FILE)
    return [found.filter(pc.equal(file, number)).drop_columns([FILE]) for number in numbers]


def _describe(file: DataFile, opened: Opened) -> CountedFile:
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
