"""What a trigger says once it is understood: comparisons of facts and values, and how they are joined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Constant = bool | int | float | str | dt.date
"""A value as it is written in an expression."""

TODAY = "date"
"""The name of the fact that is always there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What stands there as it is."""

    value: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is known under a name."""

    name: str
    """A part of it is in quotes only where it must be."""
    start: int = field(default=0, compare=False)
    """Where it stands in the text."""
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The version of a package that the product depends on."""

    name: str
    """In its normal form: ``scikit-learn``."""


Operand = Value | Fact | Package


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """One operand against another."""

    left: Operand
    operator: Operator
    right: Operand
    held: dt.timedelta | None = None
    """For how long it must have been so without a break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The opposite; what is unknown stays unknown."""

    condition: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All of several conditions, none of which is an `And` itself."""

    conditions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """At least one of several conditions, none of which is an `Or` itself."""

    conditions: tuple[Expression, ...]


Expression = Compare | Not | And | Or


def find_facts(expression: Expression) -> tuple[Fact, ...]:
    """Return each mention of a fact, in the order of the text."""
    return tuple(operand for operand in _operands(expression) if isinstance(operand, Fact))


def _operands(expression: Expression) -> Iterator[Operand]:
    if isinstance(expression, And | Or):
        for condition in expression.conditions:
            yield from _operands(condition)
    elif isinstance(expression, Not):
        yield from _operands(expression.condition)
    else:
        yield expression.left
        yield expression.right
