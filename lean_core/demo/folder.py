"""Take a folder for the demo: an empty or new one, or one in which an earlier attempt was interrupted."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lean_core.errors import UnavailableError, UsageError

MARKER = ".demo-in-progress"
"""Lies in the folder while the demo is being made, locked by those who make it.

MLflow writes the absolute place of every artifact into its store, so the demo can't be made elsewhere and moved here.
"""
STORE = "lean.duckdb"
"""The workspace's file."""
MADE = frozenset(
    {
        ".git",
        ".gitignore",
        "README.md",
        "data",
        "deploy.sh",
        "deployed",
        STORE,
        f"{STORE}.wal",
        "lean.toml",
        "logs",
        "mlflow.db",
        "mlflow.db-journal",
        "mlruns",
        "registry",
        "reports",
        "requirements.txt",
        "serve.py",
        "traffic.py",
        "train.py",
    }
)
"""All that the demo makes; what an interrupted attempt left is removed by these names only."""
LITTER = frozenset({".DS_Store", "Thumbs.db"})
"""What a file manager leaves in a folder that a person would call empty."""
NAMED = 3
"""So many of the things in the way are named."""


@contextlib.contextmanager
def take(folder: Path) -> Iterator[int]:
    """Hold ``folder`` while the demo is being made in it; yield the lock's file descriptor.

    An exception inside leaves the marker, so that the next attempt starts afresh.

    Raises:
        UsageError: the folder holds something else, or is a file.
        UnavailableError: somebody else is making the demo there.
    """
    if unusable := set(str(folder)) & {"?", "%"}:  # measured: MLflow opens another file, or none
        raise UsageError(
            f"MLflow can't keep a store in {folder}, because of the {' and '.join(sorted(unusable))} in its path:"
            " name another folder"
        )
    with _lock(folder) as marker:
        _clear(folder)
        yield marker.fileno()
        (folder / MARKER).unlink()


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[IO[str]]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        marker = _open_marker(folder)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"a file is in the way of {folder}: name a new or an empty folder for the demo") from None
    except OSError as error:
        raise UnavailableError(
            f"can't write to {folder} ({error.strerror}): name a folder that you may write to"
        ) from None
    with marker:
        if not _try_to_lock(marker):
            raise _busy(folder)
        yield marker


def _open_marker(folder: Path) -> IO[str]:
    held = {entry.name for entry in folder.iterdir()} - LITTER
    if held and MARKER not in held:
        raise _not_empty(folder, held)
    try:
        # Whoever comes second finds the marker there, or gone again, and never takes a finished demo's folder.
        return (folder / MARKER).open("r+" if held else "x")
    except (FileExistsError, FileNotFoundError):
        raise _busy(folder) from None


def _clear(folder: Path) -> None:
    """Remove what an interrupted attempt left."""
    left = {entry.name for entry in folder.iterdir()} - LITTER - {MARKER}
    if left - MADE:
        raise _not_empty(folder, left - MADE)
    for name in left:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _try_to_lock(marker: IO[str]) -> bool:
    import fcntl  # not on Windows, where the rest of the package is to be importable all the same

    try:
        fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    try:
        return os.path.samestat(os.fstat(marker.fileno()), Path(marker.name).stat())
    except FileNotFoundError:
        return False


def _not_empty(folder: Path, held: set[str]) -> UsageError:
    names = ", ".join(sorted(held)[:NAMED]) + (", ..." if len(held) > NAMED else "")
    return UsageError(f"{folder} is not empty (it holds {names}): name a new or an empty folder for the demo")


def _busy(folder: Path) -> UnavailableError:
    return UnavailableError(
        f"somebody is making the demo in {folder} right now: wait until it is ready, or name another"
    )
