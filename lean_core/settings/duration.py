"""Durations as a person writes them: ``90s``, ``15m``, ``6h``, ``1d``, ``2w``."""

from __future__ import annotations

import datetime as dt
import re

_DURATION = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def read_duration(value: object) -> dt.timedelta | None:
    """Return what a text says, or None where it is no duration."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return dt.timedelta(seconds=float(match[1]) * _SECONDS[match[2]]) if match else None


def write_duration(duration: dt.timedelta) -> str:
    """Return a duration in the largest unit in which it is a short number."""
    seconds = duration.total_seconds()
    for unit in "wdhm":
        if seconds >= _SECONDS[unit] and seconds % _SECONDS[unit] == 0:
            return f"{seconds / _SECONDS[unit]:.0f}{unit}"
    return f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"
