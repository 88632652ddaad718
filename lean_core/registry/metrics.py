"""The metrics file of a version: a flat JSON object of numbers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

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


NO_METRICS = MetricValues()


def parse_metrics(content: bytes, *, path: str) -> MetricValues:
    """Read a metrics file, from ``path`` in the version's folder; NaN and infinities are numbers."""
    try:
        return MetricValues(values=msgspec.json.decode(content, type=dict[str, float]))
    except msgspec.MsgspecError:
        return _parse_patiently(content, path)


def _parse_patiently(content: bytes, path: str) -> MetricValues:
    """Read what a strict parser refuses: NaN, other things between the numbers; or say what is wrong with it."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return MetricValues(problem=f"{path} is not JSON: write a flat object of numbers")
    if not isinstance(document, dict):
        return MetricValues(problem=f'{path} is not a JSON object: write names and numbers, such as {{"auc": 0.91}}')
    values: dict[str, float] = {}
    others: list[str] = []
    for key, value in document.items():
        number = as_number(value)
        if number is None:
            others.append(repr(key[:_LONGEST]))
        else:
            values[key.encode(errors="backslashreplace").decode()] = number  # half a surrogate pair is no text
    if not others:
        return MetricValues(values=values)
    named = ", ".join(others[:_NAMED]) + (" and more" if len(others) > _NAMED else "")
    return MetricValues(values=values, problem=f"{path} is not flat: {named} in it is no number; the others are used")


def primary_metric(versions: Iterable[Mapping[str, float]], *, judged: Sequence[str] = ()) -> str | None:
    """Return the metric by which versions are looked at.

    It is the first of those that gates judge which a version has; else the one that most versions have, and of several
    the one that comes first in the first version with it.

    Args:
        versions: the metrics of each, the newest first.
        judged: what gates ask for, the most important first.
    """
    counts: Counter[str] = Counter()
    for metrics in versions:
        counts.update(metrics.keys())
    for metric in judged:
        if metric in counts:
            return metric
    return max(counts, key=lambda key: counts[key], default=None)


def as_number(value: object) -> float | None:
    """Return a JSON value as a number, or None: a text is one only where it spells what JSON has no number for."""
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
