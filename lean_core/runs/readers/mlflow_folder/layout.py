"""Where the experiments and runs of an MLflow folder store lie: ``mlruns/<experiment>/<run>/meta.yaml``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lean_core.runs.reader import Warnings
from lean_core.runs.readers.mlflow_folder.meta_yaml import Meta, parse_meta
from lean_core.runs.readers.small_files import is_of_the_system, printable, read_file

TRASH = ".trash"
_RESERVED_IN_STORE = {TRASH, "models"}
_RESERVED_IN_EXPERIMENT = {"datasets", "models", "tags", "traces"}


@dataclass(slots=True, kw_only=True)
class ExperimentFolder:
    """An experiment, and the folders in it that may be runs."""

    key: str
    """Its id; where the same id also lies in the trash, the trashed one's key is its path."""
    experiment_id: str
    path: str
    lifecycle: str
    has_meta: bool
    run_folders: list[str] = field(default_factory=list)
    """Names of folders."""


def list_experiments(root: Path, warnings: Warnings) -> list[ExperimentFolder]:
    """List the experiments of a store, live ones before trashed ones, each with the folders in it.

    Whether one is deleted is decided by the trash alone, as MLflow decides it: `lifecycle_stage` in meta.yaml stays
    ``active`` where an older version moved the folder, and ``deleted`` where somebody moved it back by hand.

    Raises:
        OSError: the store itself can't be listed.
    """
    found: list[ExperimentFolder] = []
    keys: set[str] = set()
    for folder, lifecycle in ((root, "active"), (root / TRASH, "deleted")):
        if lifecycle == "deleted" and not folder.is_dir():
            continue
        for entry in _folders(str(folder), root, _RESERVED_IN_STORE, warnings):
            name = printable(entry)
            experiment = ExperimentFolder(
                key=f"{TRASH}/{name}" if name in keys else name,
                experiment_id=name,
                path=f"{folder}/{entry}",
                lifecycle=lifecycle,
                has_meta=Path(folder, entry, "meta.yaml").is_file(),
            )
            keys.add(experiment.key)
            try:
                experiment.run_folders += _folders(experiment.path, root, _RESERVED_IN_EXPERIMENT, warnings)
            except OSError as error:
                warnings.add("folder that can't be read", place(experiment.path, root), error.strerror or "")
            found.append(experiment)
    return found


def read_meta(path: str, root: Path, warnings: Warnings) -> Meta | None:
    """Return what a meta.yaml says; None, with a warning, where it can't be read."""
    try:
        return parse_meta(read_file(path))
    except OSError as error:
        warnings.add("file that can't be read", place(path, root), error.strerror or "")
    except ValueError as error:
        warnings.add("broken meta.yaml", place(path, root), str(error))
    return None


def list_folders(path: str, root: Path, warnings: Warnings) -> list[str]:
    """Return the names of the folders in a folder; none, with a warning, where it can't be listed."""
    try:
        return list(_folders(path, root, set(), warnings))
    except FileNotFoundError:
        return []
    except OSError as error:
        warnings.add("folder that can't be read", place(path, root), error.strerror or "")
        return []


def holds_only_artifacts(path: str) -> bool:
    """Say whether a folder is that of a run whose params and metrics are elsewhere: nothing but artifacts is in it."""
    try:
        with os.scandir(path) as entries:
            return {entry.name for entry in entries if not is_of_the_system(entry.name)} <= {"artifacts"}
    except OSError:
        return False


def place(path: str, root: Path) -> str:
    """Return a path as a warning tells it: from the store on."""
    return printable(path.removeprefix(f"{root}/"))


def _folders(path: str, root: Path, reserved: set[str], warnings: Warnings) -> Iterator[str]:
    with os.scandir(path) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if is_of_the_system(entry.name):
            warnings.add("file that is not MLflow's", place(entry.path, root))
        elif entry.name not in reserved and _is_folder(entry):
            if entry.is_symlink() and _leads_back(entry.path, root):
                warnings.add("link to a folder of the same store", place(entry.path, root))
            else:
                yield entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _leads_back(link: str, root: Path) -> bool:
    target, store = Path(link).resolve(), root.resolve()
    return target.is_relative_to(store) or store.is_relative_to(target)
