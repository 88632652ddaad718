"""Place runs along an axis of a chart: by number where a key's values are numbers, by category where they are not."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from lean_core.runs.filter import Key
from lean_core.runs.run import Run
from lean_core.runs.tabulate import Cell, cell

MOST_CATEGORIES = 40
LONGEST_CATEGORY = 40
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - the store's times are naive UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Where each run stands."""

    key: Key
    positions: tuple[float | None, ...]
    """One a run; None where it has no value, or one that is not finite."""
    categories: tuple[str, ...] = ()
    """The text at position 0, 1, 2, ...; empty where positions are the numbers themselves."""
    is_time: bool = False
    """Whether positions are milliseconds since 1970."""

    @property
    def missing(self) -> int:
        """How many runs have no place on it."""
        return sum(position is None for position in self.positions)


def axis_of(runs: Sequence[Run], key: Key) -> Axis:
    """Return the axis of a key.

    Args:
        runs: what to place.
        key: of any kind; params and tags are numbers where all that are there read as numbers.
    """
    cells = [cell(run, key) for run in runs]
    if any(isinstance(each, dt.datetime) for each in cells):
        positions = tuple(
            (each - _EPOCH) / dt.timedelta(milliseconds=1) if isinstance(each, dt.datetime) else None for each in cells
        )
        return Axis(key=key, positions=positions, is_time=True)
    numbers = [_number(each) for each in cells]
    if all(number is not None for number, each in zip(numbers, cells, strict=True) if each is not None):
        finite = tuple(number if number is not None and math.isfinite(number) else None for number in numbers)
        return Axis(key=key, positions=finite)
    categories = tuple(sorted({str(each) for each in cells if each is not None})[:MOST_CATEGORIES])
    at = {category: float(position) for position, category in enumerate(categories)}
    return Axis(
        key=key,
        positions=tuple(None if each is None else at.get(str(each)) for each in cells),
        categories=tuple(_short(category) for category in categories),
    )


def _number(value: Cell) -> float | None:
    if value is None or isinstance(value, dt.datetime):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _short(category: str) -> str:
    line = " ".join(category.split())
    return line if len(line) <= LONGEST_CATEGORY else line[: LONGEST_CATEGORY - 1] + "…"
