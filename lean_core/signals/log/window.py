"""What was counted of a log in one window: what each number is made of."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.signals.answer import Question, Source, Trouble, Unread
from lean_core.signals.log.expression import PREDICTION
from lean_core.signals.log.refresh import Log
from lean_core.signals.log.slot import Slots, slots_of
from lean_core.signals.log.table import CountedFile, read_bins, read_sums

if TYPE_CHECKING:
    import duckdb

Histogram = Mapping[int, tuple[int, float]]
"""Rows and sum of values of each bin."""
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A log, as far as it lies in a window."""

    log: Log
    question: Question
    slots: Slots
    files: tuple[CountedFile, ...]
    """Those that have rows in it."""
    sums: Mapping[str, float]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.count("rows")

    @property
    def since(self) -> dt.datetime:
        """When it begins."""
        return self.slots.since

    def count(self, measure: str) -> int:
        """Return a sum of ones."""
        return round(self.sums.get(measure, 0))

    def source(self) -> Source:
        """Return what an answer rests on."""
        files = hashlib.sha256(repr([(file.name, file.sha256) for file in self.files]).encode()).hexdigest()
        query = f"{self.question.expression.strip()} from {self.since:%Y-%m-%d %H:%M} on"
        return Source(place=self.log.place, query=query, digest=files)

    def fail(self, trouble: Trouble, sentence: str, *, n: int | None = None) -> Unread:
        """Return that there is no number."""
        return Unread(trouble=trouble, sentence=" ".join((sentence, *self.doubts())), source=self.source(), n=n)

    def doubts(self) -> list[str]:
        """Return sentences on what does not count."""
        said = []
        if self.log.unread:
            more = len(self.log.unread) - _NAMED
            others = f" and {more} more" if more > 0 else ""
            said.append(f"Not read, and not counted: {', '.join(self.log.unread[:_NAMED])}{others}.")
        rejected = sum(file.rejected for file in self.files)
        if rejected:
            said.append(f"{rejected:,} lines are no rows and do not count.")
        untimed = sum(file.untimed for file in self.log.files)
        if untimed:
            said.append(f"{untimed:,} rows of the log have no time and do not count.")
        return said

    def tell_absence(self, column: str) -> list[str]:
        """Return that a column is missing in some of the files."""
        without = [file.name for file in self.files if column not in file.columns]
        if not without:
            return []
        more = f" and {len(without) - 1} more" if without[1:] else ""
        return [f'{without[0]}{more} of {len(self.files)} files has no column "{column}": it counts as null there.']


class Windows:
    """The windows of a log, each read once: many questions ask of the same."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, log: Log) -> None:
        """Take a log, and a cursor on the store that it was counted in."""
        self.cursor = cursor
        self._log = log
        self._sums: dict[Slots, Mapping[str, float]] = {}
        self._histograms: dict[tuple[str, Slots], Histogram] = {}

    def open(self, question: Question) -> Window:
        """Return what a question's window has."""
        slots = slots_of(question.at, question.window)
        files = self._files(slots)
        if slots not in self._sums:
            self._sums[slots] = read_sums(self.cursor, files, slots)
        return Window(log=self._log, question=question, slots=slots, files=files, sums=self._sums[slots])

    def histogram(self, measure: str, slots: Slots) -> Histogram:
        """Return a histogram of some slots."""
        key = (measure, slots)
        if key not in self._histograms:
            self._histograms[key] = read_bins(self.cursor, self._files(slots), measure, slots)
        return self._histograms[key]

    def _files(self, slots: Slots) -> tuple[CountedFile, ...]:
        return tuple(file for file in self._log.files if file.touches(slots))


def title(feature: str) -> str:
    """Return how a feature is spoken of."""
    return "The prediction" if feature == PREDICTION else f'"{feature}"'
