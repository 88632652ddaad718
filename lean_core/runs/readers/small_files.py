"""Files that are read whole, with as few system calls as can be; helper processes load this, so it imports little."""

from __future__ import annotations

import os
from errno import EFBIG

LARGEST_TEXT = 4 << 20
_FIRST_READ = 16_384
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Without O_NONBLOCK, opening a pipe that somebody left in the folder would wait for ever."""
_OF_THE_SYSTEM = {".DS_Store", ".gitkeep", ".ipynb_checkpoints"}


def read_file(path: str, largest: int = LARGEST_TEXT) -> bytes:
    """Return what a file holds.

    Raises:
        OSError: it can't be read, or holds more than ``largest`` bytes.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        data = os.read(descriptor, _FIRST_READ)
        if len(data) == _FIRST_READ:
            data += _read_rest(descriptor, largest)
        return data
    finally:
        os.close(descriptor)


def printable(name: str) -> str:
    r"""Return a file's name as text: bytes that are not UTF-8 become ``\xe9``."""
    return name if name.isascii() else name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_of_the_system(name: str) -> bool:
    """Say whether a file or folder is there because of a desktop, an editor or a network drive."""
    return name in _OF_THE_SYSTEM or name.startswith(("._", ".nfs"))


def _read_rest(descriptor: int, largest: int) -> bytes:
    parts = []
    left = largest - _FIRST_READ
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
        left -= len(part)
        if left < 0:
            raise OSError(EFBIG, f"larger than {largest} bytes")
    return b"".join(parts)
