from __future__ import annotations

import hashlib
import math
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

from lean_core.errors import SourceUnreachable
from lean_core.runs import rows
from lean_core.runs.reader import Listing
from lean_core.runs.readers.client import ClientReader
from lean_core.runs.readers.sqlite import SqliteReader
from lean_core.runs.tracking import Limits
from tests.http_stub import Answer, Request, forward, http_stub, silence
from tests.mlflow_server import Server
from tests.runs.readers.mlflow_stores import as_sets, whole

pytestmark = pytest.mark.server

BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk"
LONG = "x" * 6000
POINTS = 9_000
"""Of each of three runs: more than the 25,000 that one bulk answer holds."""


@pytest.fixture(scope="module")
def client(server: Server) -> MlflowClient:
    return MlflowClient(server.uri, registry_uri=server.uri)


@pytest.fixture(scope="module")
def ids(client: MlflowClient, server: Server) -> dict[str, str]:
    """Fill the store and return the ids of its runs by name."""
    experiment = client.create_experiment("prévisions")
    made = {}
    for name in ("full", "bare", "trashed", "long-1", "long-2", "long-3"):
        made[name] = client.create_run(experiment, start_time=1_700_000_000_000 + len(made), run_name=name).info.run_id
    client.log_batch(
        made["full"],
        params=[Param("lr", "0.1"), Param("note", LONG), Param("with space", "é\nü")],
        tags=[RunTag("mlflow.source.git.commit", "a" * 40), RunTag("mlflow.user", "ada")],
        metrics=[
            *(Metric("train/auc", 0.5 + step / 10, 1_700_000_000_000 + step, step) for step in range(3)),
            Metric("odd", math.nan, 1_700_000_000_000, 0),
            Metric("odd", math.inf, 1_700_000_000_001, 1),
            Metric("odd", -math.inf, 1_700_000_000_002, -2),
        ],
    )
    data = Dataset(name="churn", digest="d1", source_type="local", source="churn.csv", schema=None, profile=None)
    client.log_inputs(made["full"], [DatasetInput(data, [InputTag("mlflow.data.context", "training")])])
    client.set_terminated(made["full"], "KILLED", end_time=1_700_000_099_000)
    for name in ("long-1", "long-2", "long-3"):
        for start in range(0, POINTS, 1000):
            points = [Metric("loss", 1 / (step + 1), step, step) for step in range(start, start + 1000)]
            client.log_batch(made[name], metrics=points)
    client.log_metric(made["trashed"], "loss", 1.0, timestamp=5, step=5)
    client.delete_run(made["trashed"])
    client.delete_experiment(client.create_experiment("gone"))
    model = client.create_logged_model(experiment, name="churn-model", source_run_id=made["full"], model_type="agent")
    client.create_registered_model("churn", description="who leaves")
    source = f"{client.get_run(made['full']).info.artifact_uri}/model"
    for _ in range(2):
        client.create_model_version("churn", source, made["full"])
    client.set_registered_model_alias("churn", "champion", "2")
    return made | {"experiment": experiment, "model": model.model_id}


@pytest.fixture
def reader(server: Server, ids: dict[str, str]) -> Iterator[ClientReader]:
    with closing(ClientReader(server.uri, timeout=60)) as opened:
        yield opened


def load(reader: ClientReader, *run_keys: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of all tables; of all runs where none is named."""
    loaded: dict[str, list[dict[str, Any]]] = {name: [] for name in rows.OF_RUNS}
    for chunk in reader.load(run_keys or None):
        assert chunk.rows.schema == rows.OF_RUNS[chunk.table]
        loaded[chunk.table] += chunk.rows.to_pylist()
    return loaded


def points(loaded: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    """Return the points in a form that can be compared: NaN as a word."""
    return sorted(tuple(map(str, point.values())) for point in loaded["point"])


def scan(reader: ClientReader) -> Listing:
    listing = reader.scan(None)
    assert isinstance(listing, Listing)
    return listing


def test_a_run_comes_with_its_status_times_user_and_place(reader: ClientReader, ids: dict[str, str]) -> None:
    (run,) = load(reader, ids["full"])["run"]
    times = [run.pop(name).timestamp() for name in ("start_time", "end_time")]
    assert times == [run_time.timestamp() for run_time in _utc(1_700_000_000_000, 1_700_000_099_000)]
    assert run == {
        "run_key": ids["full"],
        "run_id": ids["full"],
        "experiment_key": ids["experiment"],
        "name": "full",
        "status": "KILLED",
        "user": run["user"],
        "lifecycle": "active",
        "artifact_uri": f"mlflow-artifacts:/{ids['experiment']}/{ids['full']}/artifacts",
        "artifact_path": None,
    }
    assert run["user"]


def _utc(*milliseconds: int) -> list[Any]:
    import pyarrow as pa

    return pa.array(milliseconds, rows.MILLISECONDS).to_pylist()


def test_params_and_tags_come_whole(reader: ClientReader, ids: dict[str, str]) -> None:
    loaded = load(reader, ids["full"])
    assert {row["key"]: row["value"] for row in loaded["param"]} == {"lr": "0.1", "note": LONG, "with space": "é\nü"}
    tags = {row["key"]: row["value"] for row in loaded["tag"]}
    assert tags["mlflow.source.git.commit"] == "a" * 40
    assert tags["mlflow.runName"] == "full"


def test_the_whole_history_of_a_metric_comes_with_nan_and_infinities(reader: ClientReader, ids: dict[str, str]) -> None:
    history = {(row["key"], row["step"]): row["value"] for row in load(reader, ids["full"])["point"]}
    assert math.isnan(history.pop(("odd", 0)))
    assert history == {
        ("odd", 1): math.inf,
        ("odd", -2): -math.inf,
        ("train/auc", 0): 0.5,
        ("train/auc", 1): 0.6,
        ("train/auc", 2): 0.7,
    }


def test_datasets_come_with_digest_and_context(reader: ClientReader, ids: dict[str, str]) -> None:
    assert load(reader, ids["full"])["input"] == [
        {
            "run_key": ids["full"],
            "name": "churn",
            "digest": "d1",
            "context": "training",
            "source_type": "local",
            "source": "churn.csv",
        }
    ]


def test_a_run_without_anything_comes_too(reader: ClientReader, ids: dict[str, str]) -> None:
    loaded = load(reader, ids["bare"])
    assert (loaded["run"][0]["status"], loaded["run"][0]["end_time"]) == ("RUNNING", None)
    assert [*loaded["param"], *loaded["point"], *loaded["input"]] == []


def test_deleted_runs_and_experiments_come_and_say_so(reader: ClientReader, ids: dict[str, str]) -> None:
    assert ids["trashed"] in scan(reader).runs["run_key"].to_pylist()
    loaded = load(reader, ids["trashed"])
    assert loaded["run"][0]["lifecycle"] == "deleted"
    assert [point["value"] for point in loaded["point"]] == [1.0]
    experiments = reader.catalog()["experiment"].to_pylist()
    assert {row["name"]: row["lifecycle"] for row in experiments}["gone"] == "deleted"


def test_only_the_runs_that_are_asked_for_are_loaded(reader: ClientReader, ids: dict[str, str]) -> None:
    loaded = load(reader, ids["bare"], ids["full"])
    assert {row["run_key"] for row in loaded["run"]} == {ids["bare"], ids["full"]}
    assert {row["run_key"] for row in loaded["point"]} == {ids["full"]}


def test_a_history_longer_than_one_bulk_answer_comes_whole(reader: ClientReader, ids: dict[str, str]) -> None:
    loaded = load(reader, ids["long-1"], ids["long-2"], ids["long-3"])
    counts = Counter(point["run_key"] for point in loaded["point"])
    assert counts == {ids[name]: POINTS for name in ("long-1", "long-2", "long-3")}
    assert len({(point["run_key"], point["step"]) for point in loaded["point"]}) == 3 * POINTS
    assert not reader.warnings.found


def test_progress_rises_to_one(reader: ClientReader) -> None:
    progress = [chunk.done for chunk in reader.load(None)]
    assert progress == sorted(progress)
    assert 0 <= progress[0] < progress[-1] == 1


def test_registered_models_come_with_versions_aliases_and_stages(reader: ClientReader, ids: dict[str, str]) -> None:
    catalog = reader.catalog()
    (model,) = catalog["registered_model"].to_pylist()
    assert (model["name"], model["description"]) == ("churn", "who leaves")
    versions = {row["version"]: row for row in catalog["model_version"].to_pylist()}
    assert {number: row["aliases"] for number, row in versions.items()} == {"1": [], "2": ["champion"]}
    assert (versions["2"]["run_id"], versions["2"]["stage"], versions["2"]["status"]) == (ids["full"], None, "READY")


def test_logged_models_come_with_their_run(reader: ClientReader, ids: dict[str, str]) -> None:
    (model,) = reader.catalog()["logged_model"].to_pylist()
    assert (model["model_id"], model["name"], model["run_id"]) == (ids["model"], "churn-model", ids["full"])
    assert (model["model_type"], model["status"]) == ("agent", "PENDING")
    assert model["artifact_uri"].startswith("mlflow-artifacts:/")


def test_a_second_scan_finds_that_nothing_changed(server: Server, reader: ClientReader) -> None:
    bookmark = scan(reader).bookmark
    assert reader.scan(bookmark) is None
    assert ClientReader(server.uri).scan(bookmark) is None


def test_a_bookmark_that_is_not_understood_counts_as_none(reader: ClientReader) -> None:
    assert isinstance(reader.scan(b"from another time"), Listing)


@pytest.mark.parametrize(
    "change",
    [
        lambda client, run: client.log_param(run, "new", "1"),
        lambda client, run: client.set_tag(run, "new", "1"),
        lambda client, run: client.log_metric(run, "new", math.nan, step=1, timestamp=1),
        lambda client, run: client.log_metric(run, "new", math.nan, step=2, timestamp=1),
        lambda client, run: client.update_run(run, status="FAILED"),
        lambda client, run: client.delete_run(run),
    ],
    ids=["param", "tag", "metric", "same value at a later step", "status", "deleted"],
)
def test_a_change_shows_in_that_run_alone(
    server: Server, client: MlflowClient, ids: dict[str, str], change: Callable[[MlflowClient, str], None]
) -> None:
    run = client.create_run(ids["experiment"]).info.run_id
    client.log_metric(run, "new", math.nan, step=0, timestamp=1)
    reader = ClientReader(server.uri)
    before = dict(zip(*scan(reader).runs.to_pydict().values(), strict=True))
    change(client, run)
    after = dict(zip(*scan(reader).runs.to_pydict().values(), strict=True))
    assert {key for key in after if after[key] != before[key]} == {run}


def test_a_new_alias_is_a_change(client: MlflowClient, reader: ClientReader) -> None:
    bookmark = scan(reader).bookmark
    client.set_registered_model_alias("churn", "challenger", "1")
    assert reader.scan(bookmark) is not None
    client.delete_registered_model_alias("churn", "challenger")


def test_reading_changes_nothing_in_the_server_s_store(server: Server, reader: ClientReader) -> None:
    before = contents(server.database)
    scan(reader)
    reader.catalog()
    load(reader)
    assert contents(server.database) == before
    assert before["runs"] != before["params"]


def contents(database: Path) -> dict[str, str]:
    """Return a digest of each table."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return {
            name: hashlib.sha256(
                repr(sorted(map(repr, connection.execute(f'select * from "{name}"')))).encode()
            ).hexdigest()
            for name in names
        }


def test_the_environment_is_as_it_was_before(
    server: Server, monkeypatch: pytest.MonkeyPatch, ids: dict[str, str]
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "77")
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", raising=False)
    before = dict(os.environ)
    load(ClientReader(server.uri), ids["bare"])
    assert dict(os.environ) == before


def test_many_runs_are_asked_for_at_once(server: Server, ids: dict[str, str]) -> None:
    asked: list[str] = []

    def watch(request: Request) -> Answer:
        asked.append(request.path)
        return forward(server.uri, request)

    with http_stub(watch) as uri:
        load(ClientReader(uri), ids["long-1"], ids["long-2"], ids["full"])
    bulk = [parse_qs(urlsplit(path).query) for path in asked if path.startswith(BULK)]
    assert sorted(len(query["run_id"]) for query in bulk) == [2]
    assert sum("/metrics/get-history?" in path for path in asked) == 2


def test_a_server_without_bulk_answers_and_logged_models_gives_the_same(
    server: Server, reader: ClientReader, ids: dict[str, str]
) -> None:
    def as_an_old_one(request: Request) -> Answer:
        if request.path.startswith("/ajax-api") or "logged-models" in request.path:
            return Answer(status=404, body=b"<!doctype html><title>404 Not Found</title>", content_type="text/html")
        return forward(server.uri, request)

    wanted = [ids["full"], ids["long-1"], ids["long-2"]]
    with http_stub(as_an_old_one) as uri:
        old = ClientReader(uri, timeout=60)
        assert points(load(old, *wanted)) == points(load(reader, *wanted))
        assert "logged_model" not in old.catalog()
        assert not old.warnings.found


def test_a_history_that_can_t_be_read_leaves_the_latest_value_and_a_warning(
    server: Server, ids: dict[str, str]
) -> None:
    def failing_for_one(request: Request) -> Answer:
        if "get-history" in request.path and ids["long-1"] in request.path:
            return Answer(status=500, body=b'{"error_code": "INTERNAL_ERROR", "message": "password=hunter2"}')
        return forward(server.uri, request)

    with http_stub(failing_for_one) as uri:
        reader = ClientReader(uri, timeout=60)
        loaded = load(reader, ids["long-1"], ids["long-2"])
    counts = Counter(point["run_key"] for point in loaded["point"])
    assert counts == {ids["long-1"]: 1, ids["long-2"]: POINTS}
    assert next(point["step"] for point in loaded["point"] if point["run_key"] == ids["long-1"]) == POINTS - 1
    (warning,) = reader.warnings.found
    assert (warning.kind, warning.place) == ("metric history not readable", ids["long-1"])
    assert "hunter2" not in repr(warning)


def test_models_that_an_old_server_does_not_list_are_found_by_their_versions(
    server: Server, ids: dict[str, str]
) -> None:
    def listing_none(request: Request) -> Answer:
        return Answer(body=b"{}") if "registered-models/search" in request.path else forward(server.uri, request)

    with http_stub(listing_none) as uri:
        catalog = ClientReader(uri, timeout=60).catalog()
    assert catalog["registered_model"]["name"].to_pylist() == ["churn"]
    assert catalog["model_version"]["aliases"].to_pylist() == [[], ["champion"]]


def test_models_that_are_not_shown_to_us_are_left_out_with_a_warning(server: Server, ids: dict[str, str]) -> None:
    def without_registry(request: Request) -> Answer:
        if "registered-models" in request.path:
            return Answer(status=403, body=b'{"error_code": "PERMISSION_DENIED", "message": "no"}')
        return forward(server.uri, request)

    with http_stub(without_registry) as uri:
        reader = ClientReader(uri, timeout=60)
        assert set(reader.catalog()) == {"experiment", "logged_model"}
    assert [warning.kind for warning in reader.warnings.found] == ["models not readable"]


def test_a_server_that_dies_midway_is_unreachable(server: Server, ids: dict[str, str]) -> None:
    with ExitStack() as running:
        uri = running.enter_context(http_stub(lambda request: forward(server.uri, request)))
        reader = ClientReader(uri, timeout=60)
        chunks = reader.load(None)
        assert next(chunks).table == "run"
        running.close()
        with pytest.raises(SourceUnreachable, match="nothing listens there"):
            list(chunks)


def test_a_server_that_falls_silent_midway_is_unreachable(server: Server, ids: dict[str, str]) -> None:
    with ExitStack() as running:
        uri = running.enter_context(http_stub(lambda request: forward(server.uri, request)))
        reader = ClientReader(uri, timeout=60)
        chunks = reader.load([ids["full"]])
        assert next(chunks).table == "run"
        running.close()
        reader._limits = Limits(timeout=1)
        running.enter_context(silence(port=urlsplit(uri).port or 0))
        with pytest.raises(SourceUnreachable, match="did not answer within 1 s"):
            list(chunks)


def test_the_client_reads_the_same_as_the_direct_reader_of_the_server_s_database(
    server: Server, reader: ClientReader
) -> None:
    with closing(SqliteReader(server.database)) as direct:
        direct.scan(None)
        assert whole(reader) == whole(direct)
        assert as_sets(reader.catalog()) == as_sets(direct.catalog())
