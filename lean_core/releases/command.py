"""Run the command that deploys, and keep what it came to."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lean_core.errors import UnavailableError

TAIL = 4_000
"""Bytes of the output that are kept."""
GRACE = 10.0
"""Seconds in which an interrupted command may clean up, before it is ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of a command."""

    succeeded: bool
    exit_code: int | None
    """None where it was interrupted; below 0 the signal that ended it."""
    seconds: float
    tail: str
    """The last that it wrote, on stdout or stderr."""


def run_command(command: str, *, folder: Path, environ: Mapping[str, str], tell: Callable[[bytes], None]) -> Ran:
    """Run a command line in a shell, as a person would type it, and wait for its end.

    An interruption (KeyboardInterrupt) is no error here: the command is given time to end, and has failed.

    Args:
        command: for ``sh``.
        folder: where it runs.
        environ: its environment.
        tell: takes the output while it is written.

    Raises:
        UnavailableError: there is no shell, or no such folder.
    """
    began, tail = time.monotonic(), bytearray()
    try:
        process = subprocess.Popen(
            _in_shell(command), cwd=folder, env=dict(environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise UnavailableError(
            f"the command can't be started in {folder} ({error.strerror}): nothing was deployed, and nothing recorded"
        ) from None
    reader = threading.Thread(target=_pass_on, args=(process.stdout, tail, tell), daemon=True)
    reader.start()
    code: int | None
    try:
        code = process.wait()
    except KeyboardInterrupt:
        code = None
        _end(process)
    # Not until the end of the output: a service that it started in the background may keep the pipe open for years.
    reader.join(timeout=1.0)
    return Ran(
        succeeded=code == 0,
        exit_code=code,
        seconds=time.monotonic() - began,
        tail=bytes(tail).decode("utf-8", errors="replace"),
    )


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


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let an interrupted command clean up, then end it.

    In a terminal Ctrl-C has reached it already, and a second interruption makes some programs (terraform) break off
    at once: it is only waited for. Elsewhere the signal came to us alone.
    """
    for signal_to_send in (None if os.isatty(0) else signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            if signal_to_send is not None:
                process.send_signal(signal_to_send)
            process.wait(timeout=GRACE)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            continue
        return
    process.wait()
