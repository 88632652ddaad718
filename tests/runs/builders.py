"""Runs and readers for tests, valid by default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from lean_core.runs import rows
from lean_core.runs.reader import Chunk, Delta, Listing, Warnings

START = datetime(2026, 11, 1, 12)


@dataclass(kw_only=True)
class ARun:
    """A run at a source, as a test describes it."""

    key: str
    name: str | None = None
    status: str | None = "FINISHED"
    start: datetime | None = START
    end: datetime | None = START
    lifecycle: str = "active"
    experiment: str = "1"
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    points: list[tuple[str, int | None, datetime | None, float]] = field(default_factory=list)
    inputs: list[tuple[str, str, str]] = field(default_factory=list)
    edition: int = 1


@dataclass(kw_only=True)
class MemoryReader:
    """A reader of runs that a test holds in memory; `fails` is raised after so many chunks."""

    runs: list[ARun]
    bookmark: bytes = b"1"
    delta: Delta | None = None
    stated: str | None = None
    fails: Exception | None = None
    after_chunks: int = 0
    warnings: Warnings = field(default_factory=Warnings)
    loaded: list[str] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    """Keys of runs that are listed and then can't be read."""

    def state(self) -> str | None:
        return self.stated

    def scan(self, bookmark: bytes | None) -> Listing | Delta | None:
        if bookmark == self.bookmark:
            return None
        if self.delta is not None:
            return self.delta
        listing = {"run_key": [run.key for run in self.runs], "fingerprint": [run.edition for run in self.runs]}
        return Listing(runs=pa.table(listing, schema=rows.SCAN), bookmark=self.bookmark)

    def catalog(self) -> dict[str, pa.Table]:
        names = sorted({run.experiment for run in self.runs})
        columns = {
            "experiment_key": names,
            "experiment_id": names,
            "name": [f"experiment-{name}" for name in names],
            "lifecycle": ["active"] * len(names),
            "artifact_uri": [None] * len(names),
        }
        return {"experiment": pa.table(columns, schema=rows.EXPERIMENT)}

    def load(self, run_keys: Sequence[str] | None) -> Iterator[Chunk]:
        asked = {run.key for run in self.runs} if run_keys is None else set(run_keys)
        wanted = [run for run in self.runs if run.key in asked - self.unreadable]
        self.loaded = [run.key for run in wanted]
        chunks = list(_chunks(wanted))
        for number, (table, batch) in enumerate(chunks):
            if self.fails is not None and number == self.after_chunks:
                raise self.fails
            yield Chunk(table=table, rows=batch, done=(number + 1) / len(chunks))

    def close(self) -> None:
        pass


def _chunks(runs: list[ARun]) -> Iterator[tuple[str, pa.RecordBatch]]:
    yield (
        "run",
        _batch(
            rows.RUN,
            [
                (
                    run.key,
                    run.key,
                    run.experiment,
                    run.name,
                    run.status,
                    run.start,
                    run.end,
                    "ana",
                    run.lifecycle,
                    None,
                    None,
                )
                for run in runs
            ],
        ),
    )
    yield "param", _batch(rows.PARAM, [(run.key, *pair) for run in runs for pair in run.params.items()])
    yield "tag", _batch(rows.TAG, [(run.key, *pair) for run in runs for pair in run.tags.items()])
    yield "point", _batch(rows.POINT, [(run.key, *point) for run in runs for point in run.points])
    inputs = [(run.key, name, digest, context, None, None) for run in runs for name, digest, context in run.inputs]
    yield "input", _batch(rows.INPUT, inputs)


def _batch(schema: pa.Schema, values: list[tuple[object, ...]]) -> pa.RecordBatch:
    columns = list(zip(*values, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, each.type) for column, each in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
