"""Helper processes that read small files beside this one.

Reading a file of a few bytes is a handful of system calls under Python's lock, so threads don't help and a second
process does: on two cores, 5,000 runs (180,000 files) took 1.3 s alone and 0.76 s with one helper. More helpers gain
where there are more cores.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeAlias

import lean_core
from lean_core.runs.readers.mlflow_folder.run_files import RunFolders

_Task: TypeAlias = Callable[[str], Any]

# Packages without their __init__, which would load pyarrow and more: 15 ms instead of 300.
_PROGRAM = """
import marshal, os, sys, types
for name in ("lean_core", "lean_core.runs", "lean_core.runs.readers", "lean_core.runs.readers.mlflow_folder"):
    package = types.ModuleType(name)
    package.__path__ = [os.path.join(sys.argv[1], *name.split("."))]
    sys.modules[name] = package
from lean_core.runs.readers.mlflow_folder.run_files import RunFolders
runs = RunFolders()
tasks = {"fingerprint": runs.fingerprint, "read": lambda folder: tuple(runs.read(folder))}
requests, answers = sys.stdin.buffer, sys.stdout.buffer
while size := requests.read(8):
    task, folders = marshal.loads(requests.read(int.from_bytes(size, "little")))
    data = marshal.dumps([tasks[task](folder) for folder in folders])
    answers.write(len(data).to_bytes(8, "little") + data)
    answers.flush()
"""


def usual_count() -> int:
    """Return how many helpers this machine can use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(3, cores - 1)


class Helpers:
    """Some processes that do the same work as this one, on other pieces of it."""

    def __init__(self, count: int) -> None:
        """Start ``count`` helpers, or as many as can be started."""
        runs = RunFolders()
        self._tasks: dict[str, _Task] = {"fingerprint": runs.fingerprint, "read": runs.read}
        self._processes: list[subprocess.Popen[bytes]] = []
        root = str(Path(lean_core.__file__).parent.parent)
        for _ in range(count):
            try:
                process = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _PROGRAM, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            except OSError:
                return
            self._processes.append(process)

    def run(self, task: str, pieces: Sequence[list[str]]) -> Iterator[tuple[int, list[Any]]]:
        """Do ``task`` on every folder of every piece; yield the number of a piece with its results, in any order."""
        shared = _SharedWork(task=task, waiting=deque(enumerate(pieces)))
        lanes = [threading.Thread(target=shared.hand_out, args=(process,), daemon=True) for process in self._processes]
        for lane in lanes:
            lane.start()
        try:
            for _ in pieces:
                number, found = shared.take()
                if found is None:
                    found = [self._tasks[task](folder) for folder in pieces[number]]
                yield number, found
        finally:
            shared.waiting.clear()
            for lane in lanes:
                lane.join()

    def close(self) -> None:
        """Send the helpers away."""
        for process in self._processes:
            process.kill()
            process.communicate()
        self._processes.clear()


@dataclass(slots=True, kw_only=True)
class _SharedWork:
    task: str
    waiting: deque[tuple[int, list[str]]]
    """Taken by this process from the left and by helpers from the right: so with one helper, each mostly reads what it
    has listed before."""
    answers: SimpleQueue[tuple[int, bytes | None]] = field(default_factory=SimpleQueue)

    def take(self) -> tuple[int, list[Any] | None]:
        """Return the number of a piece with what a helper found, or with None: it is to be done here."""
        if self.answers.empty():
            with suppress(IndexError):
                return self.waiting.popleft()[0], None
        number, data = self.answers.get()
        return number, None if data is None else marshal.loads(data)  # noqa: S302 - from our own child, by a pipe

    def hand_out(self, process: subprocess.Popen[bytes]) -> None:
        """Give pieces to a helper until none is left, or until it dies; what it had is then to be done here."""
        while True:
            try:
                number, piece = self.waiting.pop()
            except IndexError:
                return
            try:
                self.answers.put((number, _ask(process, marshal.dumps((self.task, piece)))))
            except (OSError, EOFError, ValueError):
                self.answers.put((number, None))
                return


def _ask(process: subprocess.Popen[bytes], request: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(len(request).to_bytes(8, "little") + request)
    process.stdin.flush()
    size = int.from_bytes(process.stdout.read(8), "little")
    data = process.stdout.read(size)
    if not size or len(data) < size:
        raise EOFError
    return data
