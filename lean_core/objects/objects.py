"""What the registry needs of the place where it lies, be it a folder or a bucket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Protocol

Progress = Callable[[int], None]
"""Is told how many more bytes were moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectInfo:
    """What a listing tells of an object, without reading it."""

    key: str
    """From the root, with slashes."""
    bytes: int
    modified: dt.datetime
    """Naive UTC."""
    tag: str
    """Changes whenever the object does: of a file its inode, size and time stamp, of S3 the ETag and time stamp."""
    refused: str = ""
    """Why it can't be read, where it can't: a link out of the root, a name that is no key. Size and tag then mean
    nothing."""


class Objects(Protocol):
    """Objects under a root, by key; an object is created once and never changed."""

    @property
    def uri(self) -> str:
        """Where the root is, without secrets: for a person."""

    def walk(self, prefix: str = "", *, without: str = "") -> Iterator[ObjectInfo]:
        """Yield the objects whose keys begin with a prefix, at any depth and in no promised order.

        Nothing is left out but what the workbench itself leaves behind for a moment.

        Args:
            prefix: of the keys.
            without: how names right in the folder of the prefix begin that nobody needs: what is called so, or lies in
                a folder that is, may be left out where that is cheaper.

        Raises:
            NameRefused: the prefix leaves the root.
            ObjectsError: the root, or a folder in it, can't be listed; each reason is its own error.
        """

    def list_folders(self, prefix: str = "") -> list[str]:
        """Return the names of the folders right below ``prefix`` (empty, or ending in a slash).

        Raises:
            ObjectsError: as `walk`.
        """

    def stat(self, key: str) -> ObjectInfo | None:
        """Return what is known of an object, or None where there is none.

        Raises:
            NameRefused: the key leaves the root.
            ObjectsError: it can't be told.
        """

    def read(self, key: str, *, limit: int | None = None) -> bytes:
        """Return an object's bytes, at most ``limit`` of them.

        Raises:
            ObjectsMissing: there is none.
            NameRefused, ObjectsError: as `stat`.
        """

    def open(self, key: str) -> BufferedReader:
        """Open an object to read it as a stream; to be closed by the caller.

        Raises:
            ObjectsMissing, NameRefused, ObjectsError: as `read`.
        """

    def creates_safely(self) -> bool:
        """Whether of two who create the same object at once exactly one wins.

        Of a server it is found out by trying it, once for each bucket: objects are written for a moment.

        Raises:
            ObjectsError: it can't be told.
        """

    def create(self, key: str, content: bytes) -> None:
        """Create an object if it is not there: whole or not at all, and of two writers at once exactly one wins.

        Raises:
            AlreadyThere: it is there; it was not changed.
            CreateUnsafe: this server can't promise it, and the settings don't say that we are the only writer.
            NameRefused, ObjectsError: as `stat`.
        """

    def known_sha256(self, key: str) -> str | None:
        """Return the digest of an object's bytes without fetching them, or None where it is not known or not there.

        On S3 it is the one that was noted when it was uploaded, so it vouches for nothing: to verify, read.

        Raises:
            NameRefused, ObjectsError: as `stat`.
        """

    def upload(self, path: Path, key: str, *, progress: Progress, sha256: str | None = None) -> None:
        """Copy a local file under a key, whole or not at all; what is there already is replaced.

        For payloads only: what may never be replaced goes through `create`.

        Args:
            path: of the file.
            key: where it goes.
            progress: is told of each piece that was sent.
            sha256: of the file, to be noted with it where the place can.

        Raises:
            UsageError: the file can't be read.
            NameRefused, ObjectsError: as `stat`.
        """
