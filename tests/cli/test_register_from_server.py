"""A model in the registry of a tracking server, whose files the server keeps."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mlflow_server import Server, mlflow_server

pytestmark = pytest.mark.server

LOG_MODEL = """
import os, sys
os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]
import mlflow
from mlflow.pyfunc import PythonModel

class Model(PythonModel):
    def predict(self, context, model_input, params=None):
        return [0]

with mlflow.start_run():
    mlflow.log_metric("auc", 0.9)
    mlflow.log_param("depth", 4)
    mlflow.pyfunc.log_model(
        name="classifier", python_model=Model(), registered_model_name="churn", pip_requirements=["mlflow==3.17.2"]
    )
mlflow.MlflowClient().set_registered_model_alias("churn", "champion", 1)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with mlflow_server(tmp_path_factory.mktemp("server")) as running:
        subprocess.run([sys.executable, "-c", LOG_MODEL, running.uri], check=True, capture_output=True, timeout=180)
        yield running


@pytest.fixture
def folder(make_workspace, server: Server) -> Path:
    return make_workspace(f'[registry]\nuri = "registry"\n[sources.team]\nuri = "{server.uri}"\n')


def test_its_files_are_fetched(call, folder: Path, server: Server):
    done = call("register", "churn", "1", "--from-mlflow", "churn@champion", cwd=folder)
    assert done.returncode == 0, done.stderr
    version = folder / "registry" / "churn" / "1"
    record = json.loads((version / "version.json").read_text())
    assert (record["artifact"]["path"], record["artifact"]["format"]) == ("classifier", "mlflow")
    assert record["mlflow"] == {"source": "team", "model": "churn", "version": "1", "aliases": ["champion"]}
    assert (record["params"], record["run"]["source"]) == ({"depth": "4"}, "team")
    (kept,) = server.artifacts.rglob("MLmodel")
    names = sorted(path.name for path in kept.parent.iterdir())
    assert sorted(path.name for path in (version / "classifier").iterdir()) == names
    assert all((version / "classifier" / name).read_bytes() == (kept.parent / name).read_bytes() for name in names)


def test_files_that_the_server_no_longer_has_are_code_3(call, folder: Path, server: Server):
    (kept,) = server.artifacts.rglob("MLmodel")
    kept.parent.rename(kept.parent.with_name("away"))
    try:
        done = call("register", "churn", "2", "--from-mlflow", "churn/1", cwd=folder)
    finally:
        kept.parent.with_name("away").rename(kept.parent)
    assert (done.returncode, done.stdout) == (3, "")
    assert "churn/1 of source team: " in done.stderr
    assert not (folder / "registry").exists()
