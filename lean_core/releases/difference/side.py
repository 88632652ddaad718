"""All that is known of one version when it is held against another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lean_core.registry import Approval, Deployment, Gate, Record, Version
from lean_core.releases.permission import find_gate
from lean_core.releases.trail import KnownTrail, events_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """What a lock file names."""

    versions: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    """Why nothing is known: the end of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two versions."""

    version: Version
    packages: Packages
    environment: str
    """For which deployment, gate and approvals are meant."""
    deployment: Deployment | None
    gate: Gate | None
    approvers: tuple[str, ...]

    @property
    def name(self) -> str:
        """The version's name."""
        return self.version.version

    @property
    def record(self) -> Record | None:
        """Its record, where it can be read."""
        return self.version.record


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records of both sides, where both can be read."""

    one: Side
    other: Side
    before: Record
    after: Record


def describe_side(
    version: Version, packages: Packages, trail: KnownTrail, *, environment: str, deployment: Deployment | None = None
) -> Side:
    """Gather what the trail knows of a version in an environment.

    Args:
        version: as it was read.
        packages: what its lock file names.
        trail: of its model.
        environment: for which deployment, gate and approvals are meant.
        deployment: which one is meant; None: the newest one there that succeeded.
    """
    meant = deployment or _newest_deployment(trail, version.version, environment)
    named = events_by_id(trail).get(meant.gate) if meant and meant.gate else None
    gate = named if isinstance(named, Gate) else find_gate(trail, version.version, environment)
    approvers = [
        f"{event.by} (own version)" if event.self else event.by
        for event in (known.event for known in trail.events)
        if isinstance(event, Approval) and event.version == version.version and event.environment in {None, environment}
    ]
    return Side(
        version=version,
        packages=packages,
        environment=environment,
        deployment=meant,
        gate=gate,
        approvers=tuple(sorted(set(approvers))),
    )


def _newest_deployment(trail: KnownTrail, version: str, environment: str) -> Deployment | None:
    for known in reversed(trail.events):
        event = known.event
        if (
            isinstance(event, Deployment)
            and (event.version, event.environment) == (version, environment)
            and event.outcome == "succeeded"
        ):
            return event
    return None
