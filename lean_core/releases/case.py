"""A version that wants into an environment: what is judged, with all that is known about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from lean_core.registry import Event
from lean_core.registry.version import Version
from lean_core.releases.checks.table import Fetch
from lean_core.releases.scores import Scores
from lean_core.releases.state import EnvironmentState, fold_environment
from lean_core.releases.trail import KnownTrail

_Event = TypeVar("_Event", bound=Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A version, an environment, and the evidence."""

    version: Version
    environment: str
    trail: KnownTrail
    scores: Scores
    """Of the version."""
    baselines: Mapping[str, Scores] = field(default_factory=dict)
    """Of the versions that it is compared with."""

    @property
    def state(self) -> EnvironmentState:
        """What the trail says of the environment."""
        return fold_environment(self.trail, self.environment)

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
class Surroundings:
    """Where checks look that need more than the registry."""

    folder: Path
    """The workspace's."""
    fetch: Fetch
    environ: Mapping[str, str]
    """Of the processes that are started."""
