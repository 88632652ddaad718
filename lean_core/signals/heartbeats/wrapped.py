"""Run a command as if nobody wrapped it: its streams, its signals and its exit code are its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import FrameType

_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
"""What shells say."""
_SIGNALED = 128
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGINT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    exit_code: int
    """As a shell has it: 128 and more is a signal, 127 a program that is not there."""
    seconds: float
    problem: str = ""
    """Why it could not be started."""


def run_wrapped(command: Sequence[str]) -> Ended:
    """Run a command, without a shell, and wait for its end."""
    began = time.monotonic()
    with _passing_on() as signals:
        try:
            process = subprocess.Popen(command)
        except (OSError, ValueError) as error:  # a null character in it is a ValueError
            code = _NOT_FOUND if isinstance(error, FileNotFoundError) else _NOT_EXECUTABLE
            why = getattr(error, "strerror", None) or error
            problem = f"the command {command[0]!r} can't be started ({why}): correct its name or its path"
            return Ended(exit_code=code, seconds=time.monotonic() - began, problem=problem)
        signals.reach(process)
        code = process.wait()
    return Ended(exit_code=_SIGNALED - code if code < 0 else code, seconds=time.monotonic() - began)


class _Signals:
    """Signals that are meant to end the command reach it, and do not end us before its end is noted."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def reach(self, process: subprocess.Popen[bytes]) -> None:
        """Send what came, and what comes, to a process."""
        self._process = process
        for number in self._early:
            process.send_signal(number)

    def take(self, number: int, _: FrameType | None) -> None:
        """Handle a signal."""
        if number == signal.SIGINT and os.isatty(0):
            return  # the terminal has sent it to the command too
        if self._process is None:
            self._early.append(number)
        else:
            self._process.send_signal(number)  # which does nothing where it has ended


@contextlib.contextmanager
def _passing_on() -> Iterator[_Signals]:
    signals = _Signals()
    numbers = [getattr(signal, name) for name in _PASSED_ON if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    # What is ignored, as nohup does, stays so; what is not Python's own can't be put back.
    kept = {number: handler for number, handler in handlers.items() if handler not in {signal.SIG_IGN, None}}
    try:
        with contextlib.suppress(ValueError):  # outside of the main thread
            for number in kept:
                signal.signal(number, signals.take)
        yield signals
    finally:
        with contextlib.suppress(ValueError):
            for number, handler in kept.items():
                signal.signal(number, handler)
