"""What a sync says while it works and when it is done."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from lean_core.runs.reader import SyncWarning

ENOUGH_TO_TELL = 0.02
LONG_ENOUGH = 5.0
"""Seconds after which reading itself is what takes so long, as from a server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncProgress:
    """Where a sync is."""

    source: str
    phase: str
    """``looking``, ``importing`` or ``finishing``."""
    done: float = 0.0
    """From 0 to 1, within the phase ``importing``."""
    runs: int = 0
    """How many new or changed runs are being imported."""
    seconds_left: float | None = None
    """An estimate, once there is something to base it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a sync of one source did."""

    source: str
    state: str
    """``ok``, ``unchanged`` (nothing changed since the last one) or ``failed``."""
    imported: int = 0
    """Runs that were not known before."""
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    """Runs now found deleted at the source, or gone from it, that were not known as such; they stay, marked."""
    gone: int = 0
    """Those of ``deleted`` that the source no longer has at all."""
    warnings: tuple[SyncWarning, ...] = ()
    seconds: float = 0.0
    error: str | None = None
    """Why it failed, as a sentence."""
    keeps: bool = True
    """Where it failed: whether there is an earlier import, which stays."""

    @property
    def skipped(self) -> dict[str, int]:
        """How much was left out, by kind of reason, most first."""
        return dict(Counter(warning.kind for warning in self.warnings if warning.skipped).most_common())


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source of the settings, with what is known of its imports."""

    name: str
    uri: str
    """Without a password."""
    kind: str
    state: str = "never"
    """``never`` (not synced yet), ``ok``, or ``stale``: the last attempt failed, what is shown is older."""
    last_success: dt.datetime | None = None
    last_attempt: dt.datetime | None = None
    message: str | None = None
    """Why it is stale."""
    runs: int = 0
    experiments: int = 0
    warnings: int = 0


def seconds_left(done: float, *, elapsed: float, bursts: int) -> float | None:
    """Return how long a job still takes (seconds), or None while too little of it is done to tell.

    Args:
        done: from 0 to 1.
        elapsed: seconds so far.
        bursts: of writing that are over. Reading alone is fast: an estimate without one would be far too short.
    """
    told_enough = done > ENOUGH_TO_TELL and (bursts > 0 or elapsed > LONG_ENOUGH)
    return elapsed * (1 - done) / done if told_enough else None
