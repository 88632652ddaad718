"""Where MLflow and this language can both say it, they find the same runs of a real MLflow store."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from mlflow import MlflowClient
from mlflow.entities import Dataset as MlflowDataset
from mlflow.entities import DatasetInput, InputTag, Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException

from lean_core.errors import FilterError
from lean_core.runs.filter import parse
from tests.runs.filter.little_store import ARun, Dataset, LittleStore

NOW = datetime(2026, 11, 24, 12)
BEGIN = 1_793_500_000_000
STATUSES = ("FINISHED", "FAILED", "KILLED", "RUNNING")
MODELS = ("xgb", "XGB", "cnn", "it is 100%", "a_b", "axb", None)
Stores = tuple[MlflowClient, str, LittleStore]


@pytest.fixture(scope="module")
def stores(tmp_path_factory) -> Stores:
    """Log 30 runs with MLflow, and load what MLflow gives back."""
    folder = tmp_path_factory.mktemp("store")
    client = MlflowClient(tracking_uri=f"sqlite:///{folder}/mlflow.db")
    experiment = client.create_experiment("many", artifact_location=f"{folder}/artifacts")
    for number in range(30):
        log_run(client, experiment, number)
    little = LittleStore()
    little.fill(map(load, client.search_runs([experiment], max_results=100)))
    return client, experiment, little


def log_run(client: MlflowClient, experiment: str, number: int) -> None:
    run = client.create_run(experiment, start_time=BEGIN + number * 1_000, run_name=f"run {number % 7}")
    run_id = run.info.run_id
    values = {"auc": number / 30, "val/loss": float(number % 4), "Categorical Imputer ": 1.0 - number % 2}
    if number % 5 == 0:
        del values["auc"]
    if number % 10 == 3:
        values["val/loss"] = [float("nan"), float("inf"), float("-inf")][number // 10]
    metrics = [Metric(key, value, BEGIN, 0) for key, value in values.items()]
    model = MODELS[number % len(MODELS)]
    params = [
        Param("depth", str(number % 6)),
        Param("größe", "ja"),
        Param("model.kind", "tree" if number % 3 else "net"),
    ]
    params += [Param("model", model)] if model else []
    tags = [RunTag("mlflow.user", "ana" if number % 2 else "ben"), RunTag("with space", f"t{number % 3}")]
    client.log_batch(run_id, metrics=metrics, params=params, tags=tags)
    kinds = ("training", "eval", None)
    inputs = [
        DatasetInput(
            MlflowDataset(f"set{of % 4}", f"digest{of % 3}", "local", "{}"),
            [InputTag("mlflow.data.context", context)] if (context := kinds[of % 3]) else [],
        )
        for of in range(number, number + number % 3)
    ]
    if inputs:
        client.log_inputs(run_id, inputs)
    status = STATUSES[number % len(STATUSES)]
    if status != "RUNNING":
        client.set_terminated(run_id, status, end_time=BEGIN + number * 60_000)


def load(run: Run) -> ARun:
    context = "mlflow.data.context"
    return ARun(
        run_id=run.info.run_id,
        name=run.info.run_name,
        status=run.info.status,
        start_time=as_time(run.info.start_time),
        end_time=as_time(run.info.end_time),
        user=run.info.user_id,
        artifact_uri=run.info.artifact_uri,
        metrics=run.data.metrics,
        params=run.data.params,
        tags=run.data.tags,
        inputs=tuple(
            Dataset(
                name=one.dataset.name,
                digest=one.dataset.digest,
                context=next((tag.value for tag in one.tags if tag.key == context), None),
            )
            for one in run.inputs.dataset_inputs
        ),
    )


def as_time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)


def find_both(stores: Stores, text: str) -> tuple[set[str], set[str]]:
    client, experiment, little = stores
    theirs = {run.info.run_id for run in client.search_runs([experiment], filter_string=text, max_results=100)}
    condition = parse(text, now=NOW)
    return theirs, little.find(condition) if condition else theirs


SAME = [
    "metrics.auc > 0.5",
    "metric.auc >= 0.5 and metrics.auc < 0.9",
    "metrics.auc <= 0.1",
    "metrics.auc = 0.9",
    "metrics.auc != 0.9",
    "metrics.auc > -1",
    "metrics.auc > 1e-1",
    "metrics.auc > .5",
    "metrics.`val/loss` < 2",
    'metrics."val/loss" >= 2',
    "metrics.`val/loss` > 1e300",
    "metrics.`val/loss` < -1e300",
    "metrics.`Categorical Imputer ` = 1",
    "metrics.`Categorical Imputer` = 1",
    "metrics.missing > 0",
    "params.model = 'xgb'",
    'params.model = "xgb"',
    "param.model != 'xgb'",
    "parameter.model like 'x%'",
    "parameters.model LIKE '%'",
    "params.model like 'X%'",
    "params.model ilike 'X%'",
    "params.model like 'a_b'",
    "params.model like '%100%'",
    "params.model like '%\\%'",
    "params.model ILIKE '_GB'",
    "params.model is null",
    "params.model IS NOT NULL",
    "params.depth = '3'",
    "params.größe = 'ja'",
    "params.model.kind = 'net'",
    "params.`model.kind` = 'net' and metrics.auc > 0.2",
    "tags.`mlflow.user` = 'ana'",
    "tag.mlflow.user = 'ben'",
    "tags.\"with space\" != 't0'",
    "tags.`with space` ilike 'T_'",
    "tags.nothing is null",
    "attributes.status = 'FINISHED'",
    "attribute.status != 'FINISHED'",
    "attr.status like 'F%'",
    "status ilike 'f%'",
    "run.status = 'RUNNING'",
    f"start_time > {BEGIN + 15_000}",
    f"attributes.start_time <= {BEGIN + 15_000}",
    f"created = {BEGIN + 15_000}",
    f"Created != {BEGIN + 15_000}",
    f"end_time >= {BEGIN + 600_000}",
    "attributes.run_name = 'run 3'",
    "`run name` like 'run%'",
    "attributes.\"Run name\" != 'run 3'",
    "artifact_uri like '%artifacts%'",
    "dataset.name = 'set1'",
    "datasets.name != 'set1'",
    "dataset.name like 'set%'",
    "dataset.digest in ('digest0', 'digest1')",
    "dataset.name not in ('set0', 'set1', 'set2')",
    "dataset.context = 'training'",
    "dataset.context != 'training'",
    "dataset.context ilike 'EV%' and dataset.name = 'set1'",
    "metrics.auc > 0.3 and params.model = 'cnn' AND tags.`mlflow.user` = 'ben' and status = 'FINISHED'",
    "",
]


@pytest.mark.parametrize("text", SAME)
def test_mlflow_finds_the_same_runs(stores, text):
    theirs, ours = find_both(stores, text)
    assert ours == theirs


def test_the_expressions_above_tell_runs_apart(stores):
    sizes = [len(find_both(stores, text)[0]) for text in SAME]
    assert sum(0 < size < 30 for size in sizes) > 50


def test_run_ids_in_a_list_find_the_same_runs(stores):
    client, experiment, _ = stores
    some = [run.info.run_id for run in itertools.islice(client.search_runs([experiment]), 3)]
    for text in (f"run_id in ('{some[0]}', '{some[1]}')", f"attributes.run_id NOT IN ('{some[2]}')"):
        theirs, ours = find_both(stores, text)
        assert ours == theirs != set()


def test_a_metric_that_is_nan_is_unequal_to_every_number(stores):
    theirs, ours = find_both(stores, "metrics.`val/loss` != 1")
    assert ours == theirs
    assert ours >= stores[2].find(parse("isnan(metrics.`val/loss`)", now=NOW)) != set()


def test_ilike_folds_letters_beyond_ascii_only_here(stores):
    client, experiment, little = stores
    run = client.create_run(experiment)
    client.log_param(run.info.run_id, "stadt", "Ärö")
    little.connection.execute("INSERT INTO run (run_no, run_id) VALUES (99, ?)", [run.info.run_id])
    little.connection.execute("INSERT INTO param VALUES (99, 'stadt', 'Ärö')")
    try:
        assert find_both(stores, "params.stadt ilike 'ärö'") == (set(), {run.info.run_id})
        assert find_both(stores, "params.stadt ilike 'ÄrÖ'") == (set(), {run.info.run_id})
        assert find_both(stores, "params.stadt ilike 'ÄRö'") == ({run.info.run_id}, {run.info.run_id})
    finally:
        client.delete_run(run.info.run_id)
        little.connection.execute("DELETE FROM run WHERE run_no = 99")


@pytest.mark.parametrize(
    "text",
    [
        "metrics.auc > 'high'",
        "params.model > ",
        "foo.bar = 'x'",
        "dataset.source = 'x'",
        "metrics.val/loss > 1",
        "metrics.val-loss > 1",
        "params.a b = 'x'",
        "status = FINISHED",
        "metrics.auc > 1 -- x",
        "metrics.auc > 1;",
        "params.model = `x`",
        "start_time > 'soon'",
    ],
)
def test_what_mlflow_refuses_here_is_refused_too(stores, text):
    client, experiment, _ = stores
    with pytest.raises(MlflowException):
        client.search_runs([experiment], filter_string=text)
    with pytest.raises(FilterError):
        parse(text, now=NOW)
