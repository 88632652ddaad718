"""Ask by a command, such as ``ssh web1 cat /srv/churn/VERSION``."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from lean_core.bound import Bound
from lean_core.releases.probes.answer import LIMIT
from lean_core.releases.probes.observation import Silent


def ask_command(command: Sequence[str], *, folder: Path, environ: Mapping[str, str], bound: Bound) -> bytes | Silent:
    """Return what a command writes to stdout, at most `LIMIT` bytes and one more.

    Raises:
        TimeoutError: it took too long, and was killed with all that it started.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except FileNotFoundError:
        return Silent(reason="there is no such program")
    except (OSError, ValueError):
        return Silent(reason="it can't be run: check the program and its permissions")

    with process:
        bound.stop_with(lambda: _kill(process))
        written = process.stdout.read(LIMIT + 1) if process.stdout else b""
        if len(written) > LIMIT:
            _kill(process)
            return written
        code = process.wait()
    bound.left()  # if it was killed because time was up, its code says nothing
    return written if code == 0 else Silent(reason=f"it ended with code {code}")


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)  # what it started holds the pipe open too
        else:
            process.kill()
