"""What a folder is that somebody names as a source of runs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote

from lean_core.runs.readers.mlflow_layout import TRASH
from lean_core.runs.readers.plain_layout import find_run_folders
from lean_core.runs.readers.run_files import is_of_the_system

Kind: TypeAlias = Literal["mlflow_store", "artifact_root", "plain_runs", "empty", "other"]
_DATABASE_SUFFIXES = {".db", ".sqlite", ".sqlite3"}
_HEADER = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderKind:
    """What a folder is."""

    kind: Kind
    """``artifact_root``: the files of runs whose params and metrics are in a database."""
    database: Path | None = None
    """An MLflow database in the folder or beside it."""


def describe_folder(path: Path) -> FolderKind:
    """Say what kind of runs a folder holds.

    Raises:
        OSError: it can't be listed.
    """
    names = [name for name in os.listdir(path) if not is_of_the_system(name)]
    if not names:
        return FolderKind(kind="empty", database=find_database(path))
    if any(_is_experiment(folder) for folder in _experiment_folders(path)):
        return FolderKind(kind="mlflow_store", database=find_database(path))
    if any(run.has_metrics for run in find_run_folders(path)):
        return FolderKind(kind="plain_runs")
    database = find_database(path)
    if _holds_artifacts(path) or (database is not None and path.name in {"mlruns", "mlartifacts"}):
        return FolderKind(kind="artifact_root", database=database)
    return FolderKind(kind="other", database=database)


def find_database(path: Path) -> Path | None:
    """Return the MLflow database in a folder or beside it, ``mlflow.db`` first; None where there is none."""
    found = [
        file
        for folder in (path, path.resolve().parent)
        for file in _files_in(folder)
        if file.suffix in _DATABASE_SUFFIXES and _is_mlflow_database(file)
    ]
    return min(found, key=lambda file: file.name != "mlflow.db", default=None)


def _experiment_folders(path: Path) -> Iterator[Path]:
    for folder in (path, path / TRASH):
        if folder.is_dir():
            yield from (entry for entry in folder.iterdir() if entry.name != "models")


def _is_experiment(folder: Path) -> bool:
    """Say whether a folder is an experiment: by its meta.yaml, or where that was lost, by those of its runs."""
    if _says(folder / "meta.yaml", b"experiment_id:"):
        return True
    try:
        return any(_says(run / "meta.yaml", b"artifact_uri:") for run in folder.iterdir())
    except OSError:
        return False


def _says(meta: Path, entry: bytes) -> bool:
    try:
        return entry in meta.read_bytes()
    except OSError:
        return False


def _holds_artifacts(path: Path) -> bool:
    return any(path.glob("*/*/artifacts/")) or any(path.glob("*/models/m-*/artifacts/"))


def _files_in(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.is_file())
    except OSError:
        return []


def _is_mlflow_database(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            if opened.read(len(_HEADER)) != _HEADER:
                return False
        # Immutable: no lock is taken and no file appears beside it.
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)) as connection:
            found = connection.execute("select 1 from sqlite_master where name in ('experiments', 'runs')").fetchall()
    except (OSError, sqlite3.Error):
        return False
    return len(found) == 2  # noqa: PLR2004 - both tables
