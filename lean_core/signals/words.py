"""Numbers, thresholds and ages in words."""

from __future__ import annotations

import datetime as dt

from lean_core.settings import write_duration
from lean_core.signals.reading import Threshold

_SHARE = "ratio"
_LONG = 1_000
"""From here on decimals tell nothing."""
_STEPS = ((60, "s", 1), (3_600, "min", 60), (172_800, "h", 3_600), (float("inf"), "days", 86_400))


def say_value(value: float, unit: str) -> str:
    """Return a number with its unit: a ratio as per cent."""
    if unit == _SHARE:
        return f"{value * 100:.3g} %"
    digits = f"{value:,.0f}" if abs(value) >= _LONG else f"{value:.4g}"
    return f"{digits} {unit}".rstrip()


def say_threshold(threshold: Threshold, unit: str) -> str:
    """Return what a value may be."""
    parts = []
    if threshold.min is not None:
        parts.append(f"at least {say_value(threshold.min, unit)}")
    if threshold.max is not None:
        parts.append(f"at most {say_value(threshold.max, unit)}")
    said = " and ".join(parts)
    if threshold.warn is not None:
        said += f", a warning from {say_value(threshold.warn, unit)} on"
    if threshold.hold:
        said += f", broken after {write_duration(threshold.hold)} beyond it"
    return said


def say_age(age: dt.timedelta) -> str:
    """Return how long ago something was, in the unit that suits it."""
    seconds = max(0.0, age.total_seconds())
    for most, unit, length in _STEPS:
        if seconds < most:
            return f"{seconds / length:.0f} {unit}"
    raise AssertionError


def say_minute(time: dt.datetime) -> str:
    """Return a time in UTC, to the minute."""
    return f"{time:%Y-%m-%d %H:%M} UTC"
