"""Look what lies in a folder that a workspace can be made of. Nothing that is looked at changes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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

Form = Literal["sqlite", "mlflow folder", "run folders", "server", "database"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStore:
    """Something that runs can be imported from."""

    form: Form
    uri: str
    """As lean.toml would say it: relative to the folder where that is possible. It may hold a password."""
    runs: int | None
    """How many there are; None: not counted."""
    origin: str = ""
    """Where the uri was found, if not on the disk."""
