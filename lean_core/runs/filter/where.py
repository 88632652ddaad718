"""Compiles a condition to a WHERE expression for DuckDB. What a person wrote is bound, never part of the SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

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
    Or,
    Test,
    Value,
)

_OPERATORS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A boolean expression with its parameters, in the order of its question marks."""

    sql: str
    parameters: tuple[Value, ...]


def compile_condition(condition: Condition, column: Callable[[Key], str]) -> Where:
    """Compile a condition.

    ``column`` gives the SQL expression of a key, made without a word that a person wrote and without parameters:
    DOUBLE for a metric and for ``duration`` (seconds), TIMESTAMP for the times, VARCHAR for other attributes, params,
    tags and local tags; for a dataset's key the VARCHAR[] of the values of all the run's inputs. It is NULL where the
    run has no such key.
    """
    compiler = _Compiler(column=column)
    sql = compiler.compile(condition)
    return Where(sql=sql, parameters=tuple(compiler.parameters))


@dataclass(kw_only=True)
class _Compiler:
    column: Callable[[Key], str]
    parameters: list[Value] = field(default_factory=list)

    def compile(self, condition: Condition) -> str:
        if isinstance(condition, And | Or):
            joiner = " AND " if isinstance(condition, And) else " OR "
            return f"({joiner.join(self.compile(part) for part in condition.conditions)})"
        if isinstance(condition, Not):
            return f"(NOT {self.compile(condition.condition)})"
        column = self.column(condition.key)
        if condition.key.kind != "dataset":
            return f"({self._test(condition, column)})"
        if isinstance(condition, IsNull):
            anything = f"coalesce({_any_input(column, 'x IS NOT NULL')}, false)"
            return anything if condition.negated else f"(NOT {anything})"
        return _any_input(column, self._test(condition, "x"))

    def _test(self, test: Test, column: str) -> str:
        not_ = "NOT " if getattr(test, "negated", False) else ""
        match test:
            case Compare():
                # NaN is unequal to every number, as in MLflow and in arithmetic; no other comparison holds for it.
                unequal = test.key.kind == "metric" and test.operator == "!="
                operand = column if unequal else _operand(test.key, column, test.value)
                sql = f"{operand} {_OPERATORS[test.operator]} {self._bind([test.value])}"
            case In():
                sql = f"{_operand(test.key, column, test.values[0])} {not_}IN ({self._bind(test.values)})"
            case Between():
                low, high = self._bind([test.low]), self._bind([test.high])
                sql = f"{_operand(test.key, column, test.low)} {not_}BETWEEN {low} AND {high}"
            case Like():
                sql = f"{column} {not_}{'ILIKE' if test.ignore_case else 'LIKE'} {self._bind([test.pattern])}"
            case Matches():
                sql = f"{not_}regexp_matches({column}, {self._bind([test.pattern])})"
            case IsNull():
                sql = f"{column} IS {not_}NULL"
            case IsNaN():
                sql = f"isnan({column})"
        return sql

    def _bind(self, values: Iterable[Value]) -> str:
        marks = []
        for value in values:
            self.parameters.append(value)
            marks.append("?")
        return ", ".join(marks)


def _operand(key: Key, column: str, value: Value) -> str:
    """Read the column as the value's type; NaN, to DuckDB equal to itself and above all else, becomes unknown."""
    if not isinstance(value, float) or key.kind == "attribute":
        return column
    number = column if key.kind == "metric" else f"TRY_CAST({column} AS DOUBLE)"
    return f"nullif({number}, 'nan'::DOUBLE)"


def _any_input(column: str, predicate: str) -> str:
    """Say whether a predicate on ``x`` holds for any input of the run: unknown where there is none to ask."""
    return f"list_bool_or(list_transform({column}, lambda x: {predicate}))"
