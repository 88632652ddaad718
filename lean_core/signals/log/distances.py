"""Distances between two distributions that were counted on the same bins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

SMALLEST_SHARE = 1e-4
"""What an empty bin counts as: without it, one bin would make PSI infinite."""


def psi(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the population stability index: 0 for equal shares, the same in both directions."""
    return sum((p - q) * math.log(p / q) for p, q in zip(_floored(one), _floored(other), strict=True))


def jensen_shannon(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the Jensen-Shannon distance, base 2: 0 for equal shares, 1 for shares that have no bin in common."""
    total = 0.0
    for p, q in zip(_shares(one), _shares(other), strict=True):
        middle = (p + q) / 2
        total += sum(each * math.log2(each / middle) for each in (p, q) if each > 0) / 2
    return math.sqrt(max(0.0, total))


def kolmogorov_smirnov(one: Sequence[int], other: Sequence[int]) -> tuple[float, float]:
    """Return the greatest distance of the cumulated shares at the ends of bins, and how much greater it may be.

    Inside a bin the distance can exceed that at both its ends by no more than the share that lies in it.
    """
    distance = here = doubt = 0.0
    for p, q in zip(_shares(one), _shares(other), strict=True):
        before, here = here, here + p - q
        distance = max(distance, abs(here))
        doubt = max(doubt, before + p, q - before)
    return distance, max(0.0, min(doubt, 1.0) - distance)


def wasserstein(one: Sequence[tuple[int, float]], other: Sequence[tuple[int, float]]) -> float:
    """Return the earth mover's distance of values that are taken to lie at the mean of their bin.

    Args:
        one: for each bin, in the order of values, how many there are and their sum.
        other: as one, on the same bins.
    """
    points = [
        (total / rows, sign * rows / sum(n for n, _ in side))
        for side, sign in ((one, 1), (other, -1))
        for rows, total in side
        if rows
    ]
    points.sort()
    distance = difference = 0.0
    for (value, share), (following, _) in pairwise(points):
        difference += share
        distance += abs(difference) * (following - value)
    return distance


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [count / total for count in counts]


def _floored(counts: Sequence[int]) -> list[float]:
    return [max(share, SMALLEST_SHARE) for share in _shares(counts)]
