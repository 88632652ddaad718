"""How often a job has to succeed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lean_core.settings import HeartbeatSettings, write_duration
from lean_core.signals.heartbeats.beat import Beat

EVERY = dt.timedelta(days=1)
"""Where nobody says how often: without a limit, a job that stopped a year ago would look well."""
GRACE = dt.timedelta(hours=1)
"""Where nobody says how much, but never more than ``every``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often, and how much later is merely late."""

    every: dt.timedelta
    grace: dt.timedelta
    is_assumed: bool
    """Whether nobody said how often."""

    def __str__(self) -> str:
        """Say it in words."""
        assumed = " (assumed: neither lean.toml nor its beats say how often)" if self.is_assumed else ""
        return f"a run succeeds every {write_duration(self.every)}, with {write_duration(self.grace)} of grace{assumed}"


def find_schedule(settings: HeartbeatSettings | None, beats: Sequence[Beat]) -> Schedule:
    """Return what lean.toml says, else what the newest beat says that says it, else what is usual."""
    newest = sorted(beats, key=lambda beat: (beat.at, beat.id), reverse=True)
    told_every = next((beat.every_seconds for beat in newest if beat.every_seconds), None)
    told_grace = next((beat.grace_seconds for beat in newest if beat.grace_seconds), None)
    said = (settings.every if settings else None) or _duration(told_every)
    every = said or EVERY
    grace = (settings.grace if settings else None) or _duration(told_grace) or min(every, GRACE)
    return Schedule(every=every, grace=grace, is_assumed=not said)


def _duration(seconds: float | None) -> dt.timedelta | None:
    return dt.timedelta(seconds=seconds) if seconds else None
