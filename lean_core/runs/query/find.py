"""Find the runs that a query asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lean_core.errors import UsageError
from lean_core.runs.filter import Key, compile_condition, parse, parse_key
from lean_core.runs.query import table
from lean_core.runs.query.page import Hits, Moment, RunPage, RunQuery
from lean_core.runs.run import Run, split_ref

if TYPE_CHECKING:
    import duckdb

EVERY = 2**62
"""As a limit: more rows than there are."""


def find_runs(cursor: duckdb.DuckDBPyConnection, query: RunQuery, moment: Moment) -> RunPage:
    """Return the page of runs that the query asks for.

    Raises:
        FilterError: the filter is not an expression of the filter language.
        UsageError: there is nothing to sort by under that name.
    """
    total, numbers = _find(cursor, query, moment)
    return RunPage(total=total, runs=tuple(table.runs_of(cursor, numbers, moment)))


def find_refs(cursor: duckdb.DuckDBPyConnection, query: RunQuery, moment: Moment) -> Hits:
    """Return which runs the query asks for.

    Raises:
        FilterError, UsageError: as `find_runs`.
    """
    total, numbers = _find(cursor, query, moment)
    return Hits(total=total, refs=tuple(table.refs_of(cursor, numbers)))


def _find(cursor: duckdb.DuckDBPyConnection, query: RunQuery, moment: Moment) -> tuple[int, list[int]]:
    hits = matching(query, moment)
    order = _order(query, hits)
    limit = EVERY if query.limit is None else query.limit
    return table.page_of(cursor, hits.sql, order, [*hits.parameters, limit, query.offset])


def load_runs(cursor: duckdb.DuckDBPyConnection, refs: tuple[str, ...], moment: Moment) -> list[Run]:
    """Return the runs with these references, in this order; unknown ones are left out."""
    return table.runs_of(cursor, table.numbers_of(cursor, [split_ref(ref) for ref in refs]), moment)


@dataclass(slots=True, kw_only=True)
class Matching:
    """A query's ``from ... where ...`` with its parameters, in the order of the text."""

    joins: dict[Key, str] = field(default_factory=dict)
    """Each key that is asked about, and the alias under which it is joined."""
    experiment: bool = False
    """Whether the run's experiment is asked about."""
    where: str = "true"
    shown: list[object] = field(default_factory=list)
    conditions: list[object] = field(default_factory=list)

    def column(self, key: Key) -> str:
        """Return the SQL expression of a key's value."""
        if key.kind == "attribute":
            column = table.ATTRIBUTES[key.name]
            self.experiment |= column.startswith("e.")
            return column
        return f"{self.joins.setdefault(key, f'k{len(self.joins)}')}.value"

    @property
    def sql(self) -> str:
        """The text."""
        joins = "\n".join(join for join, _ in self._joined())
        experiment = table.OF_EXPERIMENT if self.experiment else ""
        return f"from ({table.SHOWN}) as v\n{experiment}\n{joins}\nwhere {self.where}"

    @property
    def parameters(self) -> list[object]:
        """What its question marks stand for."""
        return [*self.shown, *(each for _, parameters in self._joined() for each in parameters), *self.conditions]

    def _joined(self) -> list[tuple[str, list[object]]]:
        return [table.join_of(key, alias) for key, alias in self.joins.items()]


def matching(query: RunQuery, moment: Moment) -> Matching:
    """Return what matches the query, unsorted and uncut."""
    hits = Matching(shown=[table.oldest_sign(moment)], experiment=bool(query.experiments))
    conditions, hits.conditions = table.narrow(query)
    condition = parse(query.filter, now=moment.now)
    if condition is not None:
        where = compile_condition(condition, hits.column)
        conditions.append(f"({where.sql})")
        hits.conditions.extend(where.parameters)
    hits.where = " and ".join(conditions) or "true"
    return hits


def _order(query: RunQuery, hits: Matching) -> list[tuple[str, str]]:
    """Return columns and directions to sort by: missing and NaN last either way, then newest first.

    No two runs are equal in all of them, so pages don't overlap.
    """
    key = parse_key(query.sort)
    if key.kind == "dataset":
        message = (
            f"runs can't be sorted by {query.sort}, a run may have several; sort by an attribute, metric, param or tag."
        )
        raise UsageError(message)
    column = hits.column(key)
    direction = "desc nulls last" if query.descending else "asc nulls last"
    terms = [(column, direction), ("v.start_time", "desc nulls last"), ("v.run_no", "desc")]
    if key.kind == "metric":
        terms.insert(0, (f"isnan({column})", "asc nulls last"))
    elif key.kind in {"param", "tag", "local"}:
        # 9 comes before 10 where both are numbers.
        terms.insert(0, (f"try_cast({column} as double)", direction))
    return terms
