"""Hashes of local data, kept: as long as sizes and times of its files stay, nothing is read again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.checkpoint import table
from lean_core.registry import hash_file, hash_folder, list_files

if TYPE_CHECKING:
    from lean_core.store import Store

_JUST_WRITTEN = 2_000_000_000
"""Nanoseconds: a file that changed so lately may change again within the same tick of the file system's clock."""


def hash_data(path: Path, store: Store) -> str:
    """Return the sha256 of a file or a folder, in hex, from what is kept where nothing changed.

    Raises:
        OSError: it can't be read.
        LeanError: the folder holds what a registry can't, or the workspace's file can't be used.
    """
    tag, newest = _tag(path)
    place = str(path.resolve())
    with store.read() as cursor:
        kept = table.hashed(cursor, place)
    if kept is not None and kept[0] == tag:
        return kept[1]
    found = hash_folder(path) if path.is_dir() else hash_file(path)
    now = clock.now()
    if _nanoseconds(now.timestamp()) - newest > _JUST_WRITTEN:
        with store.write() as cursor:
            table.put_hashed(cursor, (place, tag, found, now))
    return found


def _tag(path: Path) -> tuple[str, int]:
    """Return what changes when the data does, and when it was last written, in nanoseconds."""
    files = list_files(path) if path.is_dir() else [("", path)]
    states = [(name, file.stat()) for name, file in files]
    told = "\n".join(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\0{state.st_ino}" for name, state in states)
    newest = max((state.st_mtime_ns for _, state in states), default=0)
    return hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest(), newest


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1_000_000_000)
