"""Grouping by everything but some params, spelled out in Python: what the SQL is held against."""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A metric over the runs of a group."""

    n: int
    """Runs with a finite value."""
    left_out: int
    """Runs whose value is NaN or infinite; they are in none of the numbers."""
    mean: float | None
    """None where no run has a finite value."""
    sd: float | None
    """With n - 1 in the denominator; None for one run, which shows no spread."""


def group_by_all_but(
    params: Sequence[Mapping[str, str | None]], but: Collection[str]
) -> dict[tuple[tuple[str, str | None], ...], list[int]]:
    """Return which runs agree in all params but those in ``but``, the groups in the order of their first runs.

    A param that a run does not have differs from every value that it could have.
    """
    groups: dict[tuple[tuple[str, str | None], ...], list[int]] = {}
    for at, of_run in enumerate(params):
        shared = tuple(sorted((key, value) for key, value in of_run.items() if key not in but))
        groups.setdefault(shared, []).append(at)
    return groups


def spread(values: Iterable[float]) -> Spread:
    """Return mean and sample standard deviation of the finite values, and how many were not."""
    told = list(values)
    finite = [value for value in told if math.isfinite(value)]
    return Spread(
        n=len(finite),
        left_out=len(told) - len(finite),
        mean=statistics.mean(finite) if finite else None,
        sd=_sample_sd(finite) if len(finite) > 1 else None,
    )


def _sample_sd(values: Sequence[float]) -> float:
    try:
        return statistics.stdev(values)
    except OverflowError:  # of values as far apart as numbers go
        return math.inf
