"""What a deployment, a rollback or a drill comes to, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lean_core.objects import Objects
from lean_core.registry import Deployment, Tell, Version, read_trail, read_version
from lean_core.releases.carry_out import Order
from lean_core.releases.difference import Chosen, Difference, read_difference
from lean_core.releases.permission import Permission, Terms, judge_deployment
from lean_core.releases.preflight import Preflight, check_version
from lean_core.releases.rollback import Candidate, NoWayBack, choose_candidate
from lean_core.releases.served import read_served
from lean_core.releases.state import fold_environment
from lean_core.releases.trail import KnownTrail, know


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentPlan:
    """A version that is to go to an environment."""

    version: Version
    environment: str
    permission: Permission
    live: str | None
    """The version that is declared live there now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackPlan:
    """An environment that is to go back to a version."""

    environment: str
    candidate: Candidate
    version: Version
    """The candidate's, as the registry has it."""
    preflight: Preflight

    @property
    def live(self) -> Deployment:
        """The newest deployment of the version that would be gone back from."""
        return self.candidate.instead_of


def plan_deployment(objects: Objects, model: str, version: str, terms: Terms) -> DeploymentPlan:
    """Look whether a version may go to an environment.

    Raises:
        NotInRegistry, NameRefused, ObjectsError: it can't be read.
    """
    found = read_version(objects, model, version)
    trail = know(model, read_trail(objects, model))
    live = fold_environment(trail, terms.environment).live
    return DeploymentPlan(
        version=found,
        environment=terms.environment,
        permission=judge_deployment(found, trail, terms),
        live=live.version if live else None,
    )


def plan_rollback(
    objects: Objects, trail: KnownTrail, environment: str, *, to: str | None, tell: Tell
) -> RollbackPlan | NoWayBack:
    """Choose the version to go back to, and look whether it could be deployed.

    Raises:
        ObjectsError: the version can't be read.
    """
    candidate = choose_candidate(trail, environment, to)
    if isinstance(candidate, NoWayBack):
        return candidate
    version = read_served(objects, trail.model, candidate.version)
    return RollbackPlan(
        environment=environment,
        candidate=candidate,
        version=version,
        preflight=check_version(objects, version, tell=tell),
    )


def tell_changes(objects: Objects, trail: KnownTrail, plan: RollbackPlan, *, repository: Path) -> Difference:
    """Say what a rollback would change."""
    pair = (
        Chosen(version=plan.live.version, deployment=plan.live),
        Chosen(version=plan.candidate.version),
    )
    return read_difference(objects, trail, pair, environment=plan.environment, repository=repository)


def order_rollback(plan: RollbackPlan, *, actor: str) -> Order:
    """Return the order to go back; the gate that had let the version in is named again."""
    basis = plan.candidate.basis
    return Order(
        model=plan.version.model,
        version=plan.version.version,
        environment=plan.environment,
        actor=actor,
        gate=basis.gate.id if basis.kind == "passed" and basis.gate else None,
        rollback_of=plan.live.version,
    )
