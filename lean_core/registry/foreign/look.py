"""A foreign folder to look at: its files by name, and the small ones to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lean_core.errors import (
    CredentialsMissing,
    CredentialsRefused,
    NameRefused,
    ObjectsError,
    ObjectsUnreachable,
    RootMissing,
)
from lean_core.objects import Objects
from lean_core.registry.foreign.documents import LARGEST_JSON, LARGEST_YAML, parse_json, parse_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What lies in a version's folder. What can't be read or understood becomes a sentence among the problems."""

    objects: Objects
    model: str
    version: str
    files: Mapping[str, int]
    """Sizes by path from the folder."""
    problems: list[str] = field(default_factory=list)

    def text(self, path: str) -> str | None:
        """Return a small text file, or None."""
        content = self._content(path, LARGEST_YAML)
        return None if content is None else content.decode("utf-8", errors="replace")

    def yaml(self, path: str) -> Any:  # noqa: ANN401 - whatever YAML holds
        """Return what a YAML file says, or None."""
        text = self.text(path)
        try:
            return None if text is None else parse_yaml(text)
        except ValueError as error:
            self.problems.append(f"{path} {error}")
            return None

    def json(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return what a JSON file says, or None."""
        content = self._content(path, LARGEST_JSON)
        try:
            return None if content is None else parse_json(content)
        except ValueError as error:
            self.problems.append(f"{path} {error}")
            return None

    def _content(self, path: str, limit: int) -> bytes | None:
        if path not in self.files:
            return None
        if self.files[path] > limit:
            self.problems.append(f"{path} has more than {limit:,} bytes and was not read")
            return None
        try:
            return self.objects.read(f"{self.model}/{self.version}/{path}", limit=limit)
        except (ObjectsUnreachable, CredentialsMissing, CredentialsRefused, RootMissing):
            raise  # about all of them
        except (ObjectsError, NameRefused) as error:
            self.problems.append(f"{path} can't be read: {error}")
            return None
