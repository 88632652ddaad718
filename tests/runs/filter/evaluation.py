"""What a condition means, said once more in plain Python: True, False, or None for unknown."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable

from lean_core.runs.filter import And, Between, Compare, Condition, In, IsNaN, IsNull, Key, Like, Matches, Not, Or
from tests.runs.filter.little_store import ARun

COMPARE: dict[str, Callable[[object, object], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
NUMBER = re.compile(r"\s*[+-]?([0-9]+(_[0-9]+)*\.?([0-9]+)?([eE][+-]?[0-9]+)?|\.[0-9]+|inf|nan)\s*", re.ASCII)


def evaluate(condition: Condition, run: ARun) -> bool | None:
    if isinstance(condition, And | Or):
        decisive = isinstance(condition, Or)
        parts = [evaluate(part, run) for part in condition.conditions]
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if isinstance(condition, Not):
        inner = evaluate(condition.condition, run)
        return None if inner is None else not inner
    values = values_of(run, condition.key)
    if isinstance(condition, IsNull):
        return bool(values) is condition.negated
    if isinstance(condition, IsNaN):
        return math.isnan(values[0]) if values else None
    answers = [answer for value in values if (answer := holds(condition, value)) is not None]
    return any(answers) if answers else None


def values_of(run: ARun, key: Key) -> list:
    if key.kind == "dataset":
        return [value for dataset in run.inputs if (value := getattr(dataset, key.name)) is not None]
    if key.kind == "attribute":
        value = getattr(run, key.name)
    else:
        value = {"metric": run.metrics, "param": run.params, "tag": run.tags, "local": run.local}[key.kind].get(
            key.name
        )
    return [] if value is None else [value]


def holds(condition: Condition, value: object) -> bool | None:
    asked = {Compare: "value", Between: "low", Like: "pattern", Matches: "pattern"}.get(type(condition))
    sample = condition.values[0] if isinstance(condition, In) else getattr(condition, asked)
    if isinstance(sample, float):
        value = to_number(value)
        if value is None:
            return None
        if math.isnan(value):
            unequal = isinstance(condition, Compare) and condition.operator == "!=" and condition.key.kind == "metric"
            return True if unequal else None
    if isinstance(condition, Compare):
        return COMPARE[condition.operator](value, condition.value)
    if isinstance(condition, In):
        answer = value in condition.values
    elif isinstance(condition, Between):
        answer = condition.low <= value <= condition.high
    elif isinstance(condition, Like):
        answer = like(value, condition.pattern, ignore_case=condition.ignore_case)
    else:
        answer = re.search(condition.pattern, value) is not None
    return answer is not condition.negated


def to_number(value: object) -> float | None:
    if isinstance(value, str):
        return float(value) if NUMBER.fullmatch(value) else None
    return float(value)


def like(value: str, pattern: str, *, ignore_case: bool) -> bool:
    regex = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in pattern)
    return re.fullmatch(regex, value, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None
