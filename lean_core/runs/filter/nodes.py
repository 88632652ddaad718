"""What a filter says once it is understood: the keys of runs, and the conditions on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["metric", "param", "tag", "local", "dataset", "attribute"]
"""What a key is the name of; ``local`` is one of the workbench's own tags."""

Operator = Literal["=", "!=", "<", "<=", ">", ">="]

Value = str | float | datetime
"""Text, a number (seconds for ``duration``) or a time in naive UTC."""

PREFIX: dict[Kind, str] = {
    "metric": "metrics",
    "param": "params",
    "tag": "tags",
    "local": "local",
    "dataset": "dataset",
}
"""How a kind is written before a key; attributes stand alone."""

_PLAIN = re.compile(r"\w+(?:\.\w+)*")


@dataclass(frozen=True, slots=True)
class Key:
    """Something that a run has a value for."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return quote_key(self.kind, self.name)


def quote_key(kind: Kind, name: str) -> str:
    """Render a key as it is written in the language, in backticks where it needs them."""
    if kind == "attribute":
        return name
    quoted = name if _PLAIN.fullmatch(name) else f"`{name.replace('`', '``')}`"
    return f"{PREFIX[kind]}.{quoted}"


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All of several conditions, none of which is an `And` itself."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """At least one of several conditions, none of which is an `Or` itself."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The opposite; what is unknown stays unknown."""

    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """A key against a value; a param or a tag against a number is read as a number."""

    key: Key
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class In:
    """A key against a list of texts or of numbers."""

    key: Key
    values: tuple[str, ...] | tuple[float, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A key within two values of one type, both included."""

    key: Key
    low: Value
    high: Value
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """A text against a pattern of SQL: ``%`` is any text, ``_`` any one character, nothing escapes them."""

    key: Key
    pattern: str
    ignore_case: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """A text in which a regular expression (RE2) finds something."""

    key: Key
    pattern: str
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IsNull:
    """A run without that key."""

    key: Key
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IsNaN:
    """A metric whose latest value is not a number."""

    key: Key


Test = Compare | In | Between | Like | Matches | IsNull | IsNaN
"""A condition on one key."""

Condition = And | Or | Not | Test


def keys(condition: Condition) -> tuple[Key, ...]:
    """Return the keys that a condition asks for, each once, in the order of the text."""
    return tuple(dict.fromkeys(_keys(condition)))


def _keys(condition: Condition) -> Iterator[Key]:
    if isinstance(condition, And | Or):
        for part in condition.conditions:
            yield from _keys(part)
    elif isinstance(condition, Not):
        yield from _keys(condition.condition)
    else:
        yield condition.key
