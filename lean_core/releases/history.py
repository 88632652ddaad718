"""What was live where, and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lean_core.registry import Deployment
from lean_core.releases.span import Span
from lean_core.releases.trail import KnownTrail, as_known_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A time in which one version was declared live in one environment."""

    model: str
    environment: str
    version: str
    start: dt.datetime
    """Naive UTC."""
    end: dt.datetime | None
    """When another version took its place; None while it is live."""
    deployments: tuple[Deployment, ...]
    """What put it there, and what deployed it again while it was there."""
    late: bool
    """Whether the event that put it there came late."""
    known_at: dt.datetime | None
    """When the registry had that event."""

    @property
    def first(self) -> Deployment:
        """The deployment that put it there."""
        return self.deployments[0]

    @property
    def last(self) -> Deployment:
        """The newest deployment of it."""
        return self.deployments[-1]

    def newest_in(self, span: Span) -> Deployment:
        """Return the newest deployment of it that there was in a span of time, or at the moment that it is."""
        there = (each for each in self.deployments if each.at < span.end or each.at <= span.start)
        return max(there, key=lambda each: (each.at, each.id), default=self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """What was live in an environment in a span of time."""

    model: str
    environment: str
    intervals: tuple[Interval, ...]
    """One, where nothing changed in the span; none, where nothing was declared live."""
    told_then: tuple[str, ...] | None
    """The versions that the trail named when the span was over, where events that came late made it say otherwise."""


def environments_in(trail: KnownTrail) -> list[str]:
    """Return the environments that a trail's deployments name, in the order of their first ones."""
    named = (known.event.environment for known in trail.events if isinstance(known.event, Deployment))
    return list(dict.fromkeys(name for name in named if name is not None))


def find_intervals(trail: KnownTrail, environment: str) -> tuple[Interval, ...]:
    """Return what was live in an environment, oldest first; a failed deployment changes nothing."""
    stays: list[list[tuple[Deployment, bool, dt.datetime | None]]] = []
    for known in trail.events:
        event = known.event
        if not isinstance(event, Deployment) or event.environment != environment or event.outcome != "succeeded":
            continue
        if not stays or stays[-1][0][0].version != event.version:
            stays.append([])
        stays[-1].append((event, known.late, known.known_at))
    intervals: list[Interval] = []
    end: dt.datetime | None = None
    for stay in reversed(stays):
        first, late, known_at = stay[0]
        interval = Interval(
            model=trail.model,
            environment=environment,
            version=first.version,
            start=first.at,
            end=end,
            deployments=tuple(event for event, _, _ in stay),
            late=late,
            known_at=known_at,
        )
        intervals.insert(0, interval)
        end = first.at
    return tuple(intervals)


def live_between(trail: KnownTrail, environment: str, start: dt.datetime, end: dt.datetime) -> Then:
    """Return what was live in an environment from a moment up to, but not including, another one.

    A span of no length asks for what was live at that very moment.
    """
    found = _overlapping(find_intervals(trail, environment), start, end)
    seen = _overlapping(find_intervals(as_known_at(trail, end), environment), start, end)
    then, now = (tuple(each.version for each in intervals) for intervals in (seen, found))
    return Then(model=trail.model, environment=environment, intervals=found, told_then=None if then == now else then)


def _overlapping(intervals: tuple[Interval, ...], start: dt.datetime, end: dt.datetime) -> tuple[Interval, ...]:
    return tuple(
        each
        for each in intervals
        if (each.start < end or each.start <= start) and (each.end is None or each.end > start)
    )
