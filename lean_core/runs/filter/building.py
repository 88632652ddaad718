"""Turns sqlglot's tree into our own nodes: node types that are not named here are refused, and so are unfit values.

Imported late, as sqlglot is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlglot import exp

from lean_core.errors import FilterError
from lean_core.runs.filter.expectation import Expect
from lean_core.runs.filter.moments import Length, Moment
from lean_core.runs.filter.nodes import (
    And,
    Between,
    Compare,
    Condition,
    In,
    IsNaN,
    IsNull,
    Key,
    Like,
    Matches,
    Not,
    Operator,
    Or,
    Test,
)
from lean_core.runs.filter.patterns import find_pattern_problem
from lean_core.runs.filter.reading import Symbol
from lean_core.runs.filter.values import Written, fit_choice, fit_value, to_moment
from lean_core.runs.filter.vocabulary import value_type

_OPERATORS: dict[type[exp.Expression], Operator] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_PARTS = ("this", "expression", "expressions", "low", "high")
"""The parts that a test may have; ``IN (SELECT ...)`` has a ``query``, ``BETWEEN SYMMETRIC`` a ``symmetric``."""


class Builder:
    """Builds the condition of one expression."""

    def __init__(self, symbols: Sequence[Symbol], text: str) -> None:
        """Take the symbols whose numbers the tree's leaves carry."""
        self._symbols = symbols
        self._text = text

    def build(self, node: exp.Expression) -> Condition:
        """Return the condition that a tree stands for.

        Raises:
            FilterError: the tree says something that the language doesn't have, or compares what can't be compared.
        """
        if isinstance(node, exp.Paren):
            return self.build(node.this)
        if isinstance(node, exp.And):
            return And(conditions=self._flatten(node, And))
        if isinstance(node, exp.Or):
            return Or(conditions=self._flatten(node, Or))
        if isinstance(node, exp.Not):
            condition = self.build(node.this)
            if isinstance(node.this, exp.Is) or node.meta.get("range"):
                return replace(cast("In | Between | Like | Matches | IsNull", condition), negated=True)
            return Not(condition=condition)
        return self._test(node)

    def _flatten(self, node: exp.Expression, joined: type[And | Or]) -> tuple[Condition, ...]:
        """Walk down the left side, which a long chain makes deep, without recursion."""
        parts: list[exp.Expression] = []
        kind = type(node)
        while isinstance(node, kind):
            parts.append(node.args["expression"])
            node = node.this
        conditions: list[Condition] = []
        for part in (node, *reversed(parts)):
            condition = self.build(part)
            conditions.extend(condition.conditions if isinstance(condition, joined) else [condition])
        return tuple(conditions)

    def _test(self, node: exp.Expression) -> Condition:
        ranges: dict[type[exp.Expression], Callable[[Any], Test]] = {
            exp.In: self._in,
            exp.Between: self._between,
            exp.Like: self._like,
            exp.ILike: self._like,
            exp.RegexpLike: self._matches,
            exp.Is: self._is,
        }
        if any(value for name, value in node.args.items() if name not in _PARTS):
            raise self._refuse(node, "this is not a condition", Expect.CONDITION.value)
        if type(node) in _OPERATORS:
            return self._compare(node)
        if type(node) in ranges:
            return ranges[type(node)](node)
        if isinstance(node, exp.Column):
            leaf = self._symbols[int(node.name)].leaf
            if isinstance(leaf, IsNaN):
                return leaf
            raise self._refuse(node, "nothing is asked of this key", Expect.OPERATOR.value)
        raise self._refuse(node, "this is not a condition", Expect.CONDITION.value)

    def _compare(self, node: exp.Expression) -> Condition:
        key, operator = self._key(node.this), _OPERATORS[type(node)]
        equality = operator in ("=", "!=")
        value = (fit_choice if equality else fit_value)(key, self._value(node.args["expression"]), self._text)
        if isinstance(value, Moment) and equality and value.precision:
            # Nobody who writes a date means its first millisecond.
            if operator == "=":
                since = Compare(key=key, operator=">=", value=value.at)
                return And(conditions=(since, Compare(key=key, operator="<", value=value.end)))
            earlier = Compare(key=key, operator="<", value=value.at)
            return Or(conditions=(earlier, Compare(key=key, operator=">=", value=value.end)))
        return Compare(key=key, operator=operator, value=_at(value))

    def _in(self, node: exp.In) -> In:
        key = self._key(node.this)
        if not node.expressions:
            raise self._refuse(node, "this is not a list", Expect.LIST.value)
        if value_type(key) == "time":
            raise self._refuse(node.expressions[0], "a time is not compared with a list", "= or between")
        values = [fit_choice(key, self._value(value), self._text) for value in node.expressions]
        self._check_one_type(values, node.expressions)
        texts = tuple(value for value in values if isinstance(value, str))
        numbers = tuple(value for value in values if isinstance(value, float))
        return In(key=key, values=texts or numbers)

    def _between(self, node: exp.Between) -> Between:
        key = self._key(node.this)
        ends = (node.args["low"], node.args["high"])
        low, high = (fit_value(key, self._value(end), self._text) for end in ends)
        self._check_one_type((low, high), ends)
        return Between(key=key, low=_at(low), high=_at(high))

    def _like(self, node: exp.Like | exp.ILike) -> Like:
        key, pattern = self._pattern(node)
        return Like(key=key, pattern=str(pattern.value), ignore_case=isinstance(node, exp.ILike))

    def _matches(self, node: exp.RegexpLike) -> Matches:
        key, pattern = self._pattern(node)
        problem = find_pattern_problem(str(pattern.value))
        if problem:
            message = f"this regular expression is not valid: {problem}"
            raise pattern.error(message, text=self._text, expected="a pattern in RE2's syntax")
        return Matches(key=key, pattern=str(pattern.value))

    def _is(self, node: exp.Is) -> IsNull:
        if not isinstance(node.expression, exp.Null):
            raise self._refuse(node, "this is not a condition", Expect.NULL.value)
        return IsNull(key=self._key(node.this))

    def _pattern(self, node: exp.Expression) -> tuple[Key, Written]:
        key = self._key(node.this)
        if value_type(key) not in ("text", "any"):
            raise self._refuse(node.this, f"{str(key)!r} is not text, so no pattern fits it", "a key with text")
        pattern = self._value(node.args["expression"])
        if not isinstance(pattern.value, str):
            raise pattern.error("this is not a pattern", text=self._text, expected=Expect.PATTERN.value)
        return key, pattern

    def _key(self, node: exp.Expression) -> Key:
        leaf = self._symbols[int(node.name)].leaf if isinstance(node, exp.Column) and not node.table else None
        if not isinstance(leaf, Key):
            raise self._refuse(node, "this is not a key", "a key such as metrics.auc")
        return leaf

    def _value(self, node: exp.Expression) -> Written:
        if isinstance(node, exp.Paren):
            return self._value(node.this)
        start, end = self._place(node)
        if isinstance(node, exp.Literal):
            leaf = self._symbols[int(node.name)].leaf
            if isinstance(leaf, str | float | Length | Moment):
                return Written(value=leaf, start=start, end=end)
        if isinstance(node, exp.Neg):
            inner = self._value(node.this)
            if isinstance(inner.value, float):
                return Written(value=-inner.value, start=start, end=end)
        if isinstance(node, exp.Add | exp.Sub):
            return Written(value=self._shift(node), start=start, end=end)
        raise self._refuse(node, "this is not a value", "a number, or text in single quotes")

    def _shift(self, node: exp.Add | exp.Sub) -> Moment:
        """Add a length of time to a time; the language has no other arithmetic."""
        left, right = self._value(node.this), self._value(node.expression)
        if not isinstance(left.value, str | Moment):
            raise left.error("only times are added to", text=self._text, expected="a time such as now()")
        if not isinstance(right.value, Length):
            raise right.error("this is not a length of time", text=self._text, expected="a length of time such as 7d")
        seconds = right.value.seconds if isinstance(node, exp.Add) else -right.value.seconds
        try:
            return to_moment(left.value).shift(seconds)
        except ValueError as error:
            raise left.error(str(error), text=self._text, expected="a time such as now()") from None

    def _check_one_type(self, values: Sequence[object], nodes: Sequence[exp.Expression]) -> None:
        for value, node in zip(values, nodes, strict=True):
            if type(value) is not type(values[0]):
                expected = "text, as before" if isinstance(values[0], str) else "a number, as before"
                raise self._refuse(node, "the values are not of one type", expected)

    def _place(self, node: exp.Expression) -> tuple[int, int]:
        leaves = [int(part.name) for part in node.walk() if isinstance(part, exp.Identifier | exp.Literal)]
        if not leaves:
            return 0, len(self._text)
        return self._symbols[min(leaves)].start, self._symbols[max(leaves)].end

    def _refuse(self, node: exp.Expression, problem: str, expected: str) -> FilterError:
        start, end = self._place(node)
        return FilterError(problem, text=self._text, start=start, end=end, expected=expected)


def _at(value: str | float | Moment) -> str | float | datetime:
    return value.at if isinstance(value, Moment) else value
