"""What can be compared with what."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from lean_core.debt.trigger.nodes import Operator

Kind = Literal["number", "date", "text", "truth", "version"]

ORDERED: frozenset[Kind] = frozenset({"number", "date", "version"})
"""Kinds of which one value can be greater than another."""
WORDS: dict[Kind, str] = {
    "number": "a number",
    "date": "a date",
    "text": "text",
    "truth": "true or false",
    "version": "a version",
}


def kind_of(value: object) -> Kind:
    """Return the kind of a value; what is none of the others is a version."""
    # A bool is an int and a datetime a date, to Python.
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, dt.date):
        return "date"
    return "text" if isinstance(value, str) else "version"


def explain_misfit(left: Kind | None, operator: Operator, right: Kind | None) -> str:
    """Say why two kinds can't be compared so; empty where they can, or where one is not known yet."""
    kinds = [kind for kind in (left, right) if kind is not None]
    if len(set(kinds)) > 1:
        return f"{WORDS[kinds[0]]} can't be compared with {WORDS[kinds[1]]}"
    if operator not in {"=", "!="} and not ORDERED.issuperset(kinds):
        return f"{WORDS[kinds[0]]} has no order: only = and != compare it"
    return ""
