"""Take a finite number out of an answer."""

from __future__ import annotations

import math

from lean_core.signals.sources.failure import Failure

_NOT_A_NUMBER = Failure(
    trouble="empty", reason="the answer is not a number (NaN): 0 divided by 0, as there was nothing to count"
)
_INFINITE = Failure(
    trouble="empty", reason="the answer is infinite: something was divided by 0, or a quantile lies beyond all buckets"
)


def take_number(value: object) -> float | Failure:
    """Return a number or a boolean as a finite number; a text counts only if a number is written as one."""
    if not isinstance(value, int | float):
        return Failure(trouble="malformed", reason="the answer is not a number")
    try:
        number = float(value)
    except OverflowError:
        return _INFINITE
    if math.isnan(number):
        return _NOT_A_NUMBER
    return number if math.isfinite(number) else _INFINITE


def parse_number(text: object) -> float | Failure:
    """Return the finite number that is written in a text."""
    try:
        return take_number(float(text)) if isinstance(text, str) else take_number(None)
    except ValueError:
        return take_number(None)
