"""Fetch a folder of artifacts from where it is kept."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from lean_core.runs.artifacts.artifact import Artifact, ArtifactLocation, Unreachable
from lean_core.runs.artifacts.look import list_artifacts
from lean_core.runs.artifacts.remote import save_remote
from lean_core.runs.tracking import Limits

_MOST = 100_000


def fetch_artifacts(
    location: ArtifactLocation, folder: Path, *, limits: Limits, progress: Callable[[int], None]
) -> Unreachable | None:
    """Copy everything at a remote place into a folder of this machine; return why that can't be, or nothing.

    Args:
        location: a remote one.
        folder: where to write; files that are there are replaced.
        limits: how long a server is waited for.
        progress: is told how many bytes more have come.
    """
    files = _list_files(location, limits)
    if isinstance(files, Unreachable):
        return files
    if not files:
        return Unreachable(reason="There are no files at the place where the source says that they are.")
    for file in files:
        if ".." in PurePosixPath(file.path).parts or file.path.startswith("/"):
            return Unreachable(reason=f"{file.path} leads out of the folder of artifacts.")
        target = folder.joinpath(*PurePosixPath(file.path).parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        failure = save_remote(location, file.path, target, limits=limits, progress=progress)
        if failure is not None:
            return failure
        if file.bytes is not None and target.stat().st_size != file.bytes:
            return Unreachable(reason=f"{posixpath.basename(file.path)} did not come whole: try again.")
    return None


def _list_files(location: ArtifactLocation, limits: Limits) -> list[Artifact] | Unreachable:
    found: list[Artifact] = []
    waiting = [""]
    while waiting:
        listed = list_artifacts(location, waiting.pop(), limits=limits)
        if isinstance(listed, Unreachable):
            return listed
        found += [each for each in listed if not each.is_folder]
        waiting += [each.path for each in listed if each.is_folder]
        if len(found) + len(waiting) > _MOST:
            return Unreachable(reason=f"There are more than {_MOST:,} files in it.")
    return found
