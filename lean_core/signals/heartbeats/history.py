"""What a job's beats come to: the runs that ended, the one that runs, and how long they take."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lean_core.signals.heartbeats.beat import Beat

COMPARED = 10
"""Runs with which another is compared."""
FEWEST = 3
"""Runs below which there is nothing to compare with."""
FACTOR = 2.0
_SLACK = 1.0
"""Seconds: of runs that take a moment, twice as long means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A run that ended."""

    beat: Beat
    seconds: float | None
    """None where nobody said when it began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """How long the runs of a job take."""

    median: float
    """In seconds, of the last ten that succeeded."""

    @property
    def longest(self) -> float:
        """Seconds above which a run takes too long."""
        return max(self.median * FACTOR, self.median + _SLACK)

    @property
    def shortest(self) -> float:
        """Seconds below which a run is suspicious: it may have found nothing to do."""
        return min(self.median / FACTOR, self.median - _SLACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The beats of a job, folded."""

    first: Beat | None
    """The oldest that is known."""
    last: Beat | None
    end: End | None
    """The last run that ended."""
    success: End | None
    """The last run that succeeded."""
    running: Beat | None
    """The start of a run that has not ended."""
    usual: Usual | None
    """By all successes; None where they are too few."""
    usual_before: Usual | None
    """By those before the last one."""


def fold(beats: Iterable[Beat]) -> History:
    """Return what beats come to, in whatever order they arrived."""
    ordered = sorted(beats, key=lambda beat: (beat.at, beat.said != "start", beat.id))
    ends: list[End] = []
    running: Beat | None = None
    for beat in ordered:
        if beat.said == "start":
            running = beat  # an older one that never ended has died
            continue
        ends.append(End(beat=beat, seconds=_seconds(beat, running)))
        if running is not None and beat.run in {None, running.run}:
            running = None
    successes = [end for end in ends if end.beat.said == "success"]
    return History(
        first=ordered[0] if ordered else None,
        last=ordered[-1] if ordered else None,
        end=ends[-1] if ends else None,
        success=successes[-1] if successes else None,
        running=running,
        usual=_usual(successes),
        usual_before=_usual(successes[:-1]),
    )


def elapsed(start: dt.datetime, end: dt.datetime) -> float:
    """Return the seconds between two moments."""
    return (end - start).total_seconds()


def _seconds(end: Beat, running: Beat | None) -> float | None:
    if end.seconds is not None:
        return end.seconds
    return elapsed(running.at, end.at) if running is not None and running.run == end.run else None


def _usual(successes: Sequence[End]) -> Usual | None:
    took = [end.seconds for end in successes if end.seconds is not None][-COMPARED:]
    return Usual(median=statistics.median(took)) if len(took) >= FEWEST else None
