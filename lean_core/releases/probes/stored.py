"""Ask by looking: a file, or an object in a bucket."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import IO, Literal

from lean_core.bound import Bound
from lean_core.errors import LeanError
from lean_core.releases.probes.answer import LIMIT
from lean_core.releases.probes.observation import Said, Silent

_PIECE = 1 << 20


def open_file(path: Path) -> IO[bytes] | Silent:
    """Open a file to be looked at."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Silent(reason="that is a folder or a device, not a file")
        return path.open("rb")
    except FileNotFoundError:
        return Silent(reason="there is no such file")
    except PermissionError:
        return Silent(reason="it may not be read by us")
    except (OSError, ValueError):
        return Silent(reason="it can't be read")


def look(stream: IO[bytes], *, compare: Literal["text", "content"], bound: Bound) -> bytes | Said | Silent:
    """Return a stream's first bytes (at most `LIMIT` and one more), or the digest of all of it.

    Raises:
        TimeoutError: there is too much of it to be hashed in time.
    """
    try:
        with stream:
            if compare == "text":
                return stream.read(LIMIT + 1)
            sha256 = hashlib.sha256()
            while piece := stream.read(_PIECE):
                sha256.update(piece)
                bound.left()
            return Said(text=sha256.hexdigest(), kind="digest")
    except TimeoutError:
        raise
    except LeanError as error:
        return Silent(reason=str(error))
    except OSError as error:
        return Silent(reason=f"it can't be read ({error.strerror or type(error).__name__})")
