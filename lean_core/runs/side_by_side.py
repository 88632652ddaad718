"""Lay a comparison out as tables: one row a key, one column a run."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lean_core.runs.compare import MetricRow, Row, V, Verdict

if TYPE_CHECKING:
    import pyarrow as pa

Shown = Literal["value", "difference", "relative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricTable:
    """Metrics of runs, with what each cell means."""

    table: pa.Table
    verdicts: dict[tuple[int, str], Verdict]
    """By row and column: whether the run is better or worse than the baseline there."""
    best: frozenset[tuple[int, str]]
    """By row and column: the best value of all runs."""
    percents: tuple[str, ...]
    """Columns that hold shares, to be shown as percents."""


def letters(count: int) -> list[str]:
    """Return short names for runs: A, B, ..., Z, AA, AB, ..."""
    alphabet = string.ascii_uppercase
    return [
        alphabet[at] if at < len(alphabet) else alphabet[at // len(alphabet) - 1] + alphabet[at % len(alphabet)]
        for at in range(count)
    ]


def value_table(rows: Sequence[Row[V]], labels: Sequence[str]) -> pa.Table:
    """Return a table of params, tags, datasets or packages with a column for each label."""
    import pyarrow as pa

    columns = {"key": pa.array([row.key for row in rows], pa.string())}
    for at, label in enumerate(labels):
        columns[label] = pa.array([_text(row.values[at]) for row in rows], pa.string())
    return pa.table(columns)


def metric_table(rows: Sequence[MetricRow], labels: Sequence[str], shown: Sequence[Shown]) -> MetricTable:
    """Return a table of metrics: for each run its value, and its difference from the baseline's.

    Args:
        rows: the compared metrics.
        labels: what each run is called.
        shown: which of value, difference (absolute) and relative (as a share) to show.
    """
    import pyarrow as pa

    columns: dict[str, pa.Array] = {
        "metric": pa.array([row.key for row in rows], pa.string()),
        "better": pa.array([row.better for row in rows], pa.string()),
    }
    verdicts: dict[tuple[int, str], Verdict] = {}
    best: set[tuple[int, str]] = set()
    percents: list[str] = []
    for at, label in enumerate(labels):
        names = {"value": label, "difference": f"Δ {label}", "relative": f"Δ% {label}"}
        deltas = [row.deltas[at] for row in rows]
        is_baseline = all(delta is None for delta in deltas)
        cells = {
            "value": [row.values[at] for row in rows],
            "difference": [delta and delta.absolute for delta in deltas],
            "relative": [delta and delta.relative for delta in deltas],
        }
        for kind in shown:
            if kind != "value" and is_baseline:
                continue
            columns[names[kind]] = pa.array(cells[kind], pa.float64())
            percents += [names[kind]] if kind == "relative" else []
            verdicts |= {
                (row, names[kind]): delta.verdict for row, delta in enumerate(deltas) if delta and delta.verdict
            }
        best |= {(row, names["value"]) for row, metric in enumerate(rows) if at in metric.best}
    return MetricTable(table=pa.table(columns), verdicts=verdicts, best=frozenset(best), percents=tuple(percents))


def _text(value: str | float | None) -> str | None:
    return None if value is None else str(value)
