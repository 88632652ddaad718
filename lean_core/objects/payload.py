"""What is uploaded: a local file, or a folder of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lean_core.errors import NameRefused, UsageError
from lean_core.objects.key import check_key
from lean_core.objects.objects import Progress
from lean_core.objects.scan import scan

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file that is to be uploaded."""

    name: str
    """From the folder that it is uploaded with, with slashes."""
    path: Path
    bytes: int
    sha256: str | None = None
    """Where it is known: the file is then sent again unless the same is there, and not only one of the same size."""


def find_files(source: Path) -> list[LocalFile]:
    """Return the file at a path, or all files in the folder there, sorted by name.

    Links within the folder are followed.

    Raises:
        NameRefused: a link leads out of the folder, or something in it is no file or has a name that is no key.
        UsageError: it is not there, or can't be read.
    """
    top = Path(os.path.realpath(source))
    try:
        if not top.is_dir():
            return [LocalFile(name=check_key(source.name), path=top, bytes=top.stat().st_size)]
        found = sorted(scan(str(top), str(top), key=""), key=lambda info: info.key)
    except OSError as error:
        raise _unreadable(Path(error.filename or source), error) from None
    for info in found:
        if info.refused:
            raise NameRefused(
                f"{source}/{info.key} can't be uploaded: {info.refused}: remove it, or copy what it means"
            )
    return [LocalFile(name=info.key, path=top / info.key, bytes=info.bytes) for info in found]


def read_chunks(path: Path, progress: Progress) -> Iterator[bytes]:
    """Yield a file's bytes, and tell of each chunk after it was taken.

    Raises:
        UsageError: it can't be read.
    """
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
                progress(len(chunk))
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path} can't be read ({error.strerror}): name a file or folder that can")
