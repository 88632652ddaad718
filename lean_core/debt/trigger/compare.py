"""One comparison, of values that are known or not, with the sentence that says it."""

from __future__ import annotations

import datetime as dt
import math
import operator as python
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from lean_core.debt.trigger.kinds import explain_misfit, kind_of
from lean_core.debt.trigger.known import Value
from lean_core.debt.trigger.nodes import Operator
from lean_core.debt.trigger.verdict import Verdict
from lean_core.debt.trigger.words import MIRRORED, OPPOSITE, tell_order, tell_value

_MEANINGS: dict[Operator, Callable[[Any, Any], bool]] = {
    "=": python.eq,
    "!=": python.ne,
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One side of a comparison."""

    label: str = ""
    """What it is called in a sentence; empty for a value that stands in the expression."""
    value: object = None
    """A date, never a datetime; a version is one of packaging's."""
    unknown: str = ""
    """Why it has no value: a sentence."""


def make_term(label: str, value: Value, *, unknown: str = "") -> Term:
    """Return the side that a fact stands on; NaN is no value."""
    if value is None:
        return Term(label=label, unknown=f"{label} is not known: {unknown.rstrip('.')}")
    if isinstance(value, float) and math.isnan(value):
        return Term(label=label, unknown=f"{label} is not a number (NaN)")
    return Term(label=label, value=value.date() if isinstance(value, dt.datetime) else value)


def judge(left: Term, operator: Operator, right: Term, verb: Literal["is", "was"] = "is") -> Verdict:
    """Compare two terms; ``verb`` is the tense of the sentence."""
    missing = tuple(term.unknown for term in (left, right) if term.unknown)
    if missing:
        return Verdict(holds=None, why=missing)
    if not left.label:
        left, operator, right = right, MIRRORED[operator], left
    kind = kind_of(left.value)
    misfit = explain_misfit(kind, operator, kind_of(right.value))
    if misfit:
        sides = " and ".join(f"{term.label} {verb} {tell_value(term.value)}" for term in (left, right) if term.label)
        return Verdict(holds=None, why=(f"{sides}: {misfit}",))
    holds = bool(_MEANINGS[operator](left.value, right.value))
    true = operator if holds else OPPOSITE[operator]
    wanted = f"{right.label} ({tell_value(right.value)})" if right.label else tell_value(right.value)
    said = f"{left.label} {verb} {tell_value(left.value)}"
    if true == "!=":
        said = f"{said}, not {wanted}"
    elif true != "=":
        said = f"{said}, which {verb} {tell_order(kind, true)} {wanted}"
    elif right.label:
        said = f"{said}, as {right.label} {verb}"
    return Verdict(holds=holds, why=(said,))


def as_version(term: Term) -> Term:
    """Read a term's text as a version, as Python packages have them."""
    from packaging.version import InvalidVersion, Version

    if not isinstance(term.value, str):
        return term
    try:
        return replace(term, value=Version(term.value))
    except InvalidVersion:
        unreadable = f"{term.label} is {tell_value(term.value)}, which can't be read as a version"
        return replace(term, value=None, unknown=unreadable)
