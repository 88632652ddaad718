"""Rows on their way into chunks: columns that fill up and are handed over in batches."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lean_core.runs import rows
from lean_core.runs.reader import Chunk
from lean_core.runs.readers.metric_lines import Point
from lean_core.runs.readers.times import EARLIEST_MS, LATEST_MS

CHUNK_ROWS = 65_536
_NO_TIME = -(2**63)


def to_table(schema: pa.Schema, found: Sequence[Sequence[Any]]) -> pa.Table:
    """Turn rows into a table."""
    columns: Sequence[Sequence[Any]] = list(zip(*found, strict=True)) if found else [()] * len(schema)
    return pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


class Columns:
    """The tables of `rows.OF_RUNS` while they fill: lists of Python values, and packed numbers for points."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: dict[str, list[tuple[Any, ...]]] = {"run": [], "input": []}
        self.texts: dict[str, tuple[list[str], list[str], list[str]]] = {
            name: ([], [], []) for name in ("param", "tag")
        }
        """Run keys, keys and values."""
        self._point_runs: list[str] = []
        self._point_keys: list[str] = []
        self._points: tuple[array[int], array[int], array[float]] = (array("q"), array("q"), array("d"))
        """Steps, times and values."""
        self.impossible_times = 0
        """How many points had a time that lies in no year from 1 to 9999; it was left out."""

    def add_texts(self, table: str, run_key: str, keys: list[str], values: list[str]) -> None:
        """Take params or tags of a run."""
        columns = self.texts[table]
        columns[0].extend([run_key] * len(keys))
        columns[1].extend(keys)
        columns[2].extend(values)

    def add_points(self, run_key: str, keys: list[str], counts: list[int], packed: tuple[bytes, bytes, bytes]) -> None:
        """Take points of a run; ``packed`` are their steps, times and values."""
        for key, count in zip(keys, counts, strict=True):
            self._point_keys.extend([key] * count)
        self._point_runs.extend([run_key] * sum(counts))
        steps, times, values = self._points
        steps.frombytes(packed[0])
        times.frombytes(packed[1])
        values.frombytes(packed[2])

    def add_point(self, run_key: str, key: str, point: Point) -> None:
        """Take one point."""
        self._point_runs.append(run_key)
        self._point_keys.append(key)
        steps, times, values = self._points
        steps.append(point.step or 0)
        times.append(_NO_TIME if point.time is None else point.time)
        values.append(point.value)

    def take(self, done: float, *, at_least: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Hand over the tables that have ``at_least`` so many rows, in chunks of up to `CHUNK_ROWS`."""
        for name, found in self.rows.items():
            if len(found) >= at_least:
                yield from _chunks(name, to_table(rows.OF_RUNS[name], found), done)
                found.clear()
        for name, columns in self.texts.items():
            if len(columns[0]) >= at_least:
                arrays = [pa.array(column, pa.string()) for column in columns]
                yield from _chunks(name, pa.Table.from_arrays(arrays, schema=rows.OF_RUNS[name]), done)
                for column in columns:
                    column.clear()
        if len(self._point_runs) >= at_least:
            yield from _chunks("point", self._take_points(), done)

    def _take_points(self) -> pa.Table:
        steps, times, values = self._points
        numbers = [_packed(steps, pa.int64()), self._times(_packed(times, pa.int64())), _packed(values, pa.float64())]
        names = [pa.array(column, pa.string()) for column in (self._point_runs, self._point_keys)]
        for column in (self._point_runs, self._point_keys, steps, times, values):
            del column[:]
        return pa.Table.from_arrays([*names, *numbers], schema=rows.POINT)

    def _times(self, millis: pa.Array) -> pa.Array:
        possible = pc.and_(pc.greater_equal(millis, EARLIEST_MS), pc.less_equal(millis, LATEST_MS))
        if not pc.all(possible, min_count=0).as_py():
            unsaid = pc.equal(millis, _NO_TIME)
            self.impossible_times += pc.sum(pc.invert(pc.or_(possible, unsaid))).as_py() or 0
            millis = pc.if_else(possible, millis, None)
        return millis.cast(rows.MILLISECONDS)


def _packed(column: array[int] | array[float], kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, len(column), [None, pa.py_buffer(column.tobytes())])


def _chunks(name: str, table: pa.Table, done: float) -> Iterator[Chunk]:
    for batch in table.combine_chunks().to_batches(max_chunksize=CHUNK_ROWS):
        yield Chunk(table=name, rows=batch, done=done)
