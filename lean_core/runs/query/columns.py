"""Which columns a table of runs should show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from lean_core.runs.filter import Key
from lean_core.runs.query import table
from lean_core.runs.run import Run

if TYPE_CHECKING:
    import duckdb

MLFLOW_OWN = "mlflow."
"""Tags with this prefix are MLflow's bookkeeping."""


def known_keys(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Return every key that exists, by kind (`Key.kind`)."""
    return table.distinct_keys(cursor)


def differing(runs: Sequence[Run], *, most: int) -> list[Key]:
    """Return the metrics, params and own tags whose values differ among these runs: what tells them apart.

    Args:
        runs: those that are visible.
        most: how many keys of each kind to return; the ones that most runs have come first.
    """
    if len(runs) < 2:  # noqa: PLR2004 - one run differs from nothing
        return [
            *(Key(kind="metric", name=name) for run in runs for name in sorted(run.metrics)[:most]),
            *(Key(kind="param", name=name) for run in runs for name in sorted(run.params)[:most]),
        ]
    metrics = _differing([run.metrics for run in runs], most)
    params = _differing([run.params for run in runs], most)
    tags = _differing([{k: v for k, v in run.tags.items() if not k.startswith(MLFLOW_OWN)} for run in runs], most)
    local = _differing([run.local_tags for run in runs], most)
    return [
        *(Key(kind="metric", name=name) for name in metrics),
        *(Key(kind="param", name=name) for name in params),
        *(Key(kind="tag", name=name) for name in tags),
        *(Key(kind="local", name=name) for name in local),
    ]


def _differing(values: Iterable[Mapping[str, object]], most: int) -> list[str]:
    values = list(values)
    counts: dict[str, int] = {}
    for of_run in values:
        for key in of_run:
            counts[key] = counts.get(key, 0) + 1
    differs = [
        key for key in counts if counts[key] < len(values) or len({repr(of_run.get(key)) for of_run in values}) > 1
    ]
    return sorted(sorted(differs), key=lambda key: -counts[key])[:most]
