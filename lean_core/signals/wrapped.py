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
    try:
        process = subprocess.Popen(command)
    except OSError as error:
        code = _NOT_FOUND if isinstance(error, FileNotFoundError) else _NOT_EXECUTABLE
        problem = f"the command {command[0]!r} can't be started ({error.strerror}): correct its name or its path"
        return Ended(exit_code=code, seconds=time.monotonic() - began, problem=problem)
    except ValueError:
        problem = "the command has a null character in it"
        return Ended(exit_code=_NOT_EXECUTABLE, seconds=time.monotonic() - began, problem=problem)
    with _passing_on(process):
        code = process.wait()
    return Ended(exit_code=_SIGNALED - code if code < 0 else code, seconds=time.monotonic() - began)


@contextlib.contextmanager
def _passing_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let signals that are meant to end the command reach it, and not end us before the end is noted."""

    def pass_on(number: int, _: FrameType | None) -> None:
        if number == signal.SIGINT and os.isatty(0):
            return  # the terminal has sent it to the command too
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)

    numbers = [getattr(signal, name) for name in _PASSED_ON if hasattr(signal, name)]
    # What is ignored, as nohup does, stays so; outside of the main thread Python takes no handlers.
    kept = {number: signal.getsignal(number) for number in numbers}
    try:
        with contextlib.suppress(ValueError):
            for number in numbers:
                if kept[number] not in {signal.SIG_IGN, None}:
                    signal.signal(number, pass_on)
        yield
    finally:
        with contextlib.suppress(ValueError):
            for number, handler in kept.items():
                if handler is not None:
                    signal.signal(number, handler)
