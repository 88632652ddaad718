from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lean_core.runs import Detected, FoundStore, detect
from lean_core.runs.detect import MOST_ENTRIES

WRITE_STORES = """
import os, sys
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
import mlflow
database, folder = sys.argv[1:]
for uri in (f"sqlite:///{database}", folder):
    client = mlflow.MlflowClient(tracking_uri=uri)
    run = client.create_run(client.create_experiment("churn"))
    client.log_metric(run.info.run_id, "auc", 0.9)
    client.set_terminated(run.info.run_id)
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an MLflow database and an MLflow folder, written by MLflow itself."""
    folder = tmp_path_factory.mktemp("written")
    stores = [str(folder / "mlflow.db"), str(folder / "mlruns")]
    subprocess.run([sys.executable, "-c", WRITE_STORES, *stores], check=True, capture_output=True, timeout=120)
    return folder


def uris(detected: Detected) -> list[str]:
    return [store.uri for store in detected.stores]


def test_an_empty_folder_holds_nothing(tmp_path: Path):
    found = detect(tmp_path)
    assert (found.stores, found.passed_over, found.repository, found.lock_files) == ((), (), None, ())


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path):
    assert detect(tmp_path / "gone").stores == ()


def test_an_mlflow_database_is_found_under_any_name(written: Path, tmp_path: Path):
    shutil.copy(written / "mlflow.db", tmp_path / "tracking.sqlite")
    assert detect(tmp_path).stores == (FoundStore(form="database file", uri="tracking.sqlite", runs=1),)


def test_an_mlflow_folder_is_found(written: Path, tmp_path: Path):
    shutil.copytree(written / "mlruns", tmp_path / "mlruns")
    assert detect(tmp_path).stores == (FoundStore(form="MLflow folder", uri="mlruns", kind="mlflow"),)


def test_stores_one_folder_below_are_found_after_those_here(written: Path, tmp_path: Path):
    shutil.copytree(written / "mlruns", tmp_path / "a" / "mlruns")
    shutil.copy(written / "mlflow.db", tmp_path / "a" / "mlflow.db")
    shutil.copytree(written / "mlruns", tmp_path / "mlruns")
    assert uris(detect(tmp_path)) == ["mlruns", "a/mlflow.db", "a/mlruns"]


def test_environments_and_hidden_folders_are_not_looked_into(written: Path, tmp_path: Path):
    for name in (".venv", "venv", "node_modules", ".cache"):
        shutil.copytree(written, tmp_path / name)
    assert detect(tmp_path).stores == ()


def test_a_database_of_another_program_is_no_store(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "optuna.db")) as database:
        database.execute("create table studies (study_id integer)")
        database.commit()
    (tmp_path / "text.db").write_text("no database at all")
    assert (detect(tmp_path).stores, detect(tmp_path).passed_over) == ((), ())


def test_a_database_called_mlflow_that_is_none_is_named(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as database:
        database.execute("create table other (id integer)")
        database.commit()
    assert detect(tmp_path).passed_over == ("mlflow.db is an SQLite file without MLflow's tables",)


def test_a_damaged_database_is_named(tmp_path: Path):
    (tmp_path / "mlflow.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    (sentence,) = detect(tmp_path).passed_over
    assert sentence.startswith("mlflow.db can't be read: ")


def test_the_artifacts_of_a_database_are_not_taken_for_a_store(written: Path, tmp_path: Path):
    shutil.copy(written / "mlflow.db", tmp_path)
    (tmp_path / "mlruns" / "1" / ("a" * 32) / "artifacts").mkdir(parents=True)
    found = detect(tmp_path)
    assert uris(found) == ["mlflow.db"]
    assert found.passed_over == ("mlruns holds only the artifacts of runs that are in the database mlflow.db",)


def test_folders_of_runs_are_found(tmp_path: Path):
    for number in range(2):
        run = tmp_path / "experiments" / f"run{number}"
        run.mkdir(parents=True)
        (run / "params.json").write_text('{"depth": 3}')
        (run / "metrics.json").write_text('{"auc": 0.9}')
    assert detect(tmp_path).stores == (FoundStore(form="run folders", uri="experiments", kind="folder"),)


def test_nothing_changes_by_being_looked_at(written: Path, tmp_path: Path):
    shutil.copytree(written, tmp_path / "here")

    def state() -> dict[str, tuple[int, int, bytes]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes() if path.is_file() else b"")
            for path in sorted((tmp_path / "here").rglob("*"))
        }

    before = state()
    assert uris(detect(tmp_path / "here")) == ["mlflow.db", "mlruns"]
    assert state() == before


def test_a_folder_with_very_many_files_is_looked_at_in_part(written: Path, tmp_path: Path):
    for number in range(MOST_ENTRIES + 10):
        (tmp_path / f"{number}.db").symlink_to(written / "mlflow.db")
    assert len(detect(tmp_path).stores) == MOST_ENTRIES


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are always Unicode there")
def test_a_name_that_toml_cannot_hold_is_named_and_passed_over(written: Path, tmp_path: Path):
    shutil.copy(written / "mlflow.db", os.fsencode(tmp_path) + b"/mlflow\xff.db")
    found = detect(tmp_path)
    assert found.stores == ()
    assert found.passed_over == ("mlflow\\udcff.db: its name can't be written in lean.toml",)


def test_the_git_repository_around_the_folder_is_found(tmp_path: Path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "models" / "churn").mkdir(parents=True)
    assert detect(tmp_path / "models" / "churn").repository == tmp_path


def test_lock_files_are_found_the_exact_ones_first(tmp_path: Path):
    for name in ("requirements.txt", "uv.lock", "environment.yml", "notes.txt"):
        (tmp_path / name).write_text("")
    assert detect(tmp_path).lock_files == ("uv.lock", "requirements.txt", "environment.yml")


@pytest.mark.parametrize("form", ["mlflow.db", "sqlite:///mlflow.db", "sqlite:///{folder}/mlflow.db"])
def test_a_tracking_uri_that_lies_here_comes_first(written: Path, tmp_path: Path, form: str):
    shutil.copy(written / "mlflow.db", tmp_path / "a.db")
    shutil.copy(written / "mlflow.db", tmp_path)
    uri = form.format(folder=tmp_path)
    assert uris(detect(tmp_path, tracking_uri=uri)) == ["mlflow.db", "a.db"]


def test_a_tracking_uri_elsewhere_is_a_store(written: Path, tmp_path: Path):
    (here := tmp_path / "here").mkdir()
    assert uris(detect(here, tracking_uri=f"sqlite:///{written}/mlflow.db")) == [str(written / "mlflow.db")]
    assert uris(detect(here, tracking_uri="http://127.0.0.1:5000")) == ["http://127.0.0.1:5000"]


def test_a_tracking_uri_that_leads_nowhere_is_named(tmp_path: Path):
    assert detect(tmp_path, tracking_uri="databricks").passed_over == (
        f"MLFLOW_TRACKING_URI names {tmp_path / 'databricks'}, and nothing is there",
    )
    assert detect(tmp_path, tracking_uri="s3://key:secret@bucket/x").passed_over == (
        "MLFLOW_TRACKING_URI names s3://key:***@bucket/x, which is no kind of source",
    )


def test_a_password_is_never_part_of_what_is_said():
    store = FoundStore(form="tracking URI", uri="postgresql://ana:hunter2@db/mlflow")
    assert str(store) == "postgresql://ana:***@db/mlflow (what MLFLOW_TRACKING_URI names)"
