"""Beats, valid unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lean_core.signals.heartbeats import Beat, Details, Heartbeat, Said, assess, make_beat
from lean_core.signals.heartbeats.beats import Beats

NOON = dt.datetime(2026, 11, 23, 12)


def at(hours: float) -> dt.datetime:
    """Return a moment so many hours after noon."""
    return NOON + dt.timedelta(hours=hours)


def a_beat(said: Said = "success", *, hours: float = 0, job: str = "nightly", **details) -> Beat:
    return make_beat(job, said, at=at(hours), details=Details(**details))


def daily(*seconds: float) -> list[Beat]:
    """Return successes that took so long, one a day, the last one at noon."""
    days = range(len(seconds))[::-1]
    return [a_beat(hours=-24 * day, seconds=took) for day, took in zip(days, seconds, strict=True)]


def judged(beats: Iterable[Beat], *, hours: float, settings=None) -> Heartbeat:
    return assess("nightly", settings, Beats(beats=tuple(beats)), now=at(hours))
