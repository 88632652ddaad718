"""A folder on this machine, or on a share that looks like one."""

from __future__ import annotations

import errno
import hashlib
import os
import stat as modes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path

from lean_core.errors import (
    AlreadyThere,
    CreateUnsafe,
    LeanError,
    NameRefused,
    NotAFolder,
    ObjectsError,
    ObjectsForbidden,
    ObjectsMissing,
    RootMissing,
)
from lean_core.objects.draft import is_draft, replace, write_once
from lean_core.objects.key import check_folder, check_key, split_prefix
from lean_core.objects.objects import ObjectInfo, Progress
from lean_core.objects.payload import read_chunks
from lean_core.objects.scan import Names, describe, is_within, list_folders, scan

_BUFFER = 1 << 17
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY  # a named pipe must not make us wait


_TOO_LONG = "shorten the path, a part of it is longer than this file system allows"
_IN_THE_WAY = "a file is where a folder must be, or a folder where the file goes: move it away"
_NO_ROOM = "make room and try again; nothing of it was kept"
_MEANINGS: dict[int, tuple[type[LeanError], str]] = {
    errno.EACCES: (ObjectsForbidden, "change the permissions, or ask who owns it"),
    errno.EPERM: (ObjectsForbidden, "change the permissions, or ask who owns it"),
    errno.EROFS: (ObjectsForbidden, "remount it for writing, or use another folder"),
    errno.ENOTDIR: (NotAFolder, _IN_THE_WAY),
    errno.EEXIST: (NotAFolder, _IN_THE_WAY),
    errno.EISDIR: (NotAFolder, _IN_THE_WAY),
    errno.ENOSPC: (ObjectsError, _NO_ROOM),
    errno.EDQUOT: (ObjectsError, _NO_ROOM),
    errno.ENAMETOOLONG: (NameRefused, _TOO_LONG),
    errno.ELOOP: (NameRefused, "remove it, it is a link that leads to itself"),
}


class LocalObjects:
    """Objects that are files in a folder. Links are followed as long as they stay in it."""

    def __init__(self, root: Path) -> None:
        """Take a folder as the root; whether it is there shows with the first use."""
        self._named = root
        self._root = os.path.realpath(root)

    @property
    def uri(self) -> str:
        """The folder's path."""
        return str(self._named.absolute())

    def walk(self, prefix: str = "", *, without: str = "") -> Iterator[ObjectInfo]:
        """Yield the objects whose keys begin with a prefix; a link out of the root is yielded as refused."""
        folder, start = split_prefix(prefix)
        with self._explained(folder):
            top = self._inside(folder) if folder else self._root
            if not (folder and self._is_nothing(top)):
                yield from scan(self._root, top, key=f"{folder}/" if folder else "", names=Names(start, without))

    def list_folders(self, prefix: str = "") -> list[str]:
        """Return the names of the folders right below ``prefix``, empty ones too."""
        folder = check_folder(prefix)
        with self._explained(folder):
            top = self._inside(folder) if folder else self._root
            if folder and self._is_nothing(top):
                return []
            return list_folders(self._root, top)

    def stat(self, key: str) -> ObjectInfo | None:
        """Return what is known of a file, or None where there is none."""
        with self._explained(key):
            path = self._inside(key)
            try:
                state = Path(path).stat()
            except (FileNotFoundError, NotADirectoryError):
                self._check_root()
                return None
            return describe(key, state) if modes.S_ISREG(state.st_mode) else None

    def read(self, key: str, *, limit: int | None = None) -> bytes:
        """Return a file's bytes, at most ``limit`` of them."""
        try:
            descriptor = self._open_file(key)
            try:
                return _read(descriptor, limit)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise self._explain(error, key) from None

    def open(self, key: str) -> BufferedReader:
        """Open a file to read it."""
        with self._explained(key):
            return BufferedReader(FileIO(self._open_file(key)), _BUFFER)

    def creates_safely(self) -> bool:
        """Say yes: a file system that can't promise it is found out by `create`, which then writes nothing."""
        return True

    def create(self, key: str, content: bytes) -> None:
        """Create a file if it is not there."""
        with self._explained(key):
            path = self._make_room(key)
            try:
                write_once(path, content)
            except FileExistsError:
                raise AlreadyThere(
                    f"{self.uri}/{key} is there already and was not changed: choose another name"
                ) from None
            except BlockingIOError:
                raise CreateUnsafe(
                    f"the file system of {self.uri} has neither hard links nor locks, so two writers could overwrite"
                    " each other: put the registry on a local disk or in a bucket"
                ) from None

    def known_sha256(self, key: str) -> str | None:
        """Return a file's digest, or None where there is none; nobody noted it, so the file is read."""
        try:
            with self._explained(key), self.open(key) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except RootMissing:
            raise
        except ObjectsMissing:
            return None

    def upload(self, path: Path, key: str, *, progress: Progress, sha256: str | None = None) -> None:  # noqa: ARG002
        """Copy a file under a key. Its digest is not noted: whoever wants to know it reads the file."""
        with self._explained(key):
            replace(self._make_room(key), read_chunks(path, progress))

    def _open_file(self, key: str) -> int:
        """Open a file below the root, or refuse."""
        try:
            descriptor = os.open(f"{self._root}/{check_key(key)}", _READ)
        except NotADirectoryError:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from None
        refusal = self._refuse(descriptor, key)
        if refusal:
            os.close(descriptor)
            raise refusal
        return descriptor

    def _refuse(self, descriptor: int, key: str) -> LeanError | None:
        if not is_within(_path_of(descriptor, f"{self._root}/{key}"), self._root):
            return _leads_out(key)
        return None if modes.S_ISREG(os.fstat(descriptor).st_mode) else self._missing(key)

    def _inside(self, key: str) -> str:
        """Return the path that a key leads to, with all links followed, or refuse it."""
        path = os.path.realpath(f"{self._root}/{check_key(key)}")
        if not is_within(path, self._root):
            raise _leads_out(key)
        return path

    def _is_nothing(self, path: str) -> bool:
        if Path(path).is_dir():
            return False
        self._check_root()
        return True

    def _make_room(self, key: str) -> Path:
        """Make the folders above a key and return its path.

        The root itself is not made: it may be a share that is not mounted.
        """
        folder, _, name = check_key(key).rpartition("/")
        self._check_root()
        above = Path(self._inside(folder) if folder else self._root)
        above.mkdir(parents=True, exist_ok=True)
        return above / name

    def _check_root(self) -> None:
        try:
            state = Path(self._root).stat()
        except FileNotFoundError:
            raise RootMissing(f"there is no folder {self.uri}: make it, mount it, or correct the path") from None
        if not modes.S_ISDIR(state.st_mode):
            raise NotAFolder(f"{self.uri} is not a folder: name the folder that holds the models")

    def _missing(self, key: str) -> ObjectsMissing:
        return ObjectsMissing(f"there is no file {self.uri}/{key}: it was moved or deleted, or never written")

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        """Say what an error of the system means at this place."""
        try:
            yield
        except LeanError:
            raise
        except OSError as error:
            raise self._explain(error, key) from None

    def _explain(self, error: OSError, key: str) -> LeanError:
        try:
            self._check_root()
        except LeanError as about_root:
            return about_root
        except OSError as about_root:
            error, key = about_root, ""
        named = error.filename
        if isinstance(named, str) and is_within(named, self._root) and not is_draft(Path(named).name):
            key = named[len(self._root) :].lstrip("/")  # of a listing, the folder in it that could not be listed
        place = f"{self.uri}/{key}" if key else self.uri
        why = error.strerror or type(error).__name__
        if error.errno == errno.ENOENT:
            return self._missing(key)
        kind, says = _MEANINGS.get(error.errno or 0, (ObjectsError, "check the disk or the share"))
        return kind(f"{place}: {why}: {says}")


def _read(descriptor: int, limit: int | None) -> bytes:
    """Return what an open file holds, up to so many bytes. Python's file objects take three times as long for 1 kB."""
    pieces: list[bytes] = []
    wanted = sys.maxsize if limit is None else limit
    while wanted > 0 and (piece := os.read(descriptor, min(wanted, _BUFFER))):
        pieces.append(piece)
        wanted -= len(piece)
    return b"".join(pieces)


def _leads_out(key: str) -> NameRefused:
    return NameRefused(
        f"the path {key[:100]!r} leads out of the registry's root by a link: copy what the link leads to"
    )


def _path_of(descriptor: int, path: str) -> str:
    """Return where an open file really lies.

    The kernel is asked about what was opened, which costs 2 µs and leaves no moment in between; following the links
    beforehand costs 9 µs. Only Linux has /proc.
    """
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115 - Path costs more than the question
    except OSError:
        return os.path.realpath(path)
