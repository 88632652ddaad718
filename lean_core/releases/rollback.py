"""To which versions an environment can go back."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

from lean_core.registry import Deployment
from lean_core.releases.basis import Basis, find_basis
from lean_core.releases.history import find_intervals
from lean_core.releases.state import find_withdrawal
from lean_core.releases.trail import KnownTrail, events_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A version that really served an environment, and is not the one that does now."""

    version: str
    instead_of: Deployment
    """The newest deployment of the version that is live: whose place it would take."""
    served_from: dt.datetime
    """The last time; naive UTC."""
    served_until: dt.datetime
    basis: Basis
    """What it was deployed on, the last time."""
    how: str | None
    rolled_back: bool
    """Whether a rollback took it away, the last time: it is no good place to go back to."""


def find_candidates(trail: KnownTrail, environment: str) -> tuple[Candidate, ...]:
    """Return the versions that an environment can go back to, the last one that served first.

    The newest version in the registry is none of them unless it served; nor is the current one, nor one that was
    withdrawn.
    """
    intervals = find_intervals(trail, environment)
    current = intervals[-1].version if intervals else None
    events = events_by_id(trail)
    found: dict[str, Candidate] = {}
    for interval, following in reversed(list(itertools.pairwise(intervals))):
        version = interval.version
        if version == current or version in found or find_withdrawal(trail, version, environment):
            continue
        found[version] = Candidate(
            version=version,
            instead_of=intervals[-1].last,
            served_from=interval.start,
            served_until=following.start,
            basis=find_basis(interval.last, events),
            how=interval.last.how,
            rolled_back=following.first.rollback_of == version,
        )
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWayBack:
    """Why an environment can't go back, or not to the version that was named."""

    sentence: str


def choose_candidate(trail: KnownTrail, environment: str, version: str | None) -> Candidate | NoWayBack:
    """Return the version to go back to: the one that is named, else the last that served and was not itself undone."""
    candidates = find_candidates(trail, environment)
    if version is None and candidates:
        sound = next((candidate for candidate in candidates if not candidate.rolled_back), None)
        return sound or NoWayBack(
            sentence=f"every version that served {trail.model} in {environment} before was itself rolled back:"
            f" name one of {_names(candidates)} with --to, or deploy another version"
        )
    named = next((candidate for candidate in candidates if candidate.version == version), None)
    return named or NoWayBack(sentence=_why_not(trail, environment, version, candidates))


def _why_not(trail: KnownTrail, environment: str, version: str | None, candidates: tuple[Candidate, ...]) -> str:
    intervals = find_intervals(trail, environment)
    where = f"{trail.model} in {environment}"
    if not intervals:
        return f"no deployment of {where} is recorded, so there is nothing to go back from: deploy a version first"
    withdrawn = None if version is None else find_withdrawal(trail, version, environment)
    if version is None:
        reason = f"no other version that served {where} is left to go back to"
    elif version == intervals[-1].version:
        reason = f"{version} is live in {environment} already"
    elif withdrawn is not None:
        reason = f"{version} was withdrawn on {withdrawn.at:%Y-%m-%d} ({withdrawn.reason})"
    else:
        reason = f"{version} never served {where}"
    return f"{reason}: " + (f"name one of {_names(candidates)}" if candidates else "deploy another version instead")


def _names(candidates: tuple[Candidate, ...]) -> str:
    return ", ".join(candidate.version for candidate in candidates)
