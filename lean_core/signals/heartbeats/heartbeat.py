"""The heartbeat of a job: what it should do, what it did, and the state it is in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from lean_core.objects import Objects
from lean_core.settings import HeartbeatSettings
from lean_core.signals.heartbeats.beat import Beat
from lean_core.signals.heartbeats.beats import NO_BEATS, Beats, list_jobs, read_beats
from lean_core.signals.heartbeats.history import fold
from lean_core.signals.heartbeats.judge import State, judge
from lean_core.signals.heartbeats.schedule import find_schedule

ALARMING: frozenset[State] = frozenset({"late", "down", "failed"})
"""States in which the job does not do what it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """What is known of a job."""

    job: str
    state: State
    sentence: str
    """Why it is in that state, with times."""
    threshold: str
    """What it is judged by, in words."""
    every: dt.timedelta
    grace: dt.timedelta
    due: dt.datetime | None
    """When the next success is due; None before the first beat."""
    deadline: dt.datetime | None
    """When the job is down without one."""
    last_at: dt.datetime | None
    """When it last said anything."""
    last_success_at: dt.datetime | None
    median_seconds: float | None
    """How long its runs take; None where too few are known."""
    is_declared: bool
    """Whether lean.toml names it; otherwise it was found by its beats."""
    model: str | None = None
    """Which goes stale without it; None: nobody said, so it may be any."""
    environment: str | None = None
    """Where it runs; None: nobody said."""
    owner: str | None = None
    runbook: str | None = None
    beats: tuple[Beat, ...] = ()
    """The newest ones, oldest first, and older successes."""
    notes: tuple[str, ...] = ()
    """About what could not be read, or does not count."""

    @property
    def is_alarming(self) -> bool:
        """Whether the job does not do what it should."""
        return self.state in ALARMING


def read_heartbeats(
    objects: Objects, declared: Mapping[str, HeartbeatSettings], *, now: dt.datetime
) -> list[Heartbeat]:
    """Return the heartbeats of the jobs that are declared, in that order, and of those that were found.

    Raises:
        ObjectsError: the registry can't be read.
    """
    found = list_jobs(objects)
    beats = read_beats(objects, found, now=now)
    jobs = dict.fromkeys([*declared, *found])
    return [assess(job, declared.get(job), beats.get(job, NO_BEATS), now=now) for job in jobs]


def assess(job: str, settings: HeartbeatSettings | None, read: Beats, *, now: dt.datetime) -> Heartbeat:
    """Return the heartbeat of a job, by what lean.toml says of it and what was read of its beats."""
    past = [beat for beat in read.beats if beat.at <= now]
    schedule, history = find_schedule(settings, past), fold(past)
    judgement = judge(history, schedule, now)
    return Heartbeat(
        job=job,
        state=judgement.state,
        sentence=judgement.sentence,
        threshold=str(schedule),
        every=schedule.every,
        grace=schedule.grace,
        due=judgement.due,
        deadline=judgement.deadline,
        last_at=history.last.at if history.last else None,
        last_success_at=history.success.beat.at if history.success else None,
        median_seconds=history.usual.median if history.usual else None,
        is_declared=settings is not None,
        model=(settings.model if settings else None) or None,
        environment=(settings.environment if settings else None) or None,
        owner=(settings.owner if settings else None) or None,
        runbook=(settings.runbook if settings else None) or None,
        beats=tuple(sorted(past, key=lambda beat: (beat.at, beat.id))),
        notes=read.notes,
    )
