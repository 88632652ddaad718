"""All that the five checks of a model are told, gathered at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lean_core.checkpoint.about import About
from lean_core.checkpoint.check import Checkpoint
from lean_core.checkpoint.checks import (
    DebtLog,
    Deployed,
    Provenance,
    Watch,
    check_debt,
    check_deployment,
    check_live,
    check_provenance,
    check_signal,
)
from lean_core.releases import EnvironmentState, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One model in one environment."""

    about: About
    state: EnvironmentState
    observed: Observation | None
    """What the running system said now; None where nobody asked."""
    seen: Observation | None
    """What it said when it last said something."""
    provenance: Provenance | None
    """Of the live version; None where nothing is live."""
    deployed: Deployed
    watches: Sequence[Watch]
    debt: DebtLog


def answer(situation: Situation) -> Checkpoint:
    """Answer the five questions."""
    about, state = situation.about, situation.state
    checks = (
        check_live(about, state, observed=situation.observed, seen=situation.seen),
        check_provenance(about, situation.provenance),
        check_deployment(about, situation.deployed),
        check_signal(about, situation.watches),
        check_debt(about, situation.debt),
    )
    return Checkpoint(
        model=about.model,
        environment=about.environment,
        at=about.now,
        checks=checks,
        live=state.live.version if state.live else None,
        since=state.live.since if state.live else None,
    )
