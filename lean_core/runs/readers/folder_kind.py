"""What a folder is that somebody names as a source of runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from lean_core.runs.readers.database_file import find_database
from lean_core.runs.readers.mlflow_folder.layout import TRASH
from lean_core.runs.readers.plain_folder.layout import find_run_folders
from lean_core.runs.readers.small_files import is_of_the_system

Kind: TypeAlias = Literal["mlflow_store", "artifact_root", "plain_runs", "empty", "other"]

_MOST_FOLDERS = 2_000
"""How far to look for a run: a data set may be a million folders."""


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
    if all(is_of_the_system(entry.name) for entry in path.iterdir()):
        return FolderKind(kind="empty", database=find_database(path))
    if any(_is_experiment(folder) for folder in _experiment_folders(path)):
        return FolderKind(kind="mlflow_store", database=find_database(path))
    if any(run.has_metrics for run in find_run_folders(path, most_folders=_MOST_FOLDERS)):
        return FolderKind(kind="plain_runs")
    database = find_database(path)
    if _holds_artifacts(path) or (database is not None and path.name in {"mlruns", "mlartifacts"}):
        return FolderKind(kind="artifact_root", database=database)
    return FolderKind(kind="other", database=database)


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
