"""Runs side by side: where they differ, by how much, and which is better."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from lean_core.runs.direction import Direction, guess_direction
from lean_core.runs.evaluation import DataCheck

V = TypeVar("V", str, float)

Verdict = Literal["better", "worse", "same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[V]):
    """One param, tag, package or metric of all runs."""

    key: str
    values: tuple[V | None, ...]
    """In the order of the runs; None for a run that has none."""
    differs: bool
    """Whether the runs disagree: a missing value differs from a present one, NaN does not differ from NaN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """How a run's metric stands to the baseline's."""

    absolute: float | None
    """None where either has no number."""
    relative: float | None
    """As a share of the baseline's size; None where that is 0, or there is no number."""
    verdict: Verdict | None
    """None where the direction is not known, there is no number, or the runs saw different data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow(Row[float]):
    """One metric of all runs."""

    direction: Direction | None
    guessed: bool
    """Whether the direction is a guess from the name: show it as one."""
    deltas: tuple[Delta | None, ...]
    """Against the baseline; None for the baseline itself, and everywhere if there is none."""
    best: tuple[int, ...]
    """Which runs have the best value (several, if equal); none unless all were evaluated on the same data."""

    @property
    def better(self) -> str:
        """Say which way is better, and whether that is a guess."""
        if self.direction is None:
            return "not known"
        return f"{self.direction}, a guess" if self.guessed else self.direction


def compare_values(runs: Sequence[Mapping[str, V] | Mapping[str, V | None] | None]) -> tuple[Row[V], ...]:
    """Put params, tags or packages of runs side by side, by key.

    A run that is None is one of which nothing is known: it has no values, and differs from nothing.
    """
    known = [run for run in runs if run is not None]
    keys = sorted({key for run in known for key in run})
    return tuple(
        Row(
            key=key,
            values=tuple(None if run is None else run.get(key) for run in runs),
            differs=_differ([run.get(key) for run in known]),
        )
        for key in keys
    )


def compare_metrics(
    runs: Sequence[Mapping[str, float]],
    *,
    baseline: int | None = None,
    directions: Mapping[str, Direction],
    data: DataCheck,
) -> tuple[MetricRow, ...]:
    """Put the latest metrics of runs side by side.

    Args:
        runs: the metrics by key.
        baseline: which run the others are held against.
        directions: what a person said of metrics; the rest is guessed.
        data: whether the runs were evaluated on the same data: only then is one of them best.
    """
    return tuple(_metric_row(row, baseline, directions.get(row.key), data) for row in compare_values(runs))


def _metric_row(row: Row[float], baseline: int | None, said: Direction | None, data: DataCheck) -> MetricRow:
    direction = said or guess_direction(row.key)
    judged_by = None if data.state == "different" else direction
    return MetricRow(
        key=row.key,
        values=row.values,
        differs=row.differs,
        direction=direction,
        guessed=said is None and direction is not None,
        deltas=tuple(
            None if baseline is None or at == baseline else measure(value, row.values[baseline], judged_by)
            for at, value in enumerate(row.values)
        ),
        best=best_of(row.values, direction) if data.state == "same" else (),
    )


def measure(value: float | None, base: float | None, direction: Direction | None) -> Delta:
    """Return how a value stands to the baseline's."""
    if value is None or base is None or math.isnan(value) or math.isnan(base):
        return Delta(absolute=None, relative=None, verdict=None)
    if value == base:  # also two equal infinities, whose difference is no number
        return Delta(absolute=0.0, relative=_share(0.0, base), verdict=None if direction is None else "same")
    difference = value - base
    verdict: Verdict | None = None
    if direction is not None:
        verdict = "better" if (difference > 0) == (direction == "higher") else "worse"
    return Delta(absolute=difference, relative=_share(difference, base), verdict=verdict)


def best_of(values: Sequence[float | None], direction: Direction | None) -> tuple[int, ...]:
    """Return which values are the best: several if equal, none without a direction or without two to choose from."""
    there = {at: value for at, value in enumerate(values) if value is not None and not math.isnan(value)}
    if direction is None or len(values) < 2 or not there:  # noqa: PLR2004 - one alone is not the best of anything
        return ()
    best = max(there.values()) if direction == "higher" else min(there.values())
    return tuple(at for at, value in there.items() if value == best)


def _share(difference: float, base: float) -> float | None:
    if base == 0 or math.isinf(base):
        return None
    share = difference / abs(base)
    return share if math.isfinite(share) else None


def _differ(values: Sequence[object]) -> bool:
    return len({"NaN" if value != value else (value,) for value in values}) > 1  # noqa: PLR0124 - only NaN is not itself
