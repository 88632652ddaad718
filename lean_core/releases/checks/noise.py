"""How far two measured metrics may lie apart by chance."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

_T = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228, 11: 2.201,
    12: 2.179, 13: 2.160, 14: 2.145, 15: 2.131, 16: 2.120, 17: 2.110, 18: 2.101, 19: 2.093, 20: 2.086, 25: 2.060,
    30: 2.042, 40: 2.021, 60: 2.000, 120: 1.980,
}  # fmt: skip
"""The 97.5 % point of Student's t by degrees of freedom; between two rows the smaller, which asks for more."""
_NORMAL = 1.960
_LARGE = 1_000
_LEAST = 2
"""One seed says nothing of spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far a metric varies when it is measured again."""

    standard_error: float
    count: int | None = None
    """How many seeds or folds it comes from; None: not said, so taken as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What two versions may differ by without being different."""

    margin: float
    sentence: str
    """How it was computed."""


def spread_of(metric: str, values: Mapping[str, float]) -> Spread | None:
    """Find a metric's spread among the other metrics of its version.

    It is ``METRIC_se`` (a standard error), or ``METRIC_sd`` or ``METRIC_std`` (a standard deviation over seeds or
    folds) together with their number: ``METRIC_n``, ``METRIC_seeds``, ``n_seeds`` or ``seeds``. A standard deviation
    without a number says nothing of the mean.
    """
    counts = (values.get(name) for name in (f"{metric}_n", f"{metric}_seeds", "n_seeds", "seeds"))
    count = next((int(each) for each in counts if _is_count(each)), None)
    error = values.get(f"{metric}_se")
    if _is_size(error):
        return Spread(standard_error=error, count=count)
    deviation = next((each for end in ("sd", "std") if _is_size(each := values.get(f"{metric}_{end}"))), None)
    if deviation is None or count is None:
        return None
    return Spread(standard_error=deviation / math.sqrt(count), count=count)


def find_noise(one: Spread | None, other: Spread | None) -> Noise | None:
    """Return how far two independent means may lie apart by chance, at 95 %; None where neither spread is known.

    margin = t(0.975, v) * sqrt(se1² + se2²), v = (se1² + se2²)² / (se1⁴ / (n1 - 1) + se2⁴ / (n2 - 1))

    This is Welch's interval for the difference of two means with unequal variances (B. L. Welch, Biometrika 34, 1947,
    28-35), v after Satterthwaite (1946). Where only one spread is known the other counts as 0, so the margin is the
    least that it can be. Versions that were measured on the same rows vary together, so the true margin is often less:
    an improvement within it is not shown, not shown to be absent.
    """
    known = [spread for spread in (one, other) if spread is not None]
    if not known:
        return None
    variance = sum(spread.standard_error**2 for spread in known)
    part = sum(spread.standard_error**4 / (spread.count - 1) for spread in known if spread.count)
    freedom = variance**2 / part if part else math.inf
    margin = _quantile(freedom) * math.sqrt(variance)
    basis = "of both versions" if len(known) > 1 else "of one version, that of the other is not known"
    return Noise(margin=margin, sentence=f"95 % margin {margin:.2g}, from the spread {basis}")


def _quantile(freedom: float) -> float:
    if freedom > _LARGE:
        return _NORMAL
    rows = list(_T)
    # Rounding may leave 3.9999999 for 4: that is no fewer seeds.
    at = bisect_right(rows, freedom + 1e-9)
    return _T[rows[max(at - 1, 0)]]


def _is_count(value: float | None) -> TypeGuard[float]:
    return _is_size(value) and value >= _LEAST and value == int(value)


def _is_size(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value) and value >= 0
