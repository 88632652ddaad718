"""The metrics file of a version: a flat JSON object of numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from lean_core.registry.document import LARGEST

_NAMED = 3
"""How many keys without a number are named in a sentence."""
_LONGEST = 60
"""Characters of such a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricValues:
    """What a metrics file says."""

    values: Mapping[str, float] = field(default_factory=dict)
    problem: str | None = None
    """A sentence; the values are those that can be used all the same."""


def parse_metrics(content: bytes, *, path: str) -> MetricValues:
    """Read a metrics file, from ``path`` in the version's folder; NaN and infinities are numbers."""
    if len(content) > LARGEST:
        return MetricValues(problem=f"{path} is larger than {LARGEST:,} bytes: write the metrics alone into it")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return MetricValues(problem=f"{path} is not JSON: write a flat object of numbers")
    if not isinstance(document, dict):
        return MetricValues(problem=f'{path} is not a JSON object: write names and numbers, such as {{"auc": 0.91}}')
    values = {key: number for key, value in document.items() if (number := _number(value)) is not None}
    others = [key for key in document if key not in values]
    if not others:
        return MetricValues(values=values)
    named = ", ".join(repr(key[:_LONGEST]) for key in others[:_NAMED]) + (" and more" if len(others) > _NAMED else "")
    return MetricValues(values=values, problem=f"{path} is not flat: {named} in it is no number; the others are used")


def _number(value: object) -> float | None:
    match value:
        case bool():
            return None
        case int() | float() | "NaN" | "Infinity" | "-Infinity":  # the last three where JSON is kept to
            try:
                return float(value)
            except OverflowError:  # an integer of more than 308 digits
                return None
        case _:
            return None
