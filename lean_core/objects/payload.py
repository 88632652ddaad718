"""The local files that are uploaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lean_core.errors import UsageError
from lean_core.objects.objects import Progress

_CHUNK = 1 << 20


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
        raise UsageError(f"{path} can't be read ({error.strerror}): name a file that can") from None
