"""Group runs by all their params but some, such as the seed: what is left is the spread."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from lean_core.runs.query import table
from lean_core.runs.query.find import matching
from lean_core.runs.query.page import Moment, RunQuery

MOST_GROUPS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A metric over the runs of a group."""

    mean: float
    sd: float | None
    """With n - 1 in the denominator; None for one run, which shows no spread."""
    n: int
    """Runs with a finite value."""
    left_out: int
    """Runs whose value is NaN or infinite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Runs that agree in all params but the ones left out."""

    params: dict[str, str | None]
    n: int
    """Runs in it."""
    metrics: dict[str, Spread]


def group_runs(
    cursor: duckdb.DuckDBPyConnection, query: RunQuery, moment: Moment, *, but: tuple[str, ...], metrics: tuple[str, ...]
) -> list[Group]:
    """Return the groups of the runs that match, the largest first, `MOST_GROUPS` at most.

    Raises:
        FilterError: the query's filter is not an expression of the filter language.
    """
    hits = matching(query, moment)
    found = table.grouped(cursor, f"select v.run_no {hits.sql}", hits.parameters, list(but), MOST_GROUPS)
    spreads: dict[int, dict[str, Spread]] = {}
    for group, key, mean, sd, n, left_out in table.spreads(cursor, list(metrics)):
        if n:
            spreads.setdefault(group, {})[key] = Spread(mean=mean, sd=sd if n > 1 else None, n=n, left_out=left_out)
    return [
        Group(params=dict(sorted(params.items())), n=n, metrics=spreads.get(group, {})) for group, params, n in found
    ]
