"""What may come next while an expression is read from left to right.

It tells a key from a value where both are quoted alike, says what was expected at a mistake, and tells the completion
what to offer. Whether the expression is right as a whole, and what binds to what, is for sqlglot's parser to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lean_core.runs.filter.nodes import Key
from lean_core.runs.filter.vocabulary import CHOICES, ValueType, value_type

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Expect(Enum):
    """What comes next, in words."""

    CONDITION = "a condition such as metrics.auc > 0.8"
    OPERATOR = "an operator: = != < <= > >= ~ !~ in, between, like, ilike, is null"
    RANGE = "in, between, like, ilike or regexp"
    VALUE = "a value"
    LOWER = "a value to begin with"
    ITEM = "a value in the list"
    PATTERN = "a pattern in single quotes"
    LIST = "a list in parentheses such as ('a', 'b')"
    NULL = "null or not null"
    NOT_NULL = "null"
    UPPER = "and, then the upper value"
    MORE = "a comma or )"
    JOIN = "and, or, or the end"


VALUES = (Expect.VALUE, Expect.LOWER, Expect.ITEM, Expect.PATTERN)

_AFTER: dict[str, Expect] = {
    "key": Expect.OPERATOR,
    "value": Expect.JOIN,
    "test": Expect.JOIN,
    "and": Expect.CONDITION,
    "or": Expect.CONDITION,
    "not": Expect.CONDITION,
    "(": Expect.CONDITION,
    ")": Expect.JOIN,
    ",": Expect.CONDITION,
    "+": Expect.VALUE,
    "-": Expect.VALUE,
    "is": Expect.NULL,
    "null": Expect.JOIN,
    "in": Expect.LIST,
    "between": Expect.LOWER,
    "like": Expect.PATTERN,
    "ilike": Expect.PATTERN,
    "~": Expect.PATTERN,
    **dict.fromkeys(COMPARISONS, Expect.VALUE),
}
"""What follows a symbol, except where `_WITHIN` knows better."""

_WITHIN: dict[tuple[Expect, str], Expect] = {
    (Expect.OPERATOR, "not"): Expect.RANGE,
    (Expect.NULL, "not"): Expect.NOT_NULL,
    (Expect.LOWER, "value"): Expect.UPPER,
    (Expect.UPPER, ")"): Expect.UPPER,
    (Expect.UPPER, "and"): Expect.VALUE,
    (Expect.LIST, "("): Expect.ITEM,
    (Expect.MORE, ","): Expect.ITEM,
    (Expect.ITEM, "value"): Expect.MORE,
    **{(expect, "("): expect for expect in VALUES},
    **{(expect, sign): expect for expect in VALUES for sign in "+-"},
    **{(Expect.UPPER, sign): Expect.LOWER for sign in "+-"},
}

_BEGIN_VALUE = frozenset({"value", "(", "+", "-"})
_RANGES = frozenset({"in", "between", "like", "ilike", "~"})
_FITS: dict[Expect, frozenset[str]] = {
    Expect.CONDITION: frozenset({"key", "test", "not", "("}),
    Expect.OPERATOR: _RANGES | {*COMPARISONS, "is", "not"},
    Expect.RANGE: _RANGES,
    Expect.VALUE: _BEGIN_VALUE,
    Expect.LOWER: _BEGIN_VALUE,
    Expect.ITEM: frozenset({"value", "+", "-"}),
    Expect.PATTERN: frozenset({"value", "("}),
    Expect.LIST: frozenset({"("}),
    Expect.NULL: frozenset({"null", "not"}),
    Expect.NOT_NULL: frozenset({"null"}),
    Expect.UPPER: frozenset({"and", ")", "+", "-"}),
    Expect.MORE: frozenset({",", ")"}),
    Expect.JOIN: frozenset({"and", "or", ")", "+", "-"}),
}

_OF_TYPE: dict[ValueType, str] = {
    "text": "text in single quotes",
    "any": "text in single quotes, or a number",
    "number": "a number",
    "time": "a time such as '2026-11-01', '2026-11-01 14:30' or now() - 7d",
    "seconds": "a length of time such as 90, 5m or 2h",
}


def describe_value(key: Key) -> str:
    """Say what a key compares with."""
    if key.kind == "attribute" and key.name in CHOICES:
        return "one of " + ", ".join(f"'{choice}'" for choice in CHOICES[key.name])
    return _OF_TYPE[value_type(key)]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where the reading stands."""

    expect: Expect = Expect.CONDITION
    key: Key | None = None
    """The last key."""

    def describe(self) -> str:
        """Say what comes next, as precisely as the last key allows."""
        if self.key is None or self.expect not in VALUES or self.expect is Expect.PATTERN:
            return self.expect.value
        return describe_value(self.key)

    def allows(self, symbol: str) -> bool:
        """Say whether a symbol may come here; parentheses are not counted."""
        return symbol in _FITS[self.expect]

    def after(self, symbol: str, key: Key | None = None) -> State:
        """Return the state that follows ``key``, ``value``, ``test`` (a whole condition), or a keyword or sign."""
        expect = _WITHIN.get((self.expect, symbol), _AFTER[symbol])
        return State(expect=expect, key=key or self.key)
