"""The order in which a version goes through the environments."""

from __future__ import annotations

from collections.abc import Sequence

from lean_core.registry import Deployment
from lean_core.releases.trail import KnownTrail


def find_skipped(trail: KnownTrail, version: str, environment: str, order: Sequence[str]) -> tuple[str, ...]:
    """Return the environments before this one, in promotion order, that a version has never served.

    An environment that is not in the order has none before it.
    """
    before = order[: order.index(environment)] if environment in order else ()
    served = {
        known.event.environment
        for known in trail.events
        if isinstance(known.event, Deployment) and known.event.version == version and known.event.outcome == "succeeded"
    }
    return tuple(name for name in before if name not in served)
