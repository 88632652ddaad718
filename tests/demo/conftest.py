from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lean_core.demo import Demo, create_demo


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
