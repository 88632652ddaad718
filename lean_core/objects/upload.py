"""Uploading a folder: several files at once, and only those that are not there yet."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from lean_core.objects.key import check_key
from lean_core.objects.objects import ObjectInfo, Objects, Progress
from lean_core.objects.payload import LocalFile

AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """What an upload came to."""

    sent: int
    """Files."""
    kept: int
    """Files that were there already."""
    bytes: int
    """Of both."""


def upload_files(files: Sequence[LocalFile], *, objects: Objects, folder: str, progress: Progress) -> Uploaded:
    """Send files, each as a key below ``folder``; calling it again after an interruption sends what is missing.

    A file is there already if an object has its size and, where the file's digest is known, was noted with the same
    one. Each file arrives whole or not at all, in no promised order, so the one that vouches for the rest goes last,
    by itself, through `Objects.create`.

    Args:
        files: with names that count from ``folder``.
        objects: where they go.
        folder: without a slash at its end.
        progress: is told of bytes that were sent and of those that were there already, by one thread at a time; their
            sum is that of the files.

    Raises:
        UsageError: a file can't be read.
        NameRefused: a name leaves the folder.
        ObjectsError: the place can't be used; what arrived stays, for the next try.
    """
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

    keys = {f"{check_key(folder)}/{check_key(file.name)}": file for file in files}
    there = {info.key: info for info in objects.walk(f"{folder}/")}
    job = _Upload(objects=objects, progress=progress)
    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="lean-upload")
    try:
        tasks = [threads.submit(job.move, key, file, there.get(key)) for key, file in keys.items()]
        wait(tasks, return_when=FIRST_EXCEPTION)
        for task in tasks:
            if task.done() and not task.cancelled():
                task.result()
        sent = sum(task.result() for task in tasks)
    finally:
        job.stop.set()
        threads.shutdown(cancel_futures=True)
    return Uploaded(sent=sent, kept=len(tasks) - sent, bytes=sum(file.bytes for file in files))


class _Stopped(Exception):
    pass


class _Upload:
    """What the threads of one upload share."""

    def __init__(self, *, objects: Objects, progress: Progress) -> None:
        self.stop = threading.Event()
        self._objects = objects
        self._progress = progress
        self._telling = threading.Lock()

    def move(self, key: str, file: LocalFile, there: ObjectInfo | None) -> bool:
        """Send a file unless it is there, and return whether it was sent."""
        if there and not there.refused and there.bytes == file.bytes and self._is_same(key, file):
            self._tell(file.bytes)
            return False
        self._objects.upload(file.path, key, progress=self._tell, sha256=file.sha256)
        return True

    def _is_same(self, key: str, file: LocalFile) -> bool:
        return file.sha256 is None or self._objects.known_sha256(key) == file.sha256

    def _tell(self, count: int) -> None:
        if self.stop.is_set():
            raise _Stopped
        with self._telling:
            self._progress(count)
