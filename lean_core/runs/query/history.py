"""The history of metrics: every value that was logged, not only the latest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.runs.query import table
from lean_core.runs.run import split_ref

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricHistory:
    """All values of one metric of one run, by step and time."""

    ref: str
    key: str
    steps: tuple[int | None, ...]
    times: tuple[dt.datetime | None, ...]
    values: tuple[float, ...]


def metric_histories(cursor: duckdb.DuckDBPyConnection, refs: tuple[str, ...]) -> list[MetricHistory]:
    """Return the histories of the metrics of these runs, in the order of the runs, then by key."""
    numbers = table.numbers_of(cursor, [split_ref(ref) for ref in refs])
    found = table.points_of(cursor, numbers)
    order = {ref: position for position, ref in enumerate(refs)}
    histories = [
        MetricHistory(ref=f"{source}:{run_key}", key=key, steps=tuple(steps), times=tuple(times), values=tuple(values))
        for source, run_key, key, steps, times, values in found
    ]
    return sorted(histories, key=lambda history: (order[history.ref], history.key))
