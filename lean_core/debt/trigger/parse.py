"""Makes an expression of a text: only what is named here gets in."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from lean_core.debt.trigger import reading
from lean_core.debt.trigger.kinds import Kind, explain_misfit, kind_of
from lean_core.debt.trigger.names import simplify_name
from lean_core.debt.trigger.nodes import (
    TODAY,
    And,
    Compare,
    Constant,
    Expression,
    Fact,
    Not,
    Operand,
    Operator,
    Or,
    Package,
    Value,
)
from lean_core.errors import TriggerError

if TYPE_CHECKING:
    from lark import Token, Tree

    Branch = Tree[Token] | Token

LONGEST = 2_000
"""Characters of an expression."""
LONGEST_HELD = dt.timedelta(days=3_660)
_UNITS = {"h": dt.timedelta(hours=1), "d": dt.timedelta(days=1), "w": dt.timedelta(weeks=1)}
_OPERATORS: dict[str, Operator] = {"==": "=", "<>": "!="}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PACKAGE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def parse(text: str) -> Expression:
    """Return the expression that a text stands for.

    Raises:
        TriggerError: the text is wrong, and at which place.
    """
    _check_text(text)
    reader = reading.open_reader(text)
    reader.read()
    return _Builder(text).build(reader.finish())


def _check_text(text: str) -> None:
    if len(text) > LONGEST:
        problem, expected = "the expression is too long", f"at most {LONGEST:,} characters"
        raise TriggerError(problem, text=text, start=LONGEST, end=len(text), expected=expected)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        problem = "half a character (a lone surrogate)"
        raise TriggerError(problem, text=text, start=error.start, end=error.end, expected="text") from None


class _Builder:
    def __init__(self, text: str) -> None:
        self._text = text

    def build(self, tree: Tree[Token]) -> Expression:
        if tree.data == "comparison":
            return self._compare(tree)
        conditions = [self.build(cast("Tree[Token]", child)) for child in tree.children]
        if tree.data == "opposite":
            return Not(condition=conditions[0])
        joined = And if tree.data == "all" else Or
        flat: list[Expression] = []
        for condition in conditions:
            flat.extend(condition.conditions if isinstance(condition, joined) else [condition])
        return joined(conditions=tuple(flat))

    def _compare(self, tree: Tree[Token]) -> Compare:
        first, sign, second = tree.children[:3]
        length = cast("Token | None", tree.children[3])
        left, right = self._operand(first), self._operand(second)
        operator = _OPERATORS.get(str(sign), cast("Operator", str(sign)))
        if isinstance(left, Value) and isinstance(right, Value):
            raise self._refuse(tree, "both sides are fixed, so this never changes", "a fact on one side")
        self._check_kinds((left, first), operator, (right, second))
        if length is None:
            return Compare(left=left, operator=operator, right=right)
        timeless = [each for each in (left, right) if isinstance(each, Package) or each == Fact(name=TODAY)]
        if timeless:
            name = 'dep("…")' if isinstance(timeless[0], Package) else TODAY
            raise self._refuse(length, f"nothing is remembered of {name}, so it takes no for", "a fact with a history")
        return Compare(left=left, operator=operator, right=right, held=self._length(length))

    def _check_kinds(self, left: tuple[Operand, Branch], operator: Operator, right: tuple[Operand, Branch]) -> None:
        """Refuse what can be seen to be incomparable before any fact is known."""
        kinds = [_kind(left[0]), _kind(right[0])]
        for this, (other, branch) in ((0, right), (1, left)):
            if kinds[this] == "version" and isinstance(other, Value) and isinstance(other.value, str):
                if not is_version(other.value):
                    raise self._refuse(branch, f"{other.value[:40]!r} is not a version", reading.VERSION)
                kinds[1 - this] = "version"
        misfit = explain_misfit(kinds[0], operator, kinds[1])
        if misfit:
            branch = left[1] if isinstance(left[0], Value) else right[1]
            raise self._refuse(branch, misfit, self._expect(kinds, operator, branch))

    def _expect(self, kinds: list[Kind | None], operator: Operator, branch: Branch) -> str:
        if "version" in kinds:
            return reading.VERSION
        if "date" in kinds or _DATE.fullmatch(str(branch)[1:-1]):
            return f"{reading.DATE}, without quotes"
        return "= or !=" if operator not in {"=", "!="} else reading.VALUE

    def _operand(self, branch: Branch) -> Operand:
        token = cast("Token", branch if isinstance(branch, str) else branch.children[0])
        if token is not branch:
            return self._package(token)
        if token.type == "NAME":
            return Fact(name=simplify_name(str(token)), start=token.start_pos or 0, end=token.end_pos or 0)
        read: dict[str, Callable[[Token], Constant]] = {
            "NUMBER": self._number,
            "DATE": self._date,
            "TEXT": unquote,
            "TRUTH": lambda truth: truth.casefold() == "true",
        }
        return Value(value=read[token.type](token))

    def _package(self, token: Token) -> Package:
        from packaging.utils import canonicalize_name

        name = unquote(token)
        if not _PACKAGE.fullmatch(name):
            raise self._refuse(token, "this is not the name of a package", 'a name as in dep("mlflow")')
        return Package(name=canonicalize_name(name))

    def _number(self, token: Token) -> int | float:
        if re.fullmatch(r"-?[0-9]+", token):
            return int(token)
        number = float(token)
        if math.isinf(number):
            raise self._refuse(token, "this number is too great", "a number below 1e308")
        return number

    def _date(self, token: Token) -> dt.date:
        if not _DATE.fullmatch(token):
            raise self._refuse(token, "this is not how a date is written", reading.DATE)
        try:
            return dt.date.fromisoformat(token)
        except ValueError:
            raise self._refuse(token, f"there is no day {str(token)!r}", reading.DATE) from None

    def _length(self, token: Token) -> dt.timedelta:
        unit = token.lstrip("0123456789")
        count = int(token.removesuffix(unit))
        if unit not in _UNITS:
            raise self._refuse(token, f"there is no unit {unit[:40]!r}", reading.LENGTH)
        if not 0 < count <= LONGEST_HELD / _UNITS[unit]:
            raise self._refuse(token, f"{str(token)[:40]!r} is no time to look back on", "from 1h to 3660d")
        return count * _UNITS[unit]

    def _refuse(self, branch: Branch, problem: str, expected: str) -> TriggerError:
        start, end = _place(branch)
        return TriggerError(problem, text=self._text, start=start, end=end, expected=expected)


def _place(branch: Branch) -> tuple[int, int]:
    if isinstance(branch, str):
        return branch.start_pos or 0, branch.end_pos or 0
    return branch.meta.start_pos, branch.meta.end_pos


def _kind(operand: Operand) -> Kind | None:
    if isinstance(operand, Value):
        return kind_of(operand.value)
    if isinstance(operand, Package):
        return "version"
    return "date" if operand.name == TODAY else None


def is_version(text: str) -> bool:
    """Say whether a text is a version as Python packages have them."""
    from packaging.version import VERSION_PATTERN

    return re.fullmatch(rf"\s*{VERSION_PATTERN}\s*", text, re.VERBOSE | re.IGNORECASE) is not None


def unquote(written: str) -> str:
    """Take the quotes off a text; one that is doubled within is one."""
    quote = written[0]
    return written[1:-1].replace(quote * 2, quote)
