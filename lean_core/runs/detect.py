"""Look what lies in a folder that a workspace can be made of. Nothing that is looked at changes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from lean_core.settings import redact, scheme_of

LOCK_FILES = (
    "uv.lock", "poetry.lock", "pdm.lock", "pixi.lock", "Pipfile.lock", "conda-lock.yml", "conda-lock.yaml",
    "requirements.txt", "environment.yml", "environment.yaml",
)  # fmt: skip
"""What says which packages the code runs with, the exact ones first."""

MOST_ENTRIES = 2_000
"""How many entries of a folder are looked at: more is a home folder or a data set."""

_PASSED_OVER = frozenset({"node_modules", "venv", "env", "__pycache__", "site-packages", "build", "dist", "mlartifacts"})
_SQLITE_ENDINGS = (".db", ".sqlite", ".sqlite3")
_SQLITE_HEAD = b"SQLite format 3\0"
_MLFLOW_TABLES = frozenset({"experiments", "runs", "metrics", "params", "tags"})

Form = Literal["database file", "MLflow folder", "run folders", "tracking URI"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStore:
    """Something that runs can be imported from."""

    form: Form
    uri: str
    """As lean.toml says it: a path from the folder, or a URI. It may hold a password."""
    kind: Literal["auto", "mlflow", "folder"] = "auto"
    runs: int | None = None
    """How many there are; None: not counted."""

    def __str__(self) -> str:
        """Say it in a sentence's part, without a password."""
        count = "" if self.runs is None else f", {self.runs:,} run{'' if self.runs == 1 else 's'}"
        what = {
            "database file": "an MLflow database",
            "MLflow folder": "an MLflow folder",
            "run folders": "folders of runs",
            "tracking URI": "what MLFLOW_TRACKING_URI names",
        }[self.form]
        return f"{redact(self.uri)} ({what}{count})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What lies in a folder."""

    folder: Path
    stores: tuple[FoundStore, ...]
    """The likeliest first."""
    passed_over: tuple[str, ...]
    """What looks like a store and is none, each with the reason, as a sentence."""
    repository: Path | None
    """The root of the git repository that the folder is in."""
    lock_files: tuple[str, ...]
