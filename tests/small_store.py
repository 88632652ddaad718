"""A small store that MLflow itself writes, for tests of what is shown of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

EXPERIMENT = "churn"
RUNS = 3


def write_small_store(database: Path) -> None:
    """Write an sqlite store with one experiment of a few runs."""
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{database}")
    experiment = client.create_experiment(EXPERIMENT, artifact_location=str(database.parent / "artifacts"))
    for number in range(RUNS):
        run = client.create_run(experiment, run_name=f"try {number}")
        client.log_param(run.info.run_id, "depth", number)
        client.log_metric(run.info.run_id, "auc", 0.8 + number / 100)
        client.set_terminated(run.info.run_id)


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the store's file, to be copied."""
    database = tmp_path_factory.mktemp("store") / "mlflow.db"
    write_small_store(database)
    return database


@pytest.fixture
def project(tmp_path: Path, small_store: Path) -> Path:
    """Return a folder with the store in it, and no workspace yet."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(small_store, folder / "mlflow.db")
    return folder
