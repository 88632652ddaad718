"""Look at artifacts wherever they are."""

from __future__ import annotations

from collections.abc import Callable

from lean_core.runs.artifacts.artifact import Artifact, ArtifactLocation, Unreachable
from lean_core.runs.artifacts.local import list_folder, read_file
from lean_core.runs.artifacts.preview import Preview, bytes_wanted, kind_of, not_shown, render
from lean_core.runs.artifacts.remote import Head, list_remote, read_remote
from lean_core.runs.tracking import Limits

_PATIENCE = Limits()


def list_artifacts(
    location: ArtifactLocation, path: str = "", *, limits: Limits = _PATIENCE
) -> tuple[Artifact, ...] | Unreachable:
    """Return what lies directly in a folder of artifacts, or why that can't be seen from here."""
    if location.path is not None:
        return list_folder(location.path, path)
    return list_remote(location, path, limits)


def preview(location: ArtifactLocation, path: str, *, limits: Limits = _PATIENCE) -> Preview | Unreachable:
    """Return what can be shown of a file: its beginning, read as data; nothing is ever loaded as a model."""
    kind = kind_of(path)
    if kind == "none":
        return not_shown(path, None)
    head = read_head(location, path, bytes_wanted(kind), limits=limits)
    return head if isinstance(head, Unreachable) else render(path, *head)


def preview_content(path: str, size: int, *, read: Callable[[int], bytes]) -> Preview:
    """Return what can be shown of a file that lies elsewhere; ``read`` returns so many of its first bytes."""
    kind = kind_of(path)
    return not_shown(path, size) if kind == "none" else render(path, read(bytes_wanted(kind)), size)


def read_head(location: ArtifactLocation, path: str, limit: int, *, limits: Limits = _PATIENCE) -> Head | Unreachable:
    """Return the first ``limit`` bytes of a file, and the size of the whole where it is known."""
    if location.path is not None:
        return read_file(location.path, path, limit)
    return read_remote(location, path, limit, limits)
