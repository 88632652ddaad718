"""Lay runs out as a table: one row a run, one column a key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lean_core.runs import arrow
from lean_core.runs.filter import Key
from lean_core.runs.run import Run

if TYPE_CHECKING:
    import pyarrow as pa

Cell = str | float | int | dt.datetime | None

_ATTRIBUTES: dict[str, Callable[[Run], Cell]] = {
    "run_id": lambda run: run.run_id,
    "name": lambda run: run.name,
    "status": lambda run: run.status,
    "start_time": lambda run: run.start_time,
    "end_time": lambda run: run.end_time,
    "duration": lambda run: run.seconds,
    "user": lambda run: run.user,
    "commit": lambda run: run.commit,
    "experiment": lambda run: run.experiment,
    "experiment_id": lambda run: run.experiment_id,
    "source": lambda run: run.source,
    "lifecycle": lambda run: run.lifecycle,
    "parent": lambda run: run.parent_run_id,
    "artifact_uri": lambda run: run.artifact_uri,
}
_OF_INPUT: dict[str, str] = {"name": "name", "digest": "digest", "context": "context"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table of runs, ready to be shown or written."""

    columns: tuple[Key, ...]
    refs: tuple[str, ...]
    """One a row."""
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, key: Key) -> list[Cell]:
        """Return one column's cells."""
        at = self.columns.index(key)
        return [row[at] for row in self.rows]


def tabulate(runs: Sequence[Run], columns: Sequence[Key]) -> Sheet:
    """Return the table of these runs with these columns."""
    return Sheet(
        columns=tuple(columns),
        refs=tuple(run.ref for run in runs),
        rows=tuple(tuple(cell(run, key) for key in columns) for run in runs),
    )


def cell(run: Run, key: Key) -> Cell:
    """Return what a run says under a key, or None where it says nothing."""
    match key.kind:
        case "attribute":
            return _ATTRIBUTES[key.name](run)
        case "metric":
            return run.metrics.get(key.name)
        case "param":
            return run.params.get(key.name)
        case "tag":
            return run.tags.get(key.name)
        case "local":
            return run.local_tags.get(key.name)
        case _:
            said = (getattr(each, _OF_INPUT[key.name]) for each in run.inputs)
            return ", ".join(dict.fromkeys(value for value in said if value)) or None


def to_arrow(sheet: Sheet) -> pa.Table:
    """Return the sheet as Arrow columns: metrics and durations as doubles, times as UTC, the rest as text.

    Columns are named as the filter language writes their keys. A missing metric is null, one that is NaN is NaN; a
    column of metrics that were made text is text.
    """
    import pyarrow as pa

    return pa.Table.from_arrays(
        [_arrow_column(key, sheet.column(key)) for key in sheet.columns], names=[str(key) for key in sheet.columns]
    )


def _arrow_column(key: Key, cells: Sequence[Any]) -> pa.Array:
    if any(isinstance(cell, str) for cell in cells):
        return arrow.texts(cells)
    if key.kind == "metric" or key == Key("attribute", "duration"):
        return arrow.numbers(cells)
    if key.kind == "attribute" and key.name in {"start_time", "end_time"}:
        return arrow.times(cells)
    return arrow.texts(cells)
