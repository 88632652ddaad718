"""Listing a folder's files, however deep, without following a link out of it."""

from __future__ import annotations

import datetime as dt
import os
import stat as modes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lean_core.objects.draft import is_draft
from lean_core.objects.objects import ObjectInfo

_NEVER = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC


def describe(key: str, state: os.stat_result) -> ObjectInfo:
    """Return what a file's inode tells."""
    return ObjectInfo(
        key=key,
        bytes=state.st_size,
        modified=_NEVER + dt.timedelta(seconds=state.st_mtime),  # half the time of a conversion from UTC
        tag=f"{state.st_ino}-{state.st_size}-{state.st_mtime_ns}",
    )


def is_within(path: str, folder: str) -> bool:
    """Whether a real path is a folder's, or leads into it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


class Names(NamedTuple):
    """Which names right in a folder are looked at."""

    start: str
    """What they begin with."""
    without: str
    """What they do not begin with; empty: anything."""

    def hold(self, name: str) -> bool:
        """Whether a name is one of them."""
        return name.startswith(self.start) and not (self.without and name.startswith(self.without))


ALL = Names(start="", without="")


def scan(root: str, top: str, *, key: str, names: Names = ALL) -> Iterator[ObjectInfo]:
    """Yield the files below a folder.

    Args:
        root: the real path that no link may leave.
        top: the real path of the folder to list, in the root.
        key: of the folder, ending in a slash where it is not the root.
        names: which ones right in that folder.

    Raises:
        OSError: a folder can't be listed.
    """
    folders = [_Folder(path=top, key=key, above=())]
    while folders:
        folder = folders.pop()
        try:
            entries = os.scandir(folder.path)
        except FileNotFoundError:
            if folder.path == root:
                raise
            continue  # removed since its parent was listed
        with entries:
            for entry in entries:
                if names.hold(entry.name) and not is_draft(entry.name):
                    found = _look(entry, folder, root)
                    if isinstance(found, _Folder):
                        folders.append(found)
                    elif found:
                        yield found
        names = ALL


def list_folders(root: str, top: str) -> list[str]:
    """Return the names of the folders in a folder; root and top as `scan` takes them.

    Raises:
        OSError: it can't be listed.
    """
    here = _Folder(path=top, key="", above=())
    with os.scandir(top) as entries:
        return sorted(entry.name for entry in entries if isinstance(_look(entry, here, root), _Folder))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """A folder that is still to be listed."""

    path: str
    """Its real path."""
    key: str
    above: tuple[str, ...]
    """Real paths of the folders in which lay the links that led here."""


def _look(entry: os.DirEntry[str], folder: _Folder, root: str) -> ObjectInfo | _Folder | None:
    key = folder.key + entry.name
    if not entry.name.isprintable() or "\\" in entry.name:
        return _refuse(key, "its name has a backslash, control characters or bytes that are not UTF-8")
    if entry.is_symlink():
        real = os.path.realpath(entry.path)
        above = (*folder.above, folder.path)
        why = _explain_link(real, root, above)
        if why:
            return _refuse(key, why)
        target = Path(real)
        return _Folder(path=real, key=f"{key}/", above=above) if target.is_dir() else _file(key, target)
    if entry.is_dir():
        return _Folder(path=entry.path, key=f"{key}/", above=folder.above)
    return _file(key, entry)


def _file(key: str, file: Path | os.DirEntry[str]) -> ObjectInfo | None:
    try:
        state = file.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None  # removed since its folder was listed
    return describe(key, state) if modes.S_ISREG(state.st_mode) else _refuse(key, "it is neither a file nor a folder")


def _explain_link(real: str, root: str, above: tuple[str, ...]) -> str:
    if not is_within(real, root):
        return "it is a link that leads out of the registry's root"
    if any(is_within(folder, real) for folder in above):
        return "it is a link to a folder that it lies in itself"
    if not os.path.lexists(real):
        return "it is a link to something that is not there"
    return "it is a link that leads to itself" if Path(real).is_symlink() else ""


def _refuse(key: str, why: str) -> ObjectInfo:
    key = os.fsencode(key).decode(errors="backslashreplace")
    return ObjectInfo(key=key, bytes=0, modified=_NEVER, tag="", refused=why)
