"""Times and durations as a person says them."""

from __future__ import annotations

import datetime as dt

_UNITS = {"days": 86_400, "hours": 3_600, "minutes": 60}
"""In seconds."""


def tell_time(time: dt.datetime) -> str:
    """Return a naive UTC time for a person."""
    return f"{time:%Y-%m-%d}" if time.time() == dt.time() else f"{time:%Y-%m-%d %H:%M} UTC"


def tell_duration(time: dt.timedelta) -> str:
    """Return a duration for a person."""
    seconds = time.total_seconds()
    for unit, length in _UNITS.items():
        if seconds >= length:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} seconds"
