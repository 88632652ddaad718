"""Count files of a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.settings import LogColumns
from lean_core.signals.files import DataFile
from lean_core.signals.log.bins import Binning, digest_of, kinds_of
from lean_core.signals.log.columns import FILE, Kind, standardise
from lean_core.signals.log.count import count_bins, sum_names, sum_slots
from lean_core.signals.log.engine import Engine, FileDamagedError, Input, Opened
from lean_core.signals.log.slot import Slots
from lean_core.signals.log.table import CountedFile, Counts

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


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
        return self._count(files, lambda known: self._add_bins(Counts(files=known), binning), kinds_of(binning))

    def _count(
        self,
        files: Sequence[tuple[DataFile, Path]],
        work: Callable[[Mapping[int, CountedFile]], Counts],
        kinds: Mapping[str, Kind],
    ) -> Counted:
        loaded = self.engine.load([self._input(*each, kinds) for each in files])
        known: dict[int, CountedFile] = {}
        damaged: dict[str, str] = {}
        for opened, (file, _) in zip(loaded, files, strict=True):
            if isinstance(opened, FileDamagedError):
                damaged[file.name] = str(opened)
            else:
                known[opened.number] = _describe(file, opened)
        try:
            return Counted(counts=(work(known),) if known else (), damaged=damaged)
        except FileDamagedError as error:
            # Some engines find out only now, and do not say of which file.
            if len(files) == 1:
                return Counted(counts=(), damaged={files[0][0].name: str(error)})
            each = [self._count([file], work, kinds) for file in files]
            return Counted(
                counts=tuple(found for one in each for found in one.counts),
                damaged={name: why for one in each for name, why in one.damaged.items()},
            )

    def _input(self, file: DataFile, path: Path, kinds: Mapping[str, Kind]) -> Input:
        def view(table: ir.Table) -> ir.Table:
            return standardise(table, self._columns, file.partitions, kinds)

        key = (*file.partitions.items(), *kinds.items())
        return Input(path=path, format=file.format, view=view, key=key)

    def _count_all(self, known: Mapping[int, CountedFile], binning: Binning | None) -> Counts:
        sums = self.engine.run(self._sums)
        counts = Counts(files=_span(known, sums), sums=sums, names=self._names)
        if binning is not None and any(file.touches(self._needed) for file in counts.files.values()):
            return self._add_bins(counts, binning)
        return counts

    def _add_bins(self, counts: Counts, binning: Binning) -> Counts:
        asked, digest = count_bins(self._columns, binning), digest_of(binning)
        bins = None if asked is None else self.engine.run(asked)
        files = {number: replace(file, binning=digest) for number, file in counts.files.items()}
        return replace(counts, files=files, bins=bins)


def _span(known: Mapping[int, CountedFile], sums: pa.Table) -> dict[int, CountedFile]:
    """Return files with the slots that they span, and how many of their rows have no time."""
    slots: dict[int, set[int]] = {number: set() for number in known}
    untimed = dict.fromkeys(known, 0)
    for number, slot, rows in zip(*(sums.column(name).to_pylist() for name in (FILE, "slot", "rows")), strict=True):
        if slot is None:
            untimed[number] += rows
        else:
            slots[number].add(slot)
    return {
        number: replace(
            file,
            untimed=untimed[number],
            first_slot=min(slots[number], default=None),
            last_slot=max(slots[number], default=None),
        )
        for number, file in known.items()
    }


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
