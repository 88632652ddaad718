"""What was deployed of a signal's model in its environment: did the release cause it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.errors import ObjectsError, UsageError
from lean_core.releases import find_intervals
from pages._ui import release_reading, text

if TYPE_CHECKING:
    from lean_core.registry import Deployment
    from lean_core.signals import Signal
    from lean_core.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """The deployments of a model in an environment."""

    deployments: Sequence[Deployment] = ()
    """Those that succeeded, oldest first."""
    problem: str = ""
    """Why they can't be read, in Markdown."""


def read(workbench: Workbench, signal: Signal) -> Releases:
    """Return what was deployed; a registry that can't be read hides nothing but its own part."""
    if workbench.settings.registry is None or signal.model is None or signal.environment is None:
        return Releases()
    try:
        trails, _ = release_reading.read_trails(workbench)
    except (ObjectsError, UsageError) as error:
        return Releases(problem=f"What was deployed can't be read: {text.plain(str(error))}.")
    trail = next((each for each in trails if each.model == signal.model), None)
    intervals = find_intervals(trail, signal.environment) if trail else ()
    return Releases(deployments=[each for interval in intervals for each in interval.deployments])
