"""A log in a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.signals.log.logs import Folder


@pytest.fixture
def log(tmp_path: Path) -> Folder:
    (tmp_path / "log").mkdir()
    return Folder(path=tmp_path)
