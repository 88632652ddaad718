"""The files that lie beside a record: the artifact, the metrics, the lock file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lean_core.errors import NameRefused, UsageError
from lean_core.objects import Progress, check_key
from lean_core.registry.hashing import fold_hashes, hash_bytes, hash_file, ignore_progress, list_files
from lean_core.registry.names import RECORD, UPLOAD

_TAKEN = frozenset({RECORD, UPLOAD})
"""Names in a version's folder that are ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadFile:
    """A file that is to lie in a version's folder."""

    path: str
    """From the version's folder."""
    source: Path | bytes
    """Where it is now, or what is in it."""
    bytes: int
    stamp: tuple[int, ...] = ()
    """Of a file on this machine: what changes when it is written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedFile:
    """A file of a payload with its sha256."""

    file: PayloadFile
    sha256: str


def artifact_name(path: Path) -> str:
    """Return what an artifact is called in the version's folder: its own name, also of ``.`` and ``model/..``."""
    return path.name if path.name not in {"", ".."} else path.resolve().name


def take_artifact(path: Path, *, called: str | None = None) -> tuple[PayloadFile, ...]:
    """Return the files of an artifact; their paths begin with its own name, or with what it is to be ``called``.

    A link that a person names is followed; one in a folder is followed as long as it stays in it.

    Raises:
        UsageError: there is none, it is empty or can't be read.
        NameRefused: a name in it can't lie in a registry, or a link in it leads out of it.
    """
    name = called or artifact_name(path)
    if name in _TAKEN:
        raise NameRefused(f"the artifact can't be called {name}, which is a name of the registry's own: rename it")
    try:
        files = _take_folder(path, name) if path.is_dir() else (take_file(path, name),)
    except OSError as error:
        raise UsageError(f"the artifact {path} can't be read ({error.strerror}): check its permissions") from None
    if not any(file.bytes for file in files):
        what = "holds no file with anything in it" if path.is_dir() else "is empty"
        raise UsageError(f"the artifact {path} {what}: train and save the model first")
    return files


def take_file(path: Path, name: str) -> PayloadFile:
    """Return a file of this machine as one of a payload, under a path in the version's folder.

    Raises:
        UsageError: there is none, or it is no file.
        NameRefused: it can't be called so.
        OSError: it can't be looked at.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"there is no {path}: name a file or folder that is there") from None
    if not stat.S_ISREG(status.st_mode):  # a pipe would block whoever opens it
        raise UsageError(f"{path} is not a file: name a file, or a folder of files")
    return PayloadFile(path=_check(name), source=path, bytes=status.st_size, stamp=_stamp(status))


def _take_folder(folder: Path, name: str) -> tuple[PayloadFile, ...]:
    top = folder.resolve()
    taken = []
    for inside, path in list_files(folder):
        if not path.exists():
            raise UsageError(
                f"{path} is a link to something that is not there: remove it, or put the file in its place"
            )
        if not path.resolve().is_relative_to(top):
            raise NameRefused(
                f"{path} is a link out of the artifact's folder: put the file itself in its place"
                f" (“cp -rL {folder} COPY” copies what links lead to)"
            )
        taken.append(take_file(path, f"{name}/{inside}"))
    return tuple(taken)


def _check(path: str) -> str:
    try:
        path.encode()
    except UnicodeEncodeError:
        raise NameRefused(f"{os.fsencode(path)!r} is not UTF-8: rename the file") from None
    return check_key(path)


def hash_payload(files: Iterable[PayloadFile], *, progress: Progress = ignore_progress) -> tuple[HashedFile, ...]:
    """Hash the files of a payload.

    Raises:
        UsageError: one changed or went away since it was listed.
    """
    hashed = []
    for file in files:
        if isinstance(file.source, Path):
            try:
                sha256 = hash_file(file.source, progress=progress)
            except OSError as error:
                raise UsageError(f"{file.source} can't be read ({error.strerror}): check its permissions") from None
            refuse_changed(file)
        else:
            sha256 = hash_bytes(file.source)
        hashed.append(HashedFile(file=file, sha256=sha256))
    return tuple(hashed)


def refuse_changed(file: PayloadFile) -> None:
    """Make sure that a file is still what it was when it was listed.

    Raises:
        UsageError: it was written to or went away.
    """
    if not isinstance(file.source, Path):
        return
    try:
        same = _stamp(file.source.stat()) == file.stamp
    except OSError:
        same = False
    if not same:
        raise UsageError(f"{file.source} changed while it was registered: wait until it is written, then try again")


def hash_artifact(files: Iterable[HashedFile], name: str) -> str:
    """Return the sha256 of the artifact called ``name``, a file or a folder, out of a payload."""
    inside = []
    for each in files:
        if each.file.path == name:
            return each.sha256
        if each.file.path.startswith(f"{name}/"):
            inside.append((each.file.path.removeprefix(f"{name}/"), each.sha256))
    return fold_hashes(inside)


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
