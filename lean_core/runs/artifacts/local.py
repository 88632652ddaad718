"""Artifacts in a folder of this machine."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lean_core.runs.artifacts.artifact import Artifact, Unreachable


def list_folder(root: str, path: str) -> tuple[Artifact, ...] | Unreachable:
    """List what lies directly in a folder; links that lead out of the root are not there."""
    folder = _inside(root, path)
    if isinstance(folder, Unreachable):
        return folder
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        return Unreachable(reason=_why(path or root, error))
    listed = []
    for name in names:
        below = f"{path}/{name}" if path else name
        found = _inside(root, below)
        if isinstance(found, Path):
            status = found.stat()
            if stat.S_ISDIR(status.st_mode):
                listed.append(Artifact(path=below, is_folder=True))
            elif stat.S_ISREG(status.st_mode):  # a pipe would block whoever opens it
                listed.append(Artifact(path=below, is_folder=False, bytes=status.st_size))
    return tuple(listed)


def read_file(root: str, path: str, limit: int) -> tuple[bytes, int] | Unreachable:
    """Return the first ``limit`` bytes of a file, and its size."""
    file = _inside(root, path)
    if isinstance(file, Unreachable):
        return file
    if not file.is_file():
        return Unreachable(reason=f"{path} is not a file.")
    try:
        with file.open("rb") as opened:
            return opened.read(limit), os.fstat(opened.fileno()).st_size
    except OSError as error:
        return Unreachable(reason=_why(path, error))


def _inside(root: str, path: str) -> Path | Unreachable:
    """Return where ``path`` really is, which must be below ``root``."""
    try:
        top = Path(root).resolve(strict=True)
        place = (top / path).resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        return Unreachable(reason=_why(path or root, error))
    if not place.is_relative_to(top):
        return Unreachable(reason=f"{path} leads out of the folder of artifacts, where the workbench does not look.")
    return place


def _why(path: str, error: Exception) -> str:
    if isinstance(error, PermissionError):
        return f"{path} may not be read by this user."
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return f"{path} is not there, or no longer."
    return f"{path} can't be read."
