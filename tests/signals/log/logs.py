"""Prediction logs in real files, and a way to ask them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lean_core.objects import open_objects
from lean_core.settings import LogColumns, TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Surroundings, Unread
from lean_core.signals.sources.log import read
from lean_core.store import Store

AT = dt.datetime(2026, 11, 23, 12, 0)
DAY = dt.timedelta(days=1)
COLUMNS = LogColumns(
    time="at",
    version="version",
    prediction="score",
    latency="latency_ms",
    status="status",
    label="label",
    features=("age", "plan"),
)
Row = dict[str, Any]


def a_row(**values: Any) -> Row:
    """Return a row of a log that is well: half an hour old, fast, and right."""
    row = {
        "at": AT - dt.timedelta(minutes=30),
        "version": "7",
        "score": 0.9,
        "latency_ms": 20.0,
        "status": 200,
        "label": 1,
        "age": 40.0,
        "plan": "pro",
    }
    return row | values


def many(count: int, **functions: Callable[[int], Any]) -> list[Row]:
    """Return rows, of which some values follow from their number."""
    return [a_row(**{name: function(number) for name, function in functions.items()}) for number in range(count)]


def write_parquet(path: Path, rows: Sequence[Row], **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows)), path, **options)
    return path


def telemetry(**values: Any) -> TelemetrySettings:
    return TelemetrySettings(**({"kind": "log", "path": "log", "columns": COLUMNS, "timeout": DAY} | values))


def questions(expressions: Iterable[str], *, at: dt.datetime = AT, window: dt.timedelta = DAY) -> list[Question]:
    return [Question(signal=each, expression=each, window=window, at=at) for each in expressions]


@dataclass
class Folder:
    """A workspace's folder with a log in it."""

    path: Path
    endpoint: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def around(self) -> Surroundings:
        return Surroundings(
            folder=self.path,
            environ={},
            store=Store(self.path / "lean.duckdb"),
            open_bucket=lambda uri, endpoint, region: open_objects(
                uri, folder=self.path, endpoint=endpoint, region=region
            ),
        )

    def write(self, name: str, rows: Sequence[Row], **options: Any) -> Path:
        return write_parquet(self.path / "log" / name, rows, **options)

    def ask_all(self, *expressions: str, at: dt.datetime = AT, window: dt.timedelta = DAY, **values: Any) -> dict:
        settings = telemetry(**(dict(self.settings) | values))
        return dict(read(settings, questions(expressions, at=at, window=window), self.around))

    def ask(self, expression: str, **values: Any) -> Answer:
        return self.ask_all(expression, **values)[expression]

    def measure(self, expression: str, **values: Any) -> Measured:
        found = self.ask(expression, **values)
        assert isinstance(found, Measured), found
        return found

    def fail(self, expression: str, **values: Any) -> Unread:
        found = self.ask(expression, **values)
        assert isinstance(found, Unread), found
        return found
