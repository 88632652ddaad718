"""Writes an expression down in any of the ways that the language allows."""

from __future__ import annotations

import datetime as dt
import re
from random import Random

from lean_core.debt.trigger import Expression
from lean_core.debt.trigger.nodes import And, Compare, Fact, Not, Operand, Or, Package, Value

_SPELLINGS = {"=": ("=", "=="), "!=": ("!=", "<>")}


def render(expression: Expression, random: Random) -> str:
    return _Writer(random).write(expression)


class _Writer:
    def __init__(self, random: Random) -> None:
        self._random = random

    def write(self, expression: Expression) -> str:
        if isinstance(expression, Compare):
            return self._maybe_in_parentheses(self._compare(expression))
        if isinstance(expression, Not):
            inner = self.write(expression.condition)
            plain = isinstance(expression.condition, Compare)
            return f"{self._word('not')} {inner if plain else f'({inner})'}"
        word = self._word("and" if isinstance(expression, And) else "or")
        parts = [self._part(condition, expression) for condition in expression.conditions]
        return f"{self._space()}{word} ".join(f"{part}{self._space()}" for part in parts)

    def _part(self, condition: Expression, around: Expression) -> str:
        written = self.write(condition)
        needs = isinstance(condition, Or) and isinstance(around, And)
        return f"({written})" if needs else self._maybe_in_parentheses(written)

    def _maybe_in_parentheses(self, written: str) -> str:
        return f"({written})" if self._random.random() < 0.1 else written

    def _compare(self, compare: Compare) -> str:
        operator = self._random.choice(_SPELLINGS.get(compare.operator, (compare.operator,)))
        space = self._random.choice(["", " ", "\n"])
        written = f"{self._operand(compare.left)}{space}{operator}{space}{self._operand(compare.right)}"
        if compare.held is None:
            return written
        return f"{written} {self._word('for')}{self._space()}{self._length(compare.held)}"

    def _length(self, held: dt.timedelta) -> str:
        hours = held // dt.timedelta(hours=1)
        ways = [f"{hours}h"] + ([f"{hours // 24}d"] if hours % 24 == 0 else [])
        return self._random.choice(ways)

    def _operand(self, operand: Operand) -> str:
        if isinstance(operand, Package):
            name = self._random.choice([operand.name, operand.name.upper(), operand.name.replace("-", "_")])
            return f"{self._word('dep')}{self._random.choice(['', ' '])}({self._text(name)})"
        if isinstance(operand, Fact):
            return self._name(operand.name)
        return self._value(operand)

    def _name(self, name: str) -> str:
        first, *rest = re.findall(r'"[^"]*"|[^.]+', name)
        return ".".join(
            [first, *(part if part[0] == '"' or self._random.random() < 0.8 else f'"{part}"' for part in rest)]
        )

    def _value(self, value: Value) -> str:
        plain = value.value
        if isinstance(plain, bool):
            return self._word(str(plain).lower())
        if isinstance(plain, str):
            return self._text(plain)
        return plain.isoformat() if isinstance(plain, dt.date) else repr(plain)

    def _text(self, text: str) -> str:
        quote = self._random.choice("'\"")
        return f"{quote}{text.replace(quote, quote * 2)}{quote}"

    def _word(self, word: str) -> str:
        return self._random.choice([word, word.upper(), word.capitalize()])

    def _space(self) -> str:
        return self._random.choice([" ", "  ", "\n", "\t"])
