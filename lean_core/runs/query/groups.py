"""Group runs by all their params but some, such as the seed: what is left is the spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.runs.query import table
from lean_core.runs.query.find import matching
from lean_core.runs.query.page import Moment, RunQuery

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

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
    cursor: duckdb.DuckDBPyConnection,
    query: RunQuery,
    moment: Moment,
    *,
    but: tuple[str, ...],
    metrics: tuple[str, ...],
) -> list[Group]:
    """Return the groups of the runs that match, the largest first, `MOST_GROUPS` at most.

    Raises:
        FilterError: the query's filter is not an expression of the filter language.
    """
    hits = matching(query, moment)
    found = table.grouped(cursor, f"select v.run_no {hits.sql}", hits.parameters, list(but), MOST_GROUPS)
    spreads: dict[int, dict[str, Spread]] = {}
    for group, key, mean, sd, n, left_out in table.spreads(cursor, list(metrics)):
        if mean is not None:
            spreads.setdefault(group, {})[key] = Spread(mean=mean, sd=sd if n > 1 else None, n=n, left_out=left_out)
    return [
        Group(params=dict(sorted(params.items())), n=n, metrics=spreads.get(group, {})) for group, params, n in found
    ]


def group_table(groups: Sequence[Group], metrics: Sequence[str]) -> pa.Table:
    """Return a table with a row a group: its size, mean, sd and n of each metric, and the params that differ."""
    import pyarrow as pa

    names = sorted({name for group in groups for name in group.params})
    differing = [name for name in names if len({group.params.get(name) for group in groups}) > 1]
    columns: dict[str, pa.Array] = {"runs": pa.array([group.n for group in groups], pa.int64())}
    for metric in metrics:
        spreads = [group.metrics.get(metric) for group in groups]
        columns[f"{metric} mean"] = pa.array([each and each.mean for each in spreads], pa.float64())
        columns[f"{metric} sd"] = pa.array([each and each.sd for each in spreads], pa.float64())
        columns[f"{metric} n"] = pa.array([each and each.n for each in spreads], pa.int64())
    for name in differing or names:
        label = name if name not in columns else f"params.{name}"
        columns[label] = pa.array([group.params.get(name) for group in groups], pa.string())
    return pa.table(columns)
