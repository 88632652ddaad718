"""What allowed a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lean_core.registry import Deployment, Event, Gate, Waiver
from lean_core.releases.trail import PROMPT

BasisKind = Literal["passed", "forced", "rollback", "contradicted", "missing", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a deployment rested on, as far as the trail shows it."""

    kind: BasisKind
    """``contradicted``: it names a gate event that allows no such thing; ``missing``: one that is not in the trail."""
    gate: Gate | None = None
    """The gate event that it names."""
    reason: str | None = None
    """Why it went on without a passing gate."""
    waivers: tuple[Waiver, ...] = ()
    """Those by which its gate let checks through, as far as they are in the trail."""

    @property
    def sentence(self) -> str:
        """What it rested on, in a few words."""
        match self.kind:
            case "passed":
                return "its gate passed"
            case "forced":
                return f"forced without a passing gate: {self._why}"
            case "rollback":
                return "a rollback to a version that had served"
            case "contradicted":
                return f"contradicted: {self._why}"
            case "missing":
                return "unknown: the gate event that it names is not in the trail"
            case _:
                return "nothing: neither a gate nor a reason is named"

    @property
    def _why(self) -> str:
        return (self.reason or "").rstrip(".")


def find_basis(deployment: Deployment, events: Mapping[str, Event]) -> Basis:
    """Return what a deployment rested on.

    Args:
        deployment: the event.
        events: those of its model's trail, by id.
    """
    if deployment.gate is None:
        if deployment.rollback_of is not None:
            return Basis(kind="rollback", reason=deployment.reason)
        return Basis(kind="forced" if deployment.reason else "none", reason=deployment.reason)
    named = events.get(deployment.gate)
    if not isinstance(named, Gate):
        return Basis(kind="missing")
    wrong = _contradiction(deployment, named)
    waived_by = dict.fromkeys(check.waived_by for check in named.checks if check.waived_by)
    return Basis(
        kind="contradicted" if wrong else "passed",
        gate=named,
        reason=wrong or deployment.reason,
        waivers=tuple(each for each in map(events.get, waived_by) if isinstance(each, Waiver)),
    )


def _contradiction(deployment: Deployment, gate: Gate) -> str | None:
    if (gate.version, gate.environment) != (deployment.version, deployment.environment):
        return f"its gate event is of {gate.version} for {gate.environment}"
    if gate.verdict != "pass":
        return f"its gate's verdict was {gate.verdict}"
    if gate.at > deployment.at + PROMPT:  # the two were timed by different clocks
        return "its gate was evaluated only after it"
    return None
