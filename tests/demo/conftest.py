from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lean_core.demo import Demo
from lean_core.workbench import Workbench
from tests.run_workspaces import Created, copy_demo, share_demo


@pytest.fixture(scope="session")
def created(tmp_path_factory: pytest.TempPathFactory) -> Created:
    """The demo in a folder whose name holds a space."""
    return share_demo(tmp_path_factory)


@pytest.fixture(scope="session")
def made(created: Created) -> Demo:
    return created.demo


@pytest.fixture(scope="session")
def copied_store(made: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: opening a store with MLflow may change it."""
    copy = tmp_path_factory.mktemp("copy") / "mlflow.db"
    copy.write_bytes(made.store.read_bytes())
    return copy


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: opening a workspace writes into it."""
    return copy_demo(tmp_path_factory, tmp_path_factory.mktemp("workspace") / "demo")


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The API of a demo, on a free port; yield where it tells its version."""
    process = subprocess.Popen(
        [sys.executable, "serve.py", "--port", "0"], cwd=folder, stdout=subprocess.PIPE, encoding="utf-8"
    )
    with process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture
def api(workspace: Path) -> Iterator[str]:
    with serve(workspace) as url:
        yield url


def probing(workspace: Path, folder: Path, url: str) -> Workbench:
    """The workspace with the API at another port."""
    shutil.copytree(workspace, folder)
    return ask_at(folder, url)


def ask_at(folder: Path, url: str) -> Workbench:
    """Open a workspace in which the API is at another port."""
    settings = folder / "lean.toml"
    settings.write_text(settings.read_text().replace("http://127.0.0.1:8765/", url.removesuffix("version")))
    return Workbench.open(folder)


def port_of(api: str) -> int:
    """The port in the API's address."""
    return int(api.removeprefix("http://127.0.0.1:").removesuffix("/version"))


def run_traffic(workspace: Path, api: str, fault: str = "") -> str:
    """Let a hundred customers ask; return what is said of them."""
    command = [sys.executable, "traffic.py", "--port", str(port_of(api)), "--minutes", "0.01", "--rate", "166"]
    command += ["--fault", fault] if fault else []
    return subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=True).stdout
