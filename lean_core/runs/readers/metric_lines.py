"""The lines of MLflow's metric files, and which of many logged values is the latest.

A line is ``timestamp value [step] [more ...]``: two fields at first, three since 1.0, five where the value belongs to a
dataset. MLflow reads step 0 back from lines of five fields, although it wrote the step there; we read what was written.

This module is also loaded in helper processes, so it imports next to nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from math import isnan
from typing import NamedTuple


class Point(NamedTuple):
    """One logged value of a metric."""

    step: int | None
    time: int | None
    """Milliseconds since 1970."""
    value: float


class PointColumns:
    """Many logged values: 24 bytes each, where a list of tuples takes 150."""

    __slots__ = ("steps", "times", "values")

    def __init__(self) -> None:
        """Begin with none."""
        self.steps = array("q")
        self.times = array("q")
        self.values = array("d")

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.values)

    def cut(self, length: int) -> None:
        """Forget what came after the first ``length``."""
        for column in (self.steps, self.times, self.values):
            del column[length:]


def latest(points: Iterable[Point]) -> Point | None:
    """Return the point with the greatest (step, time, value), wherever it stands; None of none.

    NaN counts as less than any number. A step that is not said counts as 0, a time as 1970.
    """
    return max(points, key=_rank, default=None)


def read_lines(data: bytes, into: PointColumns) -> int:
    """Append the points of a metric file to ``into`` and return how many lines were malformed."""
    lines = data.splitlines()
    steps, times, values, before = into.steps, into.times, into.values, len(into)
    try:
        # Nearly all files have three fields a line: this loop takes a third of the time of the careful one.
        for time, value, step in map(bytes.split, lines):
            times.append(int(time))
            values.append(float(value))
            steps.append(int(step))
    except (ValueError, OverflowError):
        into.cut(before)
        return _read_carefully(lines, into)
    return 0


def whole_lines(data: bytes) -> bytes:
    """Return the lines that have their end: a last one without it may be half-written."""
    return data[: data.rfind(b"\n") + 1]


def _read_carefully(lines: list[bytes], into: PointColumns) -> int:
    malformed = 0
    for line in lines:
        fields = line.split()
        if not fields:
            continue
        before = len(into)
        try:
            into.times.append(int(fields[0]))
            into.steps.append(int(fields[2]) if len(fields) > 2 else 0)  # noqa: PLR2004 - the third field
            into.values.append(float(fields[1]))
        except (ValueError, OverflowError, IndexError):
            into.cut(before)
            malformed += 1
    return malformed


def _rank(point: Point) -> tuple[int, int, bool, float]:
    is_number = not isnan(point.value)
    return point.step or 0, point.time or 0, is_number, point.value if is_number else 0.0
