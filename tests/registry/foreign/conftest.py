"""A registry that somebody else filled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lean_core.objects import LocalObjects
from lean_core.registry.foreign import Foreign, recognise


class Folders:
    """Writes files into a registry and looks at what they are."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.repository: Path | None = None
        root.mkdir()

    @property
    def objects(self) -> LocalObjects:
        return LocalObjects(self.root)

    def write(self, path: str, content: str | bytes | dict | list) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return file

    def look(self, model: str = "churn", version: str = "v1") -> Foreign:
        return recognise(self.objects, model, version, repository=self.repository)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "models")
