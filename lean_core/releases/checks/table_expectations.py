"""What is expected of a table as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lean_core.releases.checks.bounds import describe_bounds
from lean_core.releases.checks.expectation import Columns, Found, Tables, none_may_fail
from lean_core.releases.times import tell_duration

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from pointblank import Validate

_SKEW = dt.timedelta(minutes=5)
"""So far into the future a row may be, since clocks differ."""
_FLAG = "_in_the_reference"
_ANY = 2**53
_MOST_ROWS = 5_000_000
"""Of a table that is made to break a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HasColumns:
    """The columns that the other expectations are about are there."""

    columns: tuple[str, ...]
    name = "columns"

    @property
    def threshold(self) -> str:
        """Name the columns."""
        return f"has {', '.join(self.columns)}"

    def plan(self, validate: Validate, _: Tables) -> Validate:
        """Ask for each column."""
        return validate.col_exists(columns=list(self.columns))

    def judge(self, steps: Sequence[Any], _: Tables) -> Found:
        """Name the columns that are missing."""
        missing = [step.column for step in steps if not step.all_passed]
        reason = f"there is no column {', '.join(missing)}" if missing else "all columns are there"
        return Found(verdict="fail" if missing else "pass", value=float(len(steps) - len(missing)), reason=reason)

    def broken(self, _: dt.datetime) -> tuple[Columns, Columns]:
        """Make a table without the first one."""
        return {f"not {self.columns[0]}": [1]}, {}


@dataclass(frozen=True, slots=True, kw_only=True)
class HasRows:
    """The table has so many rows."""

    least: int | None
    most: int | None
    name = "rows"

    @property
    def threshold(self) -> str:
        """Say how many."""
        return describe_bounds(self.least, self.most)

    def plan(self, validate: Validate, _: Tables) -> Validate:
        """Count."""
        least, most = self.least or 0, _ANY if self.most is None else self.most
        return validate.row_count_match(count=least, tol=(0, most - least))

    def judge(self, steps: Sequence[Any], tables: Tables) -> Found:
        """Say how many there are."""
        count = _count(tables.table)
        passed = all(step.all_passed for step in steps)
        said = f"{count:,} rows" + ("" if passed else f", {self._miss(count)}")
        return Found(verdict="pass" if passed else "fail", value=float(count), reason=said)

    def broken(self, _: dt.datetime) -> tuple[Columns, Columns]:
        """Make a table with too few rows, else with too many."""
        count = self.least - 1 if self.least else (self.most or 0) + 1
        return {"row": range(min(count, _MOST_ROWS))}, {}

    def _miss(self, count: int) -> str:
        if self.least is not None and count < self.least:
            return f"fewer than {self.least:,}"
        return f"more than {self.most:,}" if self.most is not None and count > self.most else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IsFresh:
    """How old the newest row is."""

    column: str
    max_age: dt.timedelta
    name = "freshness"

    @property
    def threshold(self) -> str:
        """Say how old."""
        return f"at most {tell_duration(self.max_age)} old"

    def plan(self, validate: Validate, tables: Tables) -> Validate:
        """Look for the newest row."""

        def as_time(table: ir.Table) -> ir.Table:
            column = table[self.column]
            kind = column.type()
            # pointblank can't tell the age of a date; text is a time only where all of it reads as one.
            timely = kind.is_date() or kind.is_timestamp() or kind.is_string()
            return table.mutate(**{self.column: column.cast("timestamp")}) if timely else table

        return validate.data_freshness(column=self.column, max_age=self.max_age, reference_time=tables.now, pre=as_time)

    def judge(self, steps: Sequence[Any], tables: Tables) -> Found:
        """Say when the newest row is of; of one that is still to come the age can't be told."""
        (step,) = steps
        newest = step.val_info.get("max_datetime")
        if step.val_info.get("error") or not isinstance(newest, dt.datetime):
            return Found(verdict="unknown", value=None, reason=f"{self.column} has no times that can be read")
        said = f"the newest {self.column} is {newest:%Y-%m-%d %H:%M}"
        if newest > tables.now + _SKEW:
            return Found(verdict="unknown", value=str(newest), reason=f"{said}, still to come: its age can't be told")
        return Found(verdict="pass" if step.all_passed else "fail", value=str(newest), reason=said)

    def broken(self, now: dt.datetime) -> tuple[Columns, Columns]:
        """Make a row that is too old."""
        return {self.column: [now - self.max_age - dt.timedelta(days=1)]}, {}


@dataclass(frozen=True, slots=True, kw_only=True)
class HasNoneOf:
    """No row of the training reference is in the table, by some key."""

    keys: tuple[str, ...]
    name = "duplicates"

    @property
    def threshold(self) -> str:
        """Name the key."""
        return f"no {', '.join(self.keys)} of the reference"

    def plan(self, validate: Validate, tables: Tables) -> Validate:
        """Mark the rows that are in the reference, and expect no mark."""

        def mark(table: ir.Table) -> ir.Table:
            import ibis

            if tables.reference is None:
                raise ValueError
            seen = tables.reference.select(*self.keys).distinct().mutate(**{_FLAG: ibis.literal(1)})
            joined = table.left_join(seen, list(self.keys))
            return joined.select(*(table[name] for name in table.columns), joined[_FLAG])

        return validate.col_vals_null(columns=_FLAG, pre=mark)

    def judge(self, steps: Sequence[Any], _: Tables) -> Found:
        """Say how many are in both."""
        (step,) = steps
        return none_may_fail(step, f"{', '.join(self.keys)} is in the reference too")

    def broken(self, _: dt.datetime) -> tuple[Columns, Columns]:
        """Make a row that is in both."""
        both = {key: [1] for key in self.keys}
        return both, both


def _count(table: ir.Table) -> int:
    count: int = table.count().to_pyarrow().as_py()
    return count
