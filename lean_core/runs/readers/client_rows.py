"""What MLflow's client says about runs, as columns: the compact form in which `scan` keeps it for `load`."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from sys import float_info
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pyarrow as pa
import pyarrow.compute as pc

from lean_core.runs import rows

if TYPE_CHECKING:
    from mlflow.entities import Run

Rows: TypeAlias = dict[str, list[tuple[Any, ...]]]


class Listed:
    """The runs of a listing: every table of `rows.OF_RUNS`, ``point`` holding the latest value of each metric only."""

    def __init__(self) -> None:
        """Begin with none."""
        self.fingerprints: dict[str, int] = {}
        self._batches: dict[str, list[pa.RecordBatch]] = {name: [] for name in rows.OF_RUNS}

    def add(self, page: Iterable[Run]) -> None:
        """Take a page of runs; one that an earlier page brought already stays as it was."""
        taken: Rows = {name: [] for name in rows.OF_RUNS}
        for run in page:
            run_key = run.info.run_id
            if run_key not in self.fingerprints:
                of_run = rows_of(run)
                self.fingerprints[run_key] = fingerprint(of_run, run)
                for name, found in of_run.items():
                    taken[name] += found
        for name, found in taken.items():
            self._batches[name].append(to_batch(rows.OF_RUNS[name], found))

    def scan(self) -> pa.Table:
        """Return `rows.SCAN`."""
        columns = [list(self.fingerprints), list(self.fingerprints.values())]
        return pa.Table.from_arrays(
            [pa.array(column, field.type) for column, field in zip(columns, rows.SCAN, strict=True)], schema=rows.SCAN
        )

    def select(self, name: str, run_keys: Iterable[str] | None) -> pa.Table:
        """Return the rows of one table that belong to these runs, or all of them."""
        table = pa.Table.from_batches(self._batches[name], rows.OF_RUNS[name])
        if run_keys is None:
            return table
        return table.filter(pc.is_in(table["run_key"], value_set=pa.array(list(run_keys), pa.string())))


def to_batch(schema: pa.Schema, found: list[tuple[Any, ...]]) -> pa.RecordBatch:
    """Turn rows into columns."""
    columns = list(zip(*found, strict=True)) if found else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def rows_of(run: Run) -> Rows:
    """Return everything that a listing tells of a run."""
    info, run_key = run.info, run.info.run_id
    tags = run.data.tags
    name = info.run_name or tags.get("mlflow.runName") or None
    user = info.user_id or tags.get("mlflow.user") or None
    times = (info.start_time or None, info.end_time or None)  # protobuf has no null: 0 is "not said"
    uri = info.artifact_uri or None
    where = (info.lifecycle_stage, uri, local_folder(uri))
    return {
        "run": [(run_key, run_key, info.experiment_id, name, info.status, *times, user, *where)],
        "param": [(run_key, key, value) for key, value in run.data.params.items()],
        "tag": [(run_key, key, value) for key, value in tags.items()],
        "point": [
            (run_key, metric.key, metric.step, metric.timestamp, restore_infinity(metric.value))
            for metric in run.data._metric_objs  # noqa: SLF001 - the public view has dropped steps and times
        ],
        "input": [
            (
                *(run_key, read.dataset.name, read.dataset.digest),
                next((tag.value for tag in read.tags if tag.key == "mlflow.data.context"), None),
                *(read.dataset.source_type, read.dataset.source),
            )
            for read in (run.inputs.dataset_inputs if run.inputs else [])
        ],
    }


def fingerprint(of_run: Rows, run: Run) -> int:
    """Return a number that changes when anything changes that the listing tells of a run, in whatever order it does."""
    outputs = [(made.model_id, made.step) for made in run.outputs.model_outputs] if run.outputs else []
    told = [*(sorted(of_run[name], key=repr) for name in of_run), sorted(outputs)]
    return int.from_bytes(blake2b(repr(told).encode("utf-8", "backslashreplace"), digest_size=8).digest())


def restore_infinity(value: float) -> float:
    """Give infinity back where a database could only keep the greatest number there is."""
    return value * 2 if abs(value) == float_info.max else value


def local_folder(uri: str | None) -> str | None:
    """Return the folder of this machine that a ``file:`` address or a bare absolute path names, if it is there."""
    if uri is None:
        return None
    parts = urlsplit(uri)
    path = url2pathname(parts.path) if parts.scheme == "file" else uri
    return path if path.startswith("/") and Path(path).is_dir() else None
