"""Artifacts that a tracking server or S3 keeps, through MLflow's client."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from lean_core.errors import SourceError
from lean_core.runs.artifacts.artifact import Artifact, ArtifactLocation, Unreachable
from lean_core.runs.artifacts.s3 import bounded_s3, explain_s3, read_s3, s3_errors, stream_s3
from lean_core.runs.tracking import Limits, bounded, client_errors, send, talking
from lean_core.settings import redact

if TYPE_CHECKING:
    from mlflow.store.artifact.artifact_repo import ArtifactRepository

Head = tuple[bytes, int | None]
"""The beginning of a file, and the size of the whole where it is known."""

_PIECE = 1 << 20
_SERVICE = "/mlflow-artifacts/artifacts"
"""Where a tracking server lists artifacts, below its API's address."""


def list_remote(location: ArtifactLocation, path: str, limits: Limits) -> tuple[Artifact, ...] | Unreachable:
    """List what lies directly in a folder."""
    if (refusal := _refuse(location, path)) is not None:
        return refusal
    try:
        with _talking(location, path, limits):
            repository = _repository(location)
            return _list_s3(repository, path) if _is_s3(location) else _list_http(repository, path)
    except _UnreachableError as error:
        return Unreachable(reason=str(error))


def read_remote(location: ArtifactLocation, path: str, limit: int, limits: Limits) -> Head | Unreachable:
    """Return the first ``limit`` bytes of a file, without fetching more of it."""
    if (refusal := _refuse(location, path)) is not None:
        return refusal
    try:
        with _talking(location, path, limits):
            repository = _repository(location)
            if _is_s3(location):
                return read_s3(repository, path, limit)  # type: ignore[arg-type]  # by its scheme
            return _read_http(repository, path, limit)
    except _UnreachableError as error:
        return Unreachable(reason=str(error))


def save_remote(
    location: ArtifactLocation, path: str, target: Path, *, limits: Limits, progress: Callable[[int], None]
) -> Unreachable | None:
    """Write a file as it comes to ``target``; return why it can't be had, or nothing."""
    if (refusal := _refuse(location, path)) is not None:
        return refusal
    try:
        with _talking(location, path, limits), target.open("wb") as file:
            repository = _repository(location)
            parts = stream_s3(repository, path) if _is_s3(location) else _stream_http(repository, path)  # type: ignore[arg-type]  # by its scheme
            for part in parts:
                file.write(part)
                progress(len(part))
    except _UnreachableError as error:
        return Unreachable(reason=str(error))
    return None


class _UnreachableError(Exception):
    """Carries the sentence out of a call."""


@contextmanager
def _talking(location: ArtifactLocation, path: str, limits: Limits) -> Iterator[None]:
    """Bound the calls inside, and turn what they raise into a sentence."""
    if _is_s3(location):
        try:
            with bounded(limits), bounded_s3(limits):
                yield
        except (*s3_errors(), *client_errors()) as error:
            place = posixpath.join(redact(location.uri or ""), path).rstrip("/")
            raise _UnreachableError(f"{place} {explain_s3(error, limits)}.") from None
    else:
        try:
            with talking(location.tracking_uri or "", limits):
                yield
        except SourceError as error:
            raise _UnreachableError(str(error)) from None


def _is_s3(location: ArtifactLocation) -> bool:
    return urlsplit(location.uri or "").scheme == "s3"


def _refuse(location: ArtifactLocation, path: str) -> Unreachable | None:
    """Say why MLflow's client is not let near this place.

    It sends the tracking server's credentials to whatever host an artifact's address names, and a run can name any.
    """
    if path.startswith("/") or "\\" in path or ".." in path.split("/"):
        return Unreachable(reason=f"{path} leads out of the folder of artifacts, where the workbench does not look.")
    shown = redact(location.uri or "") or "The folder of artifacts"
    try:
        place, server = urlsplit(location.uri or ""), urlsplit(location.tracking_uri or "")
    except ValueError:
        return Unreachable(reason=f"{shown} is not an address.")
    why = ""
    if place.scheme in {"mlflow-artifacts", "http", "https"}:
        if server.scheme not in {"http", "https"}:
            why = f"{shown} is kept by a tracking server, and this source is not one."
        elif place.netloc.rpartition("@")[2] not in {"", server.netloc.rpartition("@")[2]}:
            why = f"{shown} is kept by another server than the one that this run comes from."
    elif place.scheme == "file" or len(place.scheme) < 2:  # noqa: PLR2004 - one letter is a Windows drive
        why = f"{shown} is not on this machine."
    elif place.scheme != "s3":
        why = f"The workbench does not look into {place.scheme}:// ({shown}); MLflow's own tools can."
    return Unreachable(reason=why) if why else None


def _repository(location: ArtifactLocation) -> ArtifactRepository:
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    repository: ArtifactRepository = get_artifact_repository(location.uri or "", tracking_uri=location.tracking_uri)
    return repository


def _list_s3(repository: ArtifactRepository, path: str) -> tuple[Artifact, ...]:
    listed = repository.list_artifacts(path or None)
    return tuple(Artifact(path=one.path, is_folder=bool(one.is_dir), bytes=one.file_size) for one in listed)


def _list_http(repository: ArtifactRepository, path: str) -> tuple[Artifact, ...]:
    """Ask the server itself: MLflow's client gives a whole folder up for one name that it finds odd."""
    base, _, root = repository.artifact_uri.partition(_SERVICE)
    answer = send(base, _SERVICE, "GET", params={"path": posixpath.join(root.strip("/"), path)})
    if answer.status_code == 404:  # noqa: PLR2004 - HTTP's "not found"
        raise _UnreachableError(f"{path or 'The folder of artifacts'} is not there, or no longer.")
    answer.raise_for_status()
    listed = []
    for one in answer.json().get("files", []):
        name = str(one["path"])
        if "/" not in name and name not in {"", ".", ".."}:
            size = one.get("file_size")
            folder = bool(one.get("is_dir"))
            below = posixpath.join(path, name)
            listed.append(Artifact(path=below, is_folder=folder, bytes=None if size is None else int(size)))
    return tuple(sorted(listed, key=lambda artifact: artifact.path))


def _stream_http(repository: ArtifactRepository, path: str) -> Iterator[bytes]:
    answer = send(repository.artifact_uri, "/" + quote(path), "GET", stream=True)
    with answer:
        if answer.status_code in {400, 404}:
            raise _UnreachableError(f"{path} is not there, or has a name that the server does not hand out.")
        answer.raise_for_status()
        yield from answer.iter_content(_PIECE)


def _read_http(repository: ArtifactRepository, path: str, limit: int) -> Head:
    answer = send(repository.artifact_uri, "/" + quote(path), "GET", stream=True)
    with answer:
        if answer.status_code in {400, 404}:
            raise _UnreachableError(f"{path} is not there, or has a name that the server does not hand out.")
        answer.raise_for_status()
        head = bytearray()
        for part in answer.iter_content(65_536):
            head += part
            if len(head) > limit:
                break
    announced = answer.headers.get("content-length", "")
    size = len(head) if len(head) <= limit else int(announced) if announced.isdigit() else None
    return bytes(head[:limit]), size
