"""The command as a shell sees it: a process with its own stdout, stderr and exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lean_core.cli.main import run

ROOT = Path(__file__).parents[2]
Shell = Callable[..., subprocess.CompletedProcess[str]]


def run_command(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lean_core", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
        check=False,
        timeout=120,
    )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a function that runs `lean-mlops` with arguments and returns the finished process."""

    def run_in_shell(*arguments: str, cwd: Path = tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_command(*arguments, cwd=cwd, **environment)

    return run_in_shell


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return a function like `shell`'s that stays in this process: ten times as fast."""

    def run_here(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(cwd)
        code = run(arguments)
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, code, out, err)

    return run_here


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an MLflow database with three runs, written by MLflow itself."""
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    script = """
import sys, mlflow
client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{sys.argv[1]}")
experiment = client.create_experiment("churn")
for number, (model, auc) in enumerate([("xgb", 0.91), ("forest", 0.87), ("logit", float("nan"))]):
    tags = {"mlflow.runName": f"run {number}", "mlflow.user": "ana", "mlflow.source.git.commit": "0123abc" + "0" * 33}
    run = client.create_run(experiment, start_time=1_790_000_000_123 + number * 60_000, tags=tags).info.run_id
    client.log_param(run, "model", model)
    client.log_metric(run, "auc", auc)
    client.log_metric(run, "loss", float("inf"))
    client.set_terminated(run, "FINISHED", end_time=1_790_000_030_000 + number * 60_000)
"""
    subprocess.run([sys.executable, "-c", script, str(path)], check=True, capture_output=True, timeout=120)
    return path


@pytest.fixture
def workspace(make_workspace, store: Path) -> Path:
    """Return a workspace whose one source is the store; nothing is synced yet."""
    return make_workspace(f'[sources.local]\nuri = "{store}"\n')


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory, store: Path) -> Path:
    """Return the workspace that `synced` is a copy of."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "lean.toml").write_text(f'[sources.local]\nuri = "{store}"\n', encoding="utf-8")
    done = run_command("sync", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def synced(tmp_path: Path, imported: Path) -> Path:
    """Return a workspace of its own whose store is imported."""
    return Path(shutil.copytree(imported, tmp_path / "synced"))
