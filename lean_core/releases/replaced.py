"""The version whose place another one would take in an environment, or took: what it is to be no worse than."""

from __future__ import annotations

from dataclasses import dataclass

from lean_core.releases.doubt import may_be
from lean_core.releases.history import Interval, find_intervals
from lean_core.releases.state import fold_environment
from lean_core.releases.trail import KnownTrail


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """The version that had, or has, the place."""

    version: str | None
    """None where there is none, or where it is not sure."""
    doubt: str = ""
    """Why it is not sure: a sentence."""
    nothing: str = ""
    """Why there is none: a sentence."""


def find_replaced(trail: KnownTrail, environment: str, version: str) -> Replaced:
    """Return the version that is live; of the live version itself, the one that was live before it.

    A rollback brings back what had been let in before, so what counts is what the version replaced at that time: the
    version that it was brought back from is no measure of it.
    """
    state = fold_environment(trail, environment)
    if state.doubts:
        return Replaced(version=None, doubt=f"what is live in {environment} is not sure: {state.doubts[0]}")
    if state.live is None:
        return Replaced(version=None, nothing=f"nothing is live in {environment} yet")
    if state.live.version != version:
        return Replaced(version=state.live.version)
    before = _before(find_intervals(trail, environment), version)
    since = before.last.at if before else None
    for each in trail.unreadable:
        if may_be(each, kinds=("deployment",), environment=environment, since=since):
            said = f"what was live in {environment} before {version} is not sure: {each.sentence}"
            return Replaced(version=None, doubt=said)
    if before is None:
        return Replaced(version=None, nothing=f"{version} itself is live in {environment}, and nothing was before it")
    return Replaced(version=before.version)


def _before(intervals: tuple[Interval, ...], version: str) -> Interval | None:
    """Return what was live before a version was released the last time."""
    at = max(
        (at for at, each in enumerate(intervals) if each.version == version and each.first.rollback_of is None),
        default=0,
    )
    return intervals[at - 1] if at else None
