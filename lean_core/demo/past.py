"""Write things down on past days: what keeps a time asks the one clock, and this process is the demo's alone."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

from lean_core import clock


@contextlib.contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let it be ``moment`` (naive UTC) for a while, for everything that asks `lean_core.clock`."""
    now = clock.now
    clock.now = lambda: moment
    try:
        yield
    finally:
        clock.now = now
