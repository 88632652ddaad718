"""What a folder is that somebody names as a source of runs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal, TypeAlias

from lean_core.runs.readers.database_file import find_database
from lean_core.runs.readers.mlflow_folder.layout import TRASH
from lean_core.runs.readers.plain_folder.layout import find_run_folders
from lean_core.runs.readers.small_files import is_of_the_system, read_file

Kind: TypeAlias = Literal["mlflow_store", "artifact_root", "plain_runs", "empty", "other"]

_MOST_FOLDERS = 2_000
_MOST_ENTRIES = 200
"""How far to look: a data set may be a million folders."""


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
    if _is_mlflow_store(path):
        return FolderKind(kind="mlflow_store", database=find_database(path))
    if any(run.has_metrics for run in find_run_folders(path, most_folders=_MOST_FOLDERS)):
        return FolderKind(kind="plain_runs")
    database = find_database(path)
    if _holds_artifacts(path) or (database is not None and path.name in {"mlruns", "mlartifacts"}):
        return FolderKind(kind="artifact_root", database=database)
    return FolderKind(kind="other", database=database)


def _is_mlflow_store(path: Path) -> bool:
    """Say whether there is an experiment: by its meta.yaml, or where that was lost, by those of its runs."""
    roots = (path, path / TRASH)
    return any(_says(folder / "meta.yaml", b"experiment_id:") for root in roots for folder in _some(root)) or any(
        _says(run / "meta.yaml", b"artifact_uri:") for root in roots for folder in _some(root) for run in _some(folder)
    )


def _holds_artifacts(path: Path) -> bool:
    folders = [inner for outer in _some(path) for inner in _some(outer)]
    return any((folder / "artifacts").is_dir() for folder in folders) or any(
        (model / "artifacts").is_dir() for folder in folders if folder.name == "models" for model in _some(folder)
    )


def _some(folder: Path) -> list[Path]:
    try:
        return list(islice(folder.iterdir(), _MOST_ENTRIES))
    except OSError:  # also where it is a file
        return []


def _says(meta: Path, entry: bytes) -> bool:
    try:
        return entry in read_file(str(meta))
    except OSError:
        return False
