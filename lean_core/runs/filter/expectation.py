"""What may come next while an expression is read from left to right.

It tells a key from a value where both are quoted alike, says what was expected where sqlglot finds a mistake, and tells
the completion what to offer. Whether the expression is right as a whole is for sqlglot's parser to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

from lean_core.runs.filter.nodes import Key
from lean_core.runs.filter.vocabulary import CHOICES, ValueType, value_type

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
PATTERNS = ("like", "ilike", "~")
TIME_EXAMPLES = "a time such as '2026-11-01', '2026-11-01 14:30' or now() - 7d"
_OF_TYPE: dict[ValueType, str] = {
    "text": "text in single quotes",
    "any": "text in single quotes, or a number",
    "number": "a number",
    "time": TIME_EXAMPLES,
    "seconds": "a length of time such as 90, 5m or 2h",
}


class Expect(Enum):
    """What comes next, in words."""

    CONDITION = "a condition such as metrics.auc > 0.8"
    OPERATOR = "an operator: = != < <= > >= ~ !~ in, between, like, ilike, is null"
    RANGE = "in, between, like, ilike or regexp"
    VALUE = "a value"
    LIST = "a list in parentheses such as ('a', 'b')"
    NULL = "null or not null"
    UPPER = "and, with the upper value"
    MORE = "a comma or )"
    JOIN = "and, or, or the end"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where the reading stands."""

    expect: Expect = Expect.CONDITION
    key: Key | None = None
    """The last key."""
    within: Literal["", "between", "list"] = ""
    text: bool = False
    """Whether a pattern is asked for, whatever the key's type."""

    def describe(self) -> str:
        """Say what comes next, as precisely as the last key allows."""
        if self.expect is not Expect.VALUE or self.key is None:
            return self.expect.value
        if self.text:
            return "a pattern in single quotes"
        return expected_value(self.key)

    def after(self, symbol: str, key: Key | None = None) -> State:
        """Return the state that follows a symbol: ``key``, ``value``, ``test``, or a keyword or sign as it is."""
        expect = _AFTER.get(symbol)
        if symbol == "key":
            return State(expect=Expect.OPERATOR, key=key)
        if symbol == "not":
            return replace(self, expect=_AFTER_NOT.get(self.expect, Expect.CONDITION))
        if symbol == "and" and self.expect is Expect.UPPER:
            return State(expect=Expect.VALUE, key=self.key)
        if symbol == "(":
            if self.expect is Expect.LIST:
                return State(expect=Expect.VALUE, key=self.key, within="list")
            return self if self.expect is Expect.VALUE else State()
        if symbol in ("value", ")"):
            return replace(self, **_closed(self, symbol))
        if symbol == "between":
            return State(expect=Expect.VALUE, key=self.key, within="between")
        if symbol in PATTERNS:
            return State(expect=Expect.VALUE, key=self.key, text=True)
        return replace(self, expect=expect) if expect else State()
