"""What the tests of runs share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mlflow_server import Server, mlflow_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return one tracking server for all tests; they keep apart by experiment."""
    with mlflow_server(tmp_path_factory.mktemp("server")) as running:
        yield running
