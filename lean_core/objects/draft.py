"""Writing a local file whole or not at all: to a name of our own beside it, then into place."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".lean-tmp-"
_DRAFT = re.compile(rf"{re.escape(_PREFIX)}[0-9a-f]{{16}}")
_ABANDONED_SECONDS = 86_400
"""A draft that nobody wrote to for a day was left behind by a process that died."""
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})
"""What file systems without hard links (USB sticks, some network shares) answer."""


def is_draft(name: str) -> bool:
    """Whether a file of this name is one that is being written, or was when its writer died."""
    return name.startswith(_PREFIX) and bool(_DRAFT.fullmatch(name))


def write_once(path: Path, content: bytes) -> None:
    """Write a file that is not there; of several writers at once exactly one succeeds.

    Raises:
        FileExistsError: it is there.
        BlockingIOError: this file system has neither hard links nor locks, so nobody could promise that.
        OSError: it can't be written; nothing of it is there.
    """
    with _draft(path, [content]) as draft:
        try:
            # Unlike a rename, a link never takes the place of what somebody else wrote.
            path.hardlink_to(draft)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _rename_under_lock(draft, path)
    _flush_folder(path.parent)


def replace(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file, in the place of an older one if there is one.

    Raises:
        OSError: it can't be written; the older one is as it was.
    """
    with _draft(path, chunks) as draft:
        _sweep(path.parent, draft)
        draft.replace(path)
    _flush_folder(path.parent)


@contextmanager
def _draft(path: Path, chunks: Iterable[bytes]) -> Iterator[Path]:
    draft = path.parent / f"{_PREFIX}{secrets.token_hex(8)}"
    try:
        with draft.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _rename_under_lock(draft: Path, path: Path) -> None:
    import fcntl  # not on Windows, whose file systems have links

    folder = os.open(path.parent, os.O_RDONLY)
    try:
        try:
            # The kernel lets go of it when its holder dies; a lock file would stay.
            fcntl.flock(folder, fcntl.LOCK_EX)
        except OSError:
            raise BlockingIOError(errno.EAGAIN, "neither hard links nor locks") from None
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        draft.rename(path)
    finally:
        os.close(folder)


def _sweep(folder: Path, draft: Path) -> None:
    """Remove drafts that were left behind, by the clock of the file system, which made the newest one."""
    now = draft.stat().st_mtime
    with os.scandir(folder) as entries:
        old = [entry.path for entry in entries if is_draft(entry.name) and entry.path != str(draft)]
    for name in old:
        path = Path(name)
        try:
            if now - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink()
        except FileNotFoundError:
            continue  # its writer has just finished


def _flush_folder(folder: Path) -> None:
    """Let the name survive a power cut too, not only the content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # some network shares refuse it for folders
    finally:
        os.close(descriptor)
