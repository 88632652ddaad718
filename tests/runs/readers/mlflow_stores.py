"""Stores that MLflow itself fills, and what a reader makes of them in a form that is easy to compare."""

from __future__ import annotations

import hashlib
import math
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, Run, RunTag, ViewType

from lean_core.runs import rows
from lean_core.runs.reader import Chunk, Reader

START = 1_730_000_000_000
LONG = "x" * 5_980 + "\nsecond line"
ODD_KEY = "Überraschung/with spaces:Ω"


def fill(client: MlflowClient) -> dict[str, str]:
    """Log what real stores hold, oddities included, and return the ids by name."""
    churn = client.create_experiment("churn", artifact_location="file:///C:/Users/ana/project/mlruns/1")
    ids = {"churn": churn}
    for number, name in enumerate(("full", "child", "killed", "running", "bare", "trashed")):
        ids[name] = client.create_run(churn, start_time=START + number, run_name=name).info.run_id
    client.log_batch(
        ids["full"],
        params=[
            Param("lr", "0.1"),
            Param("note", LONG),
            Param(ODD_KEY, "é"),
            Param("imputer ", "1"),
            Param("imputer", "2"),
        ],
        tags=[RunTag("mlflow.source.git.commit", "a" * 40), RunTag("mlflow.user", "ada"), RunTag("empty", "")],
        metrics=[
            *(Metric("train/auc", 0.5 + step / 10, START + step, step) for step in range(3)),
            *(Metric("odd", value, START + at, at) for at, value in enumerate((math.nan, math.inf, -math.inf))),
            Metric("negative", -1.5, START, -3),
        ],
    )
    client.set_tag(ids["child"], "mlflow.parentRunId", ids["full"])
    data = Dataset(name="customers", digest="d1", source_type="local", source="c.csv", schema=None, profile=None)
    client.log_inputs(ids["full"], [DatasetInput(data, [InputTag("mlflow.data.context", "training")])])
    client.log_inputs(ids["child"], [DatasetInput(data, [])])
    client.set_terminated(ids["full"], "FINISHED", end_time=START + 60_000)
    client.set_terminated(ids["child"], "FAILED", end_time=START + 60_001)
    client.set_terminated(ids["killed"], "KILLED", end_time=START + 60_002)
    client.delete_run(ids["trashed"])
    ids["abandoned"] = client.create_experiment("abandoned")
    ids["lost"] = client.create_run(ids["abandoned"], start_time=START, run_name="lost").info.run_id
    client.delete_experiment(ids["abandoned"])
    _fill_models(client, ids)
    return ids


def _fill_models(client: MlflowClient, ids: dict[str, str]) -> None:
    ids["model"] = client.create_logged_model(
        ids["churn"], name="churn-model", source_run_id=ids["full"], model_type="agent"
    ).model_id
    client.create_registered_model("churn", description="who leaves")
    for _ in range(3):
        client.create_model_version("churn", "s3://models/churn", ids["full"])
    client.delete_model_version("churn", "3")
    for alias in ("champion", "best"):
        client.set_registered_model_alias("churn", alias, "2")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # stages are deprecated, and in every older store
        client.transition_model_version_stage("churn", "1", "Staging")
    client.register_prompt("greeting", "Hello {{name}}")


def loaded(chunks: Iterable[Chunk]) -> dict[str, pa.Table]:
    """Return the tables that a load gave, after checking that each chunk is as the protocol wants it."""
    found: dict[str, list[pa.RecordBatch]] = {name: [] for name in rows.OF_RUNS}
    done = 0.0
    for chunk in chunks:
        assert chunk.rows.schema == rows.OF_RUNS[chunk.table]
        assert 0 < chunk.rows.num_rows <= 65_536
        assert done <= chunk.done <= 1
        chunk.rows.validate(full=True)
        done = chunk.done
        found[chunk.table].append(chunk.rows)
    return {name: pa.Table.from_batches(batches, rows.OF_RUNS[name]) for name, batches in found.items()}


def as_sets(tables: dict[str, pa.Table]) -> dict[str, list[tuple[Any, ...]]]:
    """Return rows in an order of their own, so that only what they say is compared."""
    return {name: _comparable(tuple(row.values()) for row in table.to_pylist()) for name, table in tables.items()}


def _comparable(listed: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    nan_is_nan = (tuple("NaN" if value != value else value for value in row) for row in listed)  # noqa: PLR0124
    return sorted(nan_is_nan, key=repr)


def column(table: pa.Table, key: str, value: str) -> dict[Any, Any]:
    """Return one column of a table by another."""
    return dict(zip(table[key].to_pylist(), table[value].to_pylist(), strict=True))


def all_runs(client: MlflowClient) -> list[Run]:
    """Return all runs that MLflow's client finds, deleted ones included."""
    experiments = [one.experiment_id for one in client.search_experiments(view_type=ViewType.ALL)]
    return list(client.search_runs(experiments, run_view_type=ViewType.ALL, max_results=1_000))


def whole(reader: Reader) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that a reader loads."""
    return as_sets(loaded(reader.load(None)))


def fingerprint_folder(folder: Path) -> dict[str, tuple[int, str]]:
    """Return each file's time of modification and digest, and the folder's own time."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()) for name, path in found.items()
    } | {".": (folder.stat().st_mtime_ns, "")}


def as_client_says(client: MlflowClient) -> dict[str, list[tuple[Any, ...]]]:
    """Return what MLflow's client tells of all runs, in the form of `as_sets`."""
    found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in ("run", "param", "tag", "point", "input")}
    for run in all_runs(client):
        key, info = run.info.run_id, run.info
        times = (info.start_time, info.end_time)
        found["run"].append((key, info.experiment_id, info.run_name, info.status, *times, info.lifecycle_stage))
        found["param"] += [(key, *pair) for pair in run.data.params.items()]
        found["tag"] += [(key, *pair) for pair in run.data.tags.items()]
        for name in run.data.metrics:
            for metric in client.get_metric_history(key, name):
                found["point"].append((key, name, metric.step, metric.timestamp, infinite(metric.value)))
        for read in run.inputs.dataset_inputs:
            context = next((tag.value for tag in read.tags if tag.key == "mlflow.data.context"), None)
            data = read.dataset
            found["input"].append((key, data.name, data.digest, context, data.source_type, data.source))
    return {name: _comparable(listed) for name, listed in found.items()}


def as_reader_says(reader: Reader) -> dict[str, list[tuple[Any, ...]]]:
    """Return the same of what a reader loads."""
    tables = loaded(reader.load(None))
    told = ["run_key", "experiment_key", "name", "status", "start_time", "end_time", "lifecycle"]
    run = tables["run"].select(told)
    for name in ("start_time", "end_time"):
        run = run.set_column(run.schema.get_field_index(name), name, run[name].cast(pa.int64()))
    point = tables["point"]
    point = point.set_column(3, "time", point["time"].cast(pa.int64()))
    return as_sets(tables | {"run": run, "point": point})


def infinite(value: float) -> float:
    """Undo what MLflow does to infinities in a database."""
    return value * 2 if abs(value) > 1e308 else value
