from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from mlflow import MlflowClient

from lean_core.runs.readers.folder_kind import FolderKind, describe_folder
from tests.runs.readers.folder_stores import run_id, see, write_experiment, write_run, write_text, write_tree


def make_database(path: Path, *tables: str) -> Path:
    with closing(sqlite3.connect(path)) as database:
        for table in tables or ("experiments", "runs"):
            database.execute(f"create table {table} (x)")
        database.commit()
    return path


def hold_artifacts(root: Path) -> None:
    (root / "1" / run_id(1) / "artifacts").mkdir(parents=True)


@pytest.mark.parametrize(
    ("fill", "kind"),
    [
        (write_experiment, "mlflow_store"),
        (lambda root: write_experiment(root / ".trash"), "mlflow_store"),
        (lambda root: write_run(root / "1"), "mlflow_store"),
        (lambda root: write_tree(root, {"a/metrics.json": "{}"}), "plain_runs"),
        (lambda root: write_tree(root, {"metrics.csv": ""}), "plain_runs"),
        (lambda root: write_tree(root, {"config.yaml": "a: 1", "src/train.py": ""}), "other"),
        (lambda root: write_tree(root, {"params.yaml": "a: 1"}), "other"),
        (lambda root: write_text(root / "notes.txt", ""), "other"),
        (lambda root: write_text(root / "1" / "meta.yaml", "title: a page\n"), "other"),
        (lambda root: root.mkdir(), "empty"),
        (lambda root: write_text(root / ".DS_Store", ""), "empty"),
        (hold_artifacts, "artifact_root"),
        (lambda root: (root / "1" / "models" / "m-1" / "artifacts").mkdir(parents=True), "artifact_root"),
    ],
)
def test_a_folder_is_known_by_what_is_in_it(tmp_path: Path, fill: Callable[[Path], object], kind: str):
    fill(tmp_path / "it")
    assert describe_folder(tmp_path / "it") == FolderKind(kind=kind)


def test_the_database_of_artifacts_is_named_whether_it_is_beside_or_inside(tmp_path: Path):
    hold_artifacts(tmp_path / "mlruns")
    inside = make_database(tmp_path / "mlruns" / "my.sqlite")
    assert describe_folder(tmp_path / "mlruns") == FolderKind(kind="artifact_root", database=inside)
    beside = make_database(tmp_path / "mlflow.db")
    assert describe_folder(tmp_path / "mlruns") == FolderKind(kind="artifact_root", database=beside)


def test_a_store_with_a_database_beside_it_is_a_store_that_names_it(tmp_path: Path):
    write_experiment(tmp_path / "mlruns")
    database = make_database(tmp_path / "mlflow.db")
    assert describe_folder(tmp_path / "mlruns") == FolderKind(kind="mlflow_store", database=database)


def test_databases_of_other_programs_are_not_named(tmp_path: Path):
    hold_artifacts(tmp_path / "mlruns")
    make_database(tmp_path / "optuna.db", "studies")
    write_text(tmp_path / "text.db", "SQLite it is not")
    write_text(tmp_path / "broken.sqlite", "SQLite format 3\0 and then nothing")
    assert describe_folder(tmp_path / "mlruns") == FolderKind(kind="artifact_root")


def test_the_artifacts_of_a_real_database_are_known(tmp_path: Path):
    client = MlflowClient(f"sqlite:///{tmp_path / 'mlflow.db'}")
    experiment = client.create_experiment("e", artifact_location=(tmp_path / "mlruns" / "1").as_uri())
    client.log_text(client.create_run(experiment).info.run_id, "x", "note.txt")
    before = see(tmp_path)
    assert describe_folder(tmp_path / "mlruns") == FolderKind(kind="artifact_root", database=tmp_path / "mlflow.db")
    assert see(tmp_path) == before


def test_the_search_for_runs_gives_up_in_a_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lean_core.runs.readers.folder_kind._MOST_FOLDERS", 10)
    for number in range(20):
        (tmp_path / f"{number:02}").mkdir()
    write_text(tmp_path / "19" / "metrics.json", "{}")
    assert describe_folder(tmp_path).kind == "other"
    write_text(tmp_path / "05" / "metrics.json", "{}")
    assert describe_folder(tmp_path).kind == "plain_runs"


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        describe_folder(tmp_path / "gone")
