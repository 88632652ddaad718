"""Whole numbers that stay floating ones: to turn each row's into an integer takes as long as to find it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir


def round_down(value: ir.Value) -> ir.Value:
    """Return the greatest whole number that is not above a floating one, as a floating one."""
    return _function("floor")(value)


def round_up(value: ir.Value) -> ir.Value:
    """Return the least whole number that is not below a floating one, as a floating one."""
    return _function("ceil")(value)


@functools.cache
def _function(name: str) -> Callable[[ir.Value], ir.Value]:
    # Ibis' own floor and ceil are integers.
    import ibis

    float64 = ibis.dtype("float64")
    return ibis.udf.scalar.builtin(lambda value: value, name=name, signature=((float64,), float64))  # type: ignore[no-any-return]
