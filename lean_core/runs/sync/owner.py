"""Who is syncing: this process, named so that another one can tell whether it still lives."""

from __future__ import annotations

import datetime as dt
import os
import socket

SILENCE = dt.timedelta(seconds=60)
"""A sync that gave no sign of life for so long was interrupted."""


def this_process() -> str:
    """Return this process's name for a lease."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_alive(owner: str, *, seen_at: dt.datetime, now: dt.datetime) -> bool:
    """Say whether a sync's owner still works on it."""
    if now - seen_at > SILENCE:
        return False
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
