"""One store made by MLflow, of which every test gets its own copy: to create one takes seconds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from mlflow import MlflowClient

from lean_core.runs.readers.sqlite import SqliteReader
from tests.postgres import postgres_server  # noqa: F401 - a fixture
from tests.runs.readers.mlflow_stores import fill


@dataclass(frozen=True, kw_only=True)
class Store:
    path: Path
    ids: dict[str, str]

    @property
    def client(self) -> MlflowClient:
        """MLflow's own client on this store; it may change it."""
        uri = f"sqlite:///{self.path}"
        return MlflowClient(uri, registry_uri=uri)


@pytest.fixture(scope="session")
def store_template(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("template") / "mlflow.db"
    uri = f"sqlite:///{path}"
    return Store(path=path, ids=fill(MlflowClient(uri, registry_uri=uri)))


@pytest.fixture
def store(store_template: Store, tmp_path: Path) -> Store:
    folder = tmp_path / "my store"
    folder.mkdir()
    return Store(path=Path(shutil.copy(store_template.path, folder / "mlflow.db")), ids=store_template.ids)


@pytest.fixture
def reader(store: Store) -> Iterator[SqliteReader]:
    with closing(SqliteReader(store.path)) as opened:
        yield opened
