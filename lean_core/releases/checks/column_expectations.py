"""What is expected of a column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lean_core.releases.checks.bounds import describe_bounds, exact, show
from lean_core.releases.checks.expectation import Columns, Found, Tables, none_may_fail, share

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from pointblank import Validate


@dataclass(frozen=True, slots=True, kw_only=True)
class IsOfType:
    """A column's type."""

    column: str
    type: str

    @property
    def name(self) -> str:
        """Name it by the column."""
        return f"{self.column}.type"

    @property
    def threshold(self) -> str:
        """Name the type."""
        return self.type

    def plan(self, validate: Validate, _: Tables) -> Validate:
        """Look at the schema."""
        return validate.specially(lambda table: _is_of(table.schema()[self.column], self.type))

    def judge(self, steps: Sequence[Any], tables: Tables) -> Found:
        """Say which type it has."""
        passed, kind = all(step.all_passed for step in steps), str(tables.table.schema()[self.column])
        return Found(verdict="pass" if passed else "fail", value=kind, reason=f"{self.column} is of type {kind}")

    def broken(self, _: dt.datetime) -> tuple[Columns, Columns]:
        """Make a column of another type."""
        return {self.column: [1] if self.type == "text" else ["one"]}, {}


@dataclass(frozen=True, slots=True, kw_only=True)
class HasFewNulls:
    """A column's share of nulls."""

    column: str
    most: float

    @property
    def name(self) -> str:
        """Name it by the column."""
        return f"{self.column}.nulls"

    @property
    def threshold(self) -> str:
        """Say how many."""
        return f"at most {show(self.most)}"

    def plan(self, validate: Validate, _: Tables) -> Validate:
        """Count them."""
        return validate.col_vals_not_null(columns=self.column)

    def judge(self, steps: Sequence[Any], _: Tables) -> Found:
        """Hold the share against the limit."""
        (step,) = steps
        passed = step.n_failed <= exact(self.most) * step.n
        reason = f"{self.column} is null in {share(step)}"
        return Found(verdict="pass" if passed else "fail", value=step.n_failed / step.n, reason=reason)

    def broken(self, _: dt.datetime) -> tuple[Columns, Columns]:
        """Make a column of nothing but nulls."""
        return {self.column: [None, None]}, {}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiesBetween:
    """A column's least and greatest value; nulls are another expectation's."""

    column: str
    least: Any
    """A number or a time, or None."""
    most: Any

    @property
    def name(self) -> str:
        """Name it by the column."""
        return f"{self.column}.range"

    @property
    def threshold(self) -> str:
        """Say what is allowed."""
        if isinstance(self.least, float) or isinstance(self.most, float):
            return describe_bounds(self.least, self.most)
        if self.least is None or self.most is None:
            return f"up to {self.most}" if self.least is None else f"from {self.least}"
        return f"{self.least} to {self.most}"

    def plan(self, validate: Validate, _: Tables) -> Validate:
        """Compare every value."""
        least, most = _naive(self.least), _naive(self.most)
        if least is None:
            return validate.col_vals_le(columns=self.column, value=most, na_pass=True)
        if most is None:
            return validate.col_vals_ge(columns=self.column, value=least, na_pass=True)
        return validate.col_vals_between(columns=self.column, left=least, right=most, na_pass=True)

    def judge(self, steps: Sequence[Any], _: Tables) -> Found:
        """Say how many lie outside."""
        (step,) = steps
        return none_may_fail(step, f"{self.column} is outside of {self.threshold}")

    def broken(self, _: dt.datetime) -> tuple[Columns, Columns]:
        """Make a value outside."""
        bound, sign = (self.least, -1) if self.least is not None else (self.most, 1)
        step = max(1.0, abs(bound)) if isinstance(bound, float) else dt.timedelta(days=1)
        return {self.column: [_naive(bound) + sign * step]}, {}


@dataclass(frozen=True, slots=True, kw_only=True)
class IsAmong:
    """A column's allowed values; nulls are another expectation's."""

    column: str
    allowed: tuple[str | float, ...]

    @property
    def name(self) -> str:
        """Name it by the column."""
        return f"{self.column}.allowed"

    @property
    def threshold(self) -> str:
        """Name the values."""
        return f"one of {', '.join(show(each) if isinstance(each, float) else each for each in self.allowed)}"

    def plan(self, validate: Validate, _: Tables) -> Validate:
        """Look up every value."""
        return validate.col_vals_in_set(columns=self.column, set=list(self.allowed), pre=_without_nulls(self.column))

    def judge(self, steps: Sequence[Any], _: Tables) -> Found:
        """Say how many are something else."""
        (step,) = steps
        return none_may_fail(step, f"{self.column} is none of those allowed")

    def broken(self, _: dt.datetime) -> tuple[Columns, Columns]:
        """Make another value."""
        numbers = [each for each in self.allowed if isinstance(each, float)]
        return {self.column: [max(numbers) + 1 if numbers else f"not {'or'.join(map(str, self.allowed))}"]}, {}


@dataclass(frozen=True, slots=True, kw_only=True)
class IsUnique:
    """A column in which no value stands twice; nulls are another expectation's."""

    column: str
    threshold = "each value once"

    @property
    def name(self) -> str:
        """Name it by the column."""
        return f"{self.column}.unique"

    def plan(self, validate: Validate, _: Tables) -> Validate:
        """Count each value."""
        return validate.rows_distinct(columns_subset=[self.column], pre=_without_nulls(self.column))

    def judge(self, steps: Sequence[Any], _: Tables) -> Found:
        """Say how many rows share a value."""
        (step,) = steps
        return none_may_fail(step, f"{self.column} has the value of another row")

    def broken(self, _: dt.datetime) -> tuple[Columns, Columns]:
        """Make a value stand twice."""
        return {self.column: [1, 1]}, {}


def _is_of(kind: Any, name: str) -> bool:  # noqa: ANN401 - Ibis ships no types
    return bool(
        {
            "integer": kind.is_integer,
            "number": kind.is_numeric,
            "text": kind.is_string,
            "boolean": kind.is_boolean,
            "date": kind.is_date,
            "timestamp": kind.is_timestamp,
        }[name]()
    )


def _without_nulls(column: str) -> Callable[[ir.Table], ir.Table]:
    return lambda table: table.filter(table[column].notnull())


def _naive(bound: Any) -> Any:  # noqa: ANN401 - a number or a time
    if isinstance(bound, dt.datetime) and bound.tzinfo is not None:
        return bound.astimezone(dt.UTC).replace(tzinfo=None)
    return bound
