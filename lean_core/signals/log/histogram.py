"""Latency in buckets that grow: any quantile to within one per cent, and histograms merge by addition."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lean_core.signals.log.rounding import round_up

if TYPE_CHECKING:
    import ibis.expr.types as ir

GROWTH = 1.02
"""Each bucket's upper end is so much greater than its lower end."""
ERROR = (GROWTH - 1) / (GROWTH + 1)
"""The greatest relative error of a quantile: a value in the middle of its bucket, 1 %."""
SMALLEST, GREATEST = 1e-6, 1e12
"""Values below count as the first, values above as the second."""
ZERO_BUCKET = -10_000
"""The bucket of values up to `SMALLEST`, zero and below included."""


def bucket_of(value: float) -> int:
    """Return the bucket of a value."""
    if value <= SMALLEST:
        return ZERO_BUCKET
    return math.ceil(math.log(min(value, GREATEST)) / math.log(GROWTH))


def latency_bucket(value: ir.Column) -> ir.Column:
    """Return `bucket_of` for an engine, as a floating number; null for null."""
    import ibis

    return ibis.cases(
        (value > SMALLEST, round_up(ibis.least(value, GREATEST).ln() / math.log(GROWTH))),
        (value <= SMALLEST, float(ZERO_BUCKET)),
    )


def value_of(bucket: int) -> float:
    """Return the value that stands for a bucket."""
    return 0.0 if bucket == ZERO_BUCKET else 2 * GROWTH**bucket / (GROWTH + 1)


def quantile(counts: Mapping[int, int], share: float) -> float:
    """Return the least value that a share of all values does not exceed, to within `ERROR`."""
    rank = math.ceil(share * sum(counts.values()))
    passed = 0
    for bucket in sorted(counts):
        passed += counts[bucket]
        if passed >= rank:
            return value_of(bucket)
    raise ValueError("there are no values")
