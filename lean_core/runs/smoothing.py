"""Smooth and thin the history of a metric for a chart."""

from __future__ import annotations

import math
from collections.abc import Sequence


def smooth(values: Sequence[float], weight: float) -> list[float]:
    """Return the exponential moving average of values, corrected for its start at zero, as TensorBoard draws it.

    Args:
        values: in order; one that is not finite is passed through and does not enter the average.
        weight: of the past, from 0 (the values themselves) to below 1.

    Source: Kingma and Ba, Adam, section 3 (the correction of the initial bias).
    """
    average, correction, smoothed = 0.0, 1.0, []
    for value in values:
        if not math.isfinite(value):
            smoothed.append(value)
            continue
        average = weight * average + (1 - weight) * value
        correction *= weight
        smoothed.append(average / (1 - correction))
    return smoothed


def thin(count: int, most: int) -> list[int]:
    """Return the positions to keep of ``count`` points so that at most ``most`` remain, with the first and the last."""
    if count <= most:
        return list(range(count))
    step = (count - 1) / (most - 1)
    return [round(position * step) for position in range(most)]
