"""Times and durations in sentences."""

from __future__ import annotations

import datetime as dt

_UNITS = ((10, 1, "{:.1f} s"), (120, 1, "{:.0f} s"), (7_200, 60, "{:.0f} min"), (172_800, 3_600, "{:.1f} h"))


def say_time(time: dt.datetime) -> str:
    """Return a moment, to the minute."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def say_seconds(seconds: float) -> str:
    """Return how long something took, as a person says it: ``4.2 s``, ``3 min``, ``5.0 h``, ``12 d``."""
    for limit, size, shape in _UNITS:
        if seconds < limit:
            return shape.format(seconds / size)
    return f"{seconds / 86_400:.0f} d"
