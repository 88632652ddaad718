"""Against stores that MLflow itself wrote."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from mlflow import MlflowClient

from bench.folder_store import make_folder_store
from lean_core.errors import SourceForbidden, SourceMissing, SourceUnreadable
from lean_core.runs.reader import Listing
from lean_core.runs.readers.mlflow_folder import MlflowFolderReader
from tests.runs.readers.conftest import Store
from tests.runs.readers.folder_stores import see, write_text
from tests.runs.readers.mlflow_stores import as_client_says, as_reader_says, as_sets, column, fill, loaded


@pytest.fixture(scope="session")
def folder_template(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("template") / "mlruns"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
        return Store(path=path, ids=fill(client_of(path)))


@pytest.fixture
def folder(folder_template: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    path = shutil.copytree(folder_template.path, tmp_path / "my stores" / "mlruns")
    return Store(path=path, ids=folder_template.ids)


@pytest.fixture
def reader(folder: Store) -> Iterator[MlflowFolderReader]:
    with closing(MlflowFolderReader(folder.path)) as opened:
        yield opened


def client_of(path: Path) -> MlflowClient:
    return MlflowClient(f"file://{path}", registry_uri=f"file://{path}")


def test_a_store_says_what_mlflows_own_client_says(folder: Store, reader: MlflowFolderReader):
    assert as_reader_says(reader) == as_client_says(client_of(folder.path))
    assert reader.warnings.found == []


def test_nothing_in_the_store_changes(folder: Store, reader: MlflowFolderReader):
    before = see(folder.path)
    listing = reader.scan(None)
    assert isinstance(listing, Listing)
    loaded(reader.load(None))
    reader.catalog()
    reader.scan(listing.bookmark)
    reader.close()
    assert see(folder.path) == before


def test_a_run_is_deleted_by_its_own_mark_or_because_its_experiment_is_in_the_trash(
    folder: Store, reader: MlflowFolderReader
):
    lifecycle = column(loaded(reader.load(None))["run"], "run_key", "lifecycle")
    deleted = {name for name in ("full", "trashed", "lost") if lifecycle[folder.ids[name]] == "deleted"}
    assert deleted == {"trashed", "lost"}


def test_experiments_come_with_their_names_and_deletion(folder: Store, reader: MlflowFolderReader):
    experiments = reader.catalog()["experiment"]
    assert column(experiments, "name", "lifecycle") == {"Default": "active", "churn": "active", "abandoned": "deleted"}
    assert column(experiments, "experiment_id", "artifact_uri")[folder.ids["churn"]].startswith("file:///C:/Users/ana")


def test_a_restored_experiment_is_live_again(folder: Store, reader: MlflowFolderReader):
    client_of(folder.path).restore_experiment(folder.ids["abandoned"])
    assert column(reader.catalog()["experiment"], "name", "lifecycle")["abandoned"] == "active"
    assert column(loaded(reader.load(None))["run"], "run_key", "lifecycle")[folder.ids["lost"]] == "active"


def test_registered_models_come_with_versions_stages_and_aliases(folder: Store, reader: MlflowFolderReader):
    catalog = reader.catalog()
    assert catalog["registered_model"].select(["name", "description"]).to_pylist() == [
        {"name": "churn", "description": "who leaves"}
    ]
    versions = {row["version"]: row for row in catalog["model_version"].to_pylist()}
    assert {version: (row["stage"], row["aliases"]) for version, row in versions.items()} == {
        "1": ("Staging", []),
        "2": ("None", ["best", "champion"]),
    }
    assert versions["2"]["run_id"] == folder.ids["full"]
    assert (versions["2"]["status"], versions["2"]["source_uri"]) == ("READY", "s3://models/churn")


def test_logged_models_come_with_their_state_and_place(folder: Store, reader: MlflowFolderReader):
    [model] = reader.catalog()["logged_model"].to_pylist()
    assert (model["model_id"], model["name"], model["run_id"]) == (
        folder.ids["model"],
        "churn-model",
        folder.ids["full"],
    )
    assert (model["model_type"], model["status"]) == ("agent", "PENDING")
    assert model["artifact_uri"].startswith("file:///C:/Users/ana/project/mlruns/1/models/")
    client_of(folder.path).delete_logged_model(folder.ids["model"])
    assert reader.catalog()["logged_model"].num_rows == 0


def test_a_registered_prompt_is_no_model(folder: Store, reader: MlflowFolderReader):
    write_text(folder.path / "models" / "churn" / "tags" / "mlflow.prompt.is_prompt", "true")
    catalog = reader.catalog()
    assert (catalog["registered_model"].num_rows, catalog["model_version"].num_rows) == (0, 0)


def test_artifacts_are_found_where_the_store_lies_now(folder: Store, reader: MlflowFolderReader):
    client = client_of(folder.path)
    run = client.create_run(folder.ids["churn"]).info.run_id
    lies = folder.path / folder.ids["churn"] / run
    said = (lies / "meta.yaml").read_text()
    (lies / "meta.yaml").write_text(
        said.replace("file:///C:/Users/ana/project/mlruns/1/", f"file:///dead/{folder.ids['churn']}/")
    )
    assert column(loaded(reader.load([run]))["run"], "run_key", "artifact_path") == {run: str(lies / "artifacts")}


def test_artifacts_kept_elsewhere_are_not_looked_for_in_the_run(folder: Store, tmp_path: Path):
    client = client_of(folder.path)
    kept = client.create_experiment("kept", artifact_location=(tmp_path / "kept").as_uri())
    lost = client.create_experiment("lost", artifact_location="s3://bucket/prefix")
    runs = {experiment: client.create_run(experiment).info.run_id for experiment in (kept, lost)}
    (tmp_path / "kept" / runs[kept] / "artifacts").mkdir(parents=True)
    with closing(MlflowFolderReader(folder.path)) as reader:
        found = column(loaded(reader.load(list(runs.values())))["run"], "run_key", "artifact_path")
    assert found == {runs[kept]: str(tmp_path / "kept" / runs[kept] / "artifacts"), runs[lost]: None}


def test_some_runs_are_loaded_alone(folder: Store, reader: MlflowFolderReader):
    wanted = [folder.ids["full"], folder.ids["child"], "unknown"]
    tables = loaded(reader.load(wanted))
    assert set(tables["run"]["run_key"].to_pylist()) == set(wanted[:2])
    assert set(tables["param"]["run_key"].to_pylist()) == {folder.ids["full"]}


def test_a_store_made_for_the_benchmark_is_as_mlflow_would_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    path = tmp_path / "mlruns"
    make_folder_store(path, runs=9, params=3, metrics=2)
    with closing(MlflowFolderReader(path)) as reader:
        said = as_reader_says(reader)
        assert said == as_client_says(client_of(path))
        assert reader.warnings.found == []
    assert {name: len(rows) for name, rows in said.items()} == {
        "run": 9,
        "param": 27,
        "tag": 45,
        "point": 18,
        "input": 0,
    }


def test_a_missing_store_is_an_error_that_names_it(tmp_path: Path):
    with pytest.raises(SourceMissing, match=r"there is no folder .*gone"):
        MlflowFolderReader(tmp_path / "gone").scan(None)


def test_a_file_in_place_of_a_store_is_an_error(tmp_path: Path):
    with pytest.raises(SourceUnreadable, match="can't be listed"):
        MlflowFolderReader(write_text(tmp_path / "mlruns", "")).scan(None)


def test_a_folder_without_any_meta_file_is_no_store(tmp_path: Path):
    (tmp_path / "0" / "run").mkdir(parents=True)
    with pytest.raises(SourceUnreadable, match=r"no meta\.yaml in it"):
        MlflowFolderReader(tmp_path).scan(None)


def test_a_store_that_may_not_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: str):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.scandir", refuse)  # root may list anything
    with pytest.raises(SourceForbidden, match="may not be read by this user"):
        MlflowFolderReader(tmp_path).scan(None)


def test_the_same_is_read_with_and_without_helper_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make_folder_store(tmp_path / "mlruns", runs=350, params=2, metrics=2)
    found = []
    for helpers in (0, 2):
        monkeypatch.setattr("lean_core.runs.readers.mlflow_folder.reader.usual_count", lambda count=helpers: count)
        with closing(MlflowFolderReader(tmp_path / "mlruns")) as reader:
            listing = reader.scan(None)
            assert isinstance(listing, Listing)
            found.append((listing.runs.to_pylist(), listing.bookmark, as_sets(loaded(reader.load(None)))))
    assert found[0] == found[1]
    assert len(found[0][0]) == 350
