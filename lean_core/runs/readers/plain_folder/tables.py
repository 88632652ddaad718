"""Tables of metrics, a row a step: CSV, TSV and JSON lines, read row by row, so that their size does not matter."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from lean_core.runs.readers.plain_folder.flat import clean, flatten, to_number
from lean_core.runs.readers.plain_folder.instant import to_millis

STEP_COLUMNS = ("step", "global_step", "_step", "iteration", "iter", "training_iteration", "round", "epoch", "")
"""The first of these that a table has tells the step (the last is the index that pandas writes); else rows count."""
TIME_COLUMNS = ("timestamp", "_timestamp", "wall_time", "wall time", "datetime", "date", "time")
"""The first of these that holds times of day; one that holds durations is a metric like any other."""
NAME_COLUMNS = ("metric", "name", "key", "metric_name")
"""Beside a column ``value``: a table with one value a row."""
_BLANK = {"", "-", "none", "null", "na", "n/a"}
_LARGEST_CELL = 1 << 24

Row = dict[str, Any]


class Measured(NamedTuple):
    """One value of a metric; ``step`` is None where there is but one row, and it does not say."""

    key: str
    step: int | None
    time: int | None
    value: float


def read_rows(path: str, malformed: Callable[[int, str], None]) -> Iterator[Row]:
    """Yield the rows of a .csv, .tsv, .log, .jsonl or .ndjson file.

    Args:
        path: the file.
        malformed: called with the number of each line that can't be understood, and why.

    Raises:
        OSError: the file can't be read.
    """
    with open(path, encoding="utf-8-sig", errors="backslashreplace", newline="") as file:  # noqa: PTH123 - a str
        if path.endswith(("jsonl", "ndjson")):
            yield from _json_rows(file, malformed)
        else:
            yield from _csv_rows(file, malformed)


def measure(rows: Iterable[Row], *, key: str | None = None) -> Iterator[Measured]:
    """Yield what a table's rows measured; with ``key``, every other column is that metric."""
    first: Row | None = None
    table: _Table | None = None
    for row in rows:
        if table is None:
            if first is None:
                first = row
                continue
            table = _Table.of(first, key)
            yield from table.measure(first)
        yield from table.measure(row)
    if first is not None and table is None:
        table = _Table.of(first, key)
        for found in table.measure(first):
            yield found if table.step else found._replace(step=None)


@dataclass(slots=True, kw_only=True)
class _Table:
    step: str | None
    time: str | None
    name: str | None
    value: str | None
    key: str | None
    passed: int = 0

    @classmethod
    def of(cls, row: Row, key: str | None) -> _Table:
        """Decide by its first row what a table's columns mean."""
        columns = {column.strip().lower(): column for column in row}
        steps = (columns[name] for name in STEP_COLUMNS if name in columns)
        times = (columns[name] for name in TIME_COLUMNS if name in columns)
        name = next((columns[name] for name in NAME_COLUMNS if name in columns), None)
        value = columns.get("value") if name is not None else None
        return cls(
            step=next((column for column in steps if _whole(row[column]) is not None), None),
            time=next((column for column in times if to_millis(row[column]) is not None), None),
            name=name if value is not None else None,
            value=value,
            key=key,
        )

    def measure(self, row: Row) -> Iterator[Measured]:
        step = self.passed if self.step is None else _whole(row.get(self.step))
        self.passed += 1
        time = None if self.time is None else to_millis(row.get(self.time))
        if step is None:
            return
        if self.name is not None and self.value is not None:
            value = measured(row.get(self.value))
            if value is not None:
                yield Measured(clean(str(row.get(self.name))), step, time, value)
            return
        for column, cell in row.items():
            if column not in {self.step, self.time}:
                value = measured(cell)
                if value is not None:
                    yield Measured(self.key or clean(column.strip()), step, time, value)


def measured(cell: Any) -> float | None:  # noqa: ANN401 - whatever JSON holds
    """Return the number in a cell; None of a blank one, and of anything that is no number."""
    if isinstance(cell, str) and cell.strip().lower() in _BLANK:
        return None
    return to_number(cell)


def _whole(cell: Any) -> int | None:  # noqa: ANN401 - whatever JSON holds
    number = to_number(cell)
    if number is None or not number.is_integer() or abs(number) >= 2**63:
        return None
    return int(number)


def _json_rows(lines: Iterable[str], malformed: Callable[[int, str], None]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("not an object")  # noqa: TRY004, TRY301 - of the line, not of an argument
            yield dict(flatten(row)) if any(isinstance(value, dict) for value in row.values()) else row
        except (ValueError, RecursionError) as error:
            malformed(number, getattr(error, "msg", None) or str(error))


def _csv_rows(lines: Iterable[str], malformed: Callable[[int, str], None]) -> Iterator[Row]:
    csv.field_size_limit(_LARGEST_CELL)
    numbered = iter(lines)
    header = next(numbered, "")
    delimiter = max(",;\t", key=header.count)
    columns = next(csv.reader([header], delimiter=delimiter), [])
    reader = csv.reader(numbered, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            malformed(reader.line_num + 1, str(error))
            continue
        if len(cells) == len(columns):
            yield dict(zip(columns, cells, strict=True))
        elif cells:
            malformed(reader.line_num + 1, f"{len(cells)} cells under {len(columns)} columns")
