"""Read two versions from the registry and say what changed between them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from lean_core.objects import Objects
from lean_core.registry import Deployment, read_version
from lean_core.releases.difference.code import read_code_change
from lean_core.releases.difference.compare import Difference, compare_versions
from lean_core.releases.difference.lock_file import read_packages
from lean_core.releases.difference.side import Packages, Side, describe_side
from lean_core.releases.history import live_between
from lean_core.releases.served import read_served
from lean_core.releases.span import Span
from lean_core.releases.trail import KnownTrail


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A version that is held against another."""

    version: str
    deployment: Deployment | None = None
    """Which deployment of it is meant; None: the newest one that succeeded."""


def read_difference(
    objects: Objects, trail: KnownTrail, pair: tuple[Chosen, Chosen], *, environment: str, repository: Path
) -> Difference:
    """Say what changed from the first of two versions to the second.

    Args:
        objects: the registry.
        trail: of their model.
        pair: the two.
        environment: for which deployments, gates and approvals are compared.
        repository: where the commits are looked up.

    Raises:
        NotInRegistry, NameRefused, ObjectsError: a version can't be read.
    """
    first, second = (_describe(objects, trail, chosen, environment) for chosen in pair)
    first, second = _with_packages(objects, first, second)
    return compare_versions(first, second, read_code_change(repository, first.record, second.record))


def choose_by_date(trail: KnownTrail, environment: str, span: Span) -> Chosen | None:
    """Return what was live last in a span of time; None where nothing was."""
    intervals = live_between(trail, environment, span.start, span.end).intervals
    if not intervals:
        return None
    last = intervals[-1]
    by_then = [each for each in last.deployments if each.at < span.end or each.at <= span.start]
    return Chosen(version=last.version, deployment=by_then[-1])


def _describe(objects: Objects, trail: KnownTrail, chosen: Chosen, environment: str) -> Side:
    read = read_served if chosen.deployment else read_version
    version = read(objects, trail.model, chosen.version)
    return describe_side(version, Packages(), trail, environment=environment, deployment=chosen.deployment)


def _with_packages(objects: Objects, first: Side, second: Side) -> tuple[Side, Side]:
    """Read the lock files, unless their hashes say that they are the same."""
    hashes = [side.record.environment.sha256 if side.record and side.record.environment else None
              for side in (first, second)]  # fmt: skip
    if hashes[0] is not None and hashes[0] == hashes[1]:
        return first, second
    return _filled(objects, first), _filled(objects, second)


def _filled(objects: Objects, side: Side) -> Side:
    return dataclasses.replace(side, packages=read_packages(objects, side.version))
