"""What is live in an environment, by the trail: declared, not observed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lean_core.registry import Deployment, Withdrawal
from lean_core.releases.basis import Basis, find_basis
from lean_core.releases.doubt import may_be
from lean_core.releases.history import Interval, environments_in, find_intervals
from lean_core.releases.trail import KnownTrail, events_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The version that an environment was last given."""

    version: str
    since: dt.datetime
    """When it took another one's place; naive UTC."""
    deployment: Deployment
    """The newest one of it."""
    basis: Basis
    late: bool
    """Whether the event that put it there came late."""
    withdrawn: Withdrawal | None
    """Why it must not be deployed again, where somebody said so."""

    @property
    def by(self) -> str:
        """Who deployed it."""
        return self.deployment.actor

    @property
    def how(self) -> str | None:
        """By which command or run of the CI."""
        return self.deployment.how

    @property
    def forced(self) -> bool:
        """Whether it went on without a passing gate."""
        return self.basis.kind == "forced"

    @property
    def rollback(self) -> bool:
        """Whether it was put there to get back."""
        return self.deployment.rollback_of is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentState:
    """What the trail says of a model in one environment."""

    model: str
    environment: str
    live: Live | None
    failed: tuple[Deployment, ...]
    """Attempts since that failed, oldest first."""
    doubts: tuple[str, ...]
    """Files of the trail that can't be read and might say otherwise: where there are some, the rest is not sure."""


def fold_environment(trail: KnownTrail, environment: str) -> EnvironmentState:
    """Return what a trail says of an environment, the same whatever order its events arrived in."""
    intervals = find_intervals(trail, environment)
    live = _live(trail, intervals[-1]) if intervals else None
    newest = intervals[-1].last if intervals else None
    failed = tuple(
        event
        for event in (known.event for known in trail.events)
        if isinstance(event, Deployment)
        and event.environment == environment
        and event.outcome == "failed"
        and (newest is None or (event.at, event.id) > (newest.at, newest.id))
    )
    since = newest.at if newest else None
    doubts = tuple(
        each.sentence
        for each in trail.unreadable
        if may_be(each, kinds=("deployment",), environment=environment, since=since)
        or may_be(each, kinds=("withdrawal",), environment=environment)
    )
    return EnvironmentState(model=trail.model, environment=environment, live=live, failed=failed, doubts=doubts)


def fold_environments(trail: KnownTrail, order: Iterable[str]) -> tuple[EnvironmentState, ...]:
    """Return the state of each environment: those in promotion order, then others that the trail names."""
    names = dict.fromkeys([*order, *environments_in(trail)])
    return tuple(fold_environment(trail, name) for name in names)


def find_withdrawal(trail: KnownTrail, version: str, environment: str) -> Withdrawal | None:
    """Return why a version must not be deployed to an environment again, by the first who said so."""
    for known in trail.events:
        event = known.event
        if isinstance(event, Withdrawal) and event.version == version and event.environment in {None, environment}:
            return event
    return None


def _live(trail: KnownTrail, interval: Interval) -> Live:
    deployment = interval.last
    return Live(
        version=interval.version,
        since=interval.start,
        deployment=deployment,
        basis=find_basis(deployment, events_by_id(trail)),
        late=interval.late,
        withdrawn=find_withdrawal(trail, interval.version, interval.environment),
    )
