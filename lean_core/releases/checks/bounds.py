"""Numbers against limits, compared as the decimals that people wrote."""

from __future__ import annotations

import math
from decimal import Decimal

_EXACT = 2**53
"""Below it, a float that is whole is that whole number."""


def exact(number: float) -> Decimal:
    """Return a number as the decimal that stands in a file: 0.8 - 0.01 is 0.79 then, and no hair less."""
    return Decimal(repr(float(number)))


def show(number: float) -> str:
    """Return a number as short as it can be without saying another one; NaN and infinities as JSON and MLflow do."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    if float(number).is_integer() and abs(number) < _EXACT:
        return str(int(number))
    short = f"{number:.6g}"
    return short if float(short) == number else repr(number)


def describe_bounds(least: float | None, most: float | None) -> str:
    """Say what is allowed."""
    if least is None:
        return "anything" if most is None else f"at most {show(most)}"
    return f"at least {show(least)}" if most is None else f"{show(least)} to {show(most)}"


def explain_miss(value: float, least: float | None, most: float | None) -> str:
    """Say which limit a number misses; empty where it misses none. It is not for NaN."""
    if least is not None and value < least:
        return f"{show(value)} is less than {show(least)}"
    if most is not None and value > most:
        return f"{show(value)} is more than {show(most)}"
    return ""
