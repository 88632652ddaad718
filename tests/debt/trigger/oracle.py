"""What an expression means, said naively: truth is 0, 1/2 or 1, and time is looked at hour by hour."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

from lean_core.debt.trigger import Expression, Facts
from lean_core.debt.trigger.nodes import And, Compare, Fact, Not, Operand, Or, Package, Value

HALF = Fraction(1, 2)
HOUR = dt.timedelta(hours=1)
STATES = {Fraction(1): "fired", Fraction(0): "armed", HALF: "cannot evaluate"}


def expect_state(expression: Expression, facts: Facts) -> str:
    return STATES[_truth(expression, facts)]


def _truth(expression: Expression, facts: Facts) -> Fraction:
    match expression:
        case And():
            return min(_truth(condition, facts) for condition in expression.conditions)
        case Or():
            return max(_truth(condition, facts) for condition in expression.conditions)
        case Not():
            return 1 - _truth(expression.condition, facts)
        case Compare(held=None):
            return _compare(expression, *(_now(side, facts) for side in (expression.left, expression.right)))
        case Compare():
            hours = range(1, expression.held // HOUR + 1)  # type: ignore[operator]
            moments = [facts.now - hour * HOUR for hour in hours]
            sides = (expression.left, expression.right)
            truths = [_compare(expression, *(_now(side, facts) for side in sides))]
            truths += [_compare(expression, *(_then(side, facts, moment) for side in sides)) for moment in moments]
            return min(truths)


def _now(side: Operand, facts: Facts) -> object:
    match side:
        case Value():
            return side.value
        case Package():
            return facts.packages.get(side.name) if isinstance(facts.packages, dict) else None
        case Fact(name="date"):
            return facts.now.date()
        case Fact():
            found = facts.known.get(side.name)
            return None if found is None else found.value


def _then(side: Operand, facts: Facts, moment: dt.datetime) -> object:
    if not isinstance(side, Fact):
        return _now(side, facts)
    before = [value for time, value in facts.history(side.name, moment) if time <= moment]
    return before[-1] if before else None


def _compare(compare: Compare, left: object, right: object) -> Fraction:
    if isinstance(compare.left, Package) or isinstance(compare.right, Package):
        left, right = _release(left), _release(right)
    unknown = left is None or right is None or left != left or right != right  # noqa: PLR0124 - NaN
    numbers = type(left) in (int, float) and type(right) in (int, float)
    if unknown or not (numbers or type(left) is type(right)):
        return HALF
    if compare.operator in ("=", "!="):
        return Fraction((left == right) == (compare.operator == "="))
    if type(left) in (str, bool):
        return HALF
    order = math.copysign(1, (left > right) - (left < right)) if left != right else 0  # type: ignore[operator]
    return Fraction({"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[compare.operator])


def _release(value: object) -> object:
    """Read a version of numbers and dots; whatever else there is in these tests is none."""
    parts = value.split(".") if isinstance(value, str) else [""]
    if not all(part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
