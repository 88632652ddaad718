r"""SHA-256 of files, folders and objects, streamed.

A folder's is over its sorted (path, sha256) pairs, written as ``sha256sum`` writes them, so that a shell can check it:

    find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from lean_core.errors import NameRefused
from lean_core.objects import Objects, Progress, check_key

if TYPE_CHECKING:
    from hashlib import _Hash

BLOCK = 1 << 20
"""Bytes at a time: while a block of this size is hashed, other threads run."""


def ignore_progress(_: int) -> None:
    """Tell nobody how far it is."""


def hash_bytes(content: bytes) -> str:
    """Return the sha256 of bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path, *, progress: Progress = ignore_progress) -> str:
    """Return the sha256 of a local file, in hex.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb", buffering=0) as stream:
        return _hash_stream(stream, progress)


def hash_object(objects: Objects, key: str, *, progress: Progress = ignore_progress) -> str:
    """Return the sha256 of an object, in hex.

    Raises:
        ObjectsMissing, ObjectsError, NameRefused: it can't be read.
    """
    with objects.open(key) as stream:
        return _hash_stream(stream, progress)


def hash_folder(folder: Path, *, progress: Progress = ignore_progress) -> str:
    """Return the sha256 of a local folder, over the files in it.

    Raises:
        NameRefused: a file in it has a name that a registry can't hold.
        OSError: a file can't be read.
    """
    return fold_hashes((path, hash_file(file, progress=progress)) for path, file in list_files(folder))


def fold_hashes(hashes: Iterable[tuple[str, str]]) -> str:
    """Return the sha256 of a folder, from its files' (path in the folder, sha256 in hex) pairs, in any order."""
    ordered = sorted((path.encode(), sha256) for path, sha256 in hashes)
    return hash_bytes(b"".join(sha256.encode() + b"  " + path + b"\n" for path, sha256 in ordered))


def list_files(folder: Path) -> list[tuple[str, Path]]:
    """Return the files in a local folder, at any depth, with their paths in it, sorted as `fold_hashes` does.

    A link to a file counts as the file.

    Raises:
        NameRefused: one has a name that a registry can't hold, or is a link to a folder, which may lead anywhere.
        OSError: a folder can't be read.
    """
    found: list[tuple[str, Path]] = []
    folders = [(folder, "")]
    while folders:
        here, prefix = folders.pop()
        for entry in here.iterdir():
            path = f"{prefix}{entry.name}"
            if not entry.is_dir():
                found.append((check_key(path), entry))
            elif entry.is_symlink():
                raise NameRefused(f"{entry} is a link to a folder: put the folder itself in its place, or leave it out")
            else:
                folders.append((entry, f"{path}/"))
    return sorted(found, key=lambda pair: pair[0].encode())


def _hash_stream(stream: IO[bytes], progress: Progress) -> str:
    digest: _Hash = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
        progress(len(block))
    return digest.hexdigest()
