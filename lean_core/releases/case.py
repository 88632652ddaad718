"""A version that wants into an environment: what is judged, with all that is known about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from lean_core.objects import Objects
from lean_core.registry import Event
from lean_core.registry.read import read_trail, read_version
from lean_core.registry.version import Version
from lean_core.releases.checks.business import ReadSignal, no_signal
from lean_core.releases.checks.table import Fetch
from lean_core.releases.policy import Policy
from lean_core.releases.replaced import Replaced, find_replaced
from lean_core.releases.scores import Scores, read_scores, scores_of
from lean_core.releases.state import EnvironmentState, fold_environment
from lean_core.releases.trail import KnownTrail, know

_Event = TypeVar("_Event", bound=Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A version, an environment, and the evidence."""

    version: Version
    environment: str
    policy: Policy | None
    """By which it is judged; None where lean.toml has none."""
    trail: KnownTrail
    scores: Scores
    """Of the version."""
    baselines: Mapping[str, Scores] = field(default_factory=dict)
    """Of the versions that it is compared with."""

    @property
    def state(self) -> EnvironmentState:
        """What the trail says of the environment."""
        return fold_environment(self.trail, self.environment)

    @property
    def replaced(self) -> Replaced:
        """Whose place the version would take there, or took."""
        return find_replaced(self.trail, self.environment, self.version.version)

    def events(self, kind: type[_Event]) -> list[_Event]:
        """Return the events of a kind that are about the version, for this environment or for all of them."""
        own = (known.event for known in self.trail.events)
        return [
            event
            for event in own
            if isinstance(event, kind)
            and event.version == self.version.version
            and event.environment in {None, self.environment}
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks, and when."""

    event_id: str
    actor: str
    at: dt.datetime
    """Naive UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where checks look that need more than the registry."""

    folder: Path
    """The workspace's."""
    fetch: Fetch
    environ: Mapping[str, str]
    """Of the processes that are started."""
    read_signal: ReadSignal = no_signal


def read_case(objects: Objects, policy: Policy | None, *, model: str, version: str, environment: str) -> Case:
    """Read what is known about a version, and about those that its policy compares it with.

    Raises:
        NameRefused: there can be none of this name.
        NotInRegistry: there is none.
        ObjectsError: the registry can't be read.
    """
    found = read_version(objects, model, version)
    case = Case(
        version=found,
        environment=environment,
        policy=policy,
        trail=know(model, read_trail(objects, model)),
        scores=scores_of(objects, found) if policy else Scores(version=version),
    )
    if policy is None:
        return case
    others = [name for name in policy.baselines(case.replaced.version) if name != version]
    return replace(case, baselines={name: read_scores(objects, model, name) for name in others})
