"""Run the command that deploys, and keep what it came to."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lean_core.errors import UnavailableError

TAIL = 4_000
"""Bytes of the output that are kept."""
GRACE = 10.0
"""Seconds in which a command that is stopped may clean up, before it is asked more firmly."""
_PAUSE = 0.1
"""Seconds after which a stop is noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of a command."""

    succeeded: bool
    exit_code: int | None
    """None where it was stopped; below 0 the signal that ended it."""
    seconds: float
    tail: str
    """The last that it wrote, on stdout or stderr."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """A command line that deploys, and where it runs."""

    command: str
    """For ``sh``, as a person would type it."""
    folder: Path
    environ: Mapping[str, str]
    tell: Callable[[bytes], None]
    """Takes what it writes, while it writes."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Set by whoever wants the command to end: it is given time to clean up, and has failed. Set once more, it is
    given no more time."""


def run_command(shell: Shell) -> Ran:
    """Run a command in a shell and wait for its end.

    Raises:
        UnavailableError: there is no shell, or no such folder.
    """
    began, tail = time.monotonic(), bytearray()
    try:
        process = subprocess.Popen(
            _in_shell(shell.command),
            cwd=shell.folder,
            env=dict(shell.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=None if _in_terminal() else 0,
        )
    except OSError as error:
        raise UnavailableError(
            f"the command can't be started in {shell.folder} ({error.strerror}): nothing was deployed, and nothing"
            " recorded"
        ) from None
    reader = threading.Thread(target=_pass_on, args=(process.stdout, tail, shell.tell), daemon=True)
    reader.start()
    try:
        code = _wait(process, shell.stop)
    except BaseException:
        process.kill()
        raise
    # Not until the end of the output: a service that it started in the background may keep the pipe open for years.
    reader.join(timeout=1.0)
    return Ran(
        succeeded=code == 0,
        exit_code=code,
        seconds=time.monotonic() - began,
        tail=bytes(tail).decode("utf-8", errors="replace"),
    )


def _wait(process: subprocess.Popen[bytes], stop: threading.Event) -> int | None:
    """Return the exit code, or None where the command was stopped.

    In a terminal Ctrl-C reaches the command too, and a second interruption makes some programs (terraform) break off at
    once: there it is only waited for. Elsewhere the signal came to us alone.
    """
    if _ended(process, stop, within=None):
        return process.returncode
    for number in (None if _in_terminal() else signal.SIGINT, signal.SIGTERM):
        stop.clear()
        if number is not None:
            _send(process, number)
        if _ended(process, stop, within=GRACE):
            return None
    _send(process, signal.SIGKILL)
    process.wait()
    return None


def _in_terminal() -> bool:
    """Whether a terminal sends its signals, and asks for its passwords, in our process group."""
    return os.isatty(0)


def _send(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the command, and where it has a group of its own, to all that it started."""
    if _in_terminal():
        process.send_signal(number)
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _ended(process: subprocess.Popen[bytes], stop: threading.Event, *, within: float | None) -> bool:
    """Wait for a process until it is to be stopped, or time is up."""
    until = None if within is None else time.monotonic() + within
    while not stop.is_set() and (until is None or time.monotonic() < until):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_PAUSE)
            return True
    return process.poll() is not None


def _in_shell(command: str) -> list[str]:
    if os.name == "nt":
        return [os.environ.get("COMSPEC", "cmd.exe"), "/d", "/c", command]
    return ["/bin/sh", "-c", command]


def _pass_on(output: IO[bytes] | None, tail: bytearray, tell: Callable[[bytes], None]) -> None:
    if output is None:
        return
    with output:
        while piece := os.read(output.fileno(), 65_536):
            tail += piece
            del tail[:-TAIL]
            with contextlib.suppress(OSError, ValueError):  # whoever watched has left: the command goes on
                tell(piece)
