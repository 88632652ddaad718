from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lean_core.demo import Demo, create_demo
from lean_core.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class Created:
    demo: Demo
    steps: list[tuple[str, float]] = field(default_factory=list)


@pytest.fixture(scope="session")
def created(tmp_path_factory: pytest.TempPathFactory) -> Created:
    """Make the demo once, in a new folder whose name holds a space; nobody writes to it afterwards."""
    steps: list[tuple[str, float]] = []
    folder = tmp_path_factory.mktemp("demo") / "my demo"
    demo = create_demo(folder, progress=lambda sentence, fraction: steps.append((sentence, fraction)))
    return Created(demo=demo, steps=steps)


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
def workspace(made: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: opening a workspace writes into it."""
    folder = tmp_path_factory.mktemp("workspace") / "demo"
    shutil.copytree(made.folder, folder)
    return folder


@pytest.fixture
def api(workspace: Path) -> Iterator[str]:
    """The demo's API, on a free port."""
    process = subprocess.Popen(
        [sys.executable, "serve.py", "--port", "0"], cwd=workspace, stdout=subprocess.PIPE, encoding="utf-8"
    )
    with process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def probing(workspace: Path, folder: Path, url: str) -> Workbench:
    """The workspace with the API at another port."""
    shutil.copytree(workspace, folder)
    settings = folder / "lean.toml"
    settings.write_text(settings.read_text().replace("http://127.0.0.1:8765/version", url))
    return Workbench.open(folder)
