"""A rollback gone through up to its last step, in the background of the server: the artifact is read whole for it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence

import streamlit as st

from lean_core import clock
from lean_core.errors import UsageError
from lean_core.registry import Step
from lean_core.releases import KnownTrail, NoWayBack
from lean_core.releases.difference import Difference
from lean_core.releases.plan import RollbackPlan
from lean_core.runs import SyncReport
from lean_core.workbench import Workbench
from pages._ui import jobs

MOST_KEPT = 16
Name = tuple[str, str, str, str, str]
"""The workspace's folder, the model, the environment, the version, and the newest event that was known."""


class Rehearsal:
    """A pre-flight that has been started, and what it found once it has ended."""

    def __init__(self, workbench: Workbench, trail: KnownTrail, environment: str, version: str) -> None:
        """Start it."""
        self.plan: RollbackPlan | None = None
        self.changes: Difference | None = None
        self.seconds = 0.0
        self.at: dt.datetime | None = None
        self._about = (workbench, trail, environment, version)
        self.job = jobs.Job(self._work, says="Looking at the version")

    def _work(self, tell: jobs.Tell) -> Sequence[SyncReport]:
        workbench, trail, environment, version = self._about
        began = time.monotonic()
        plan = workbench.plan_rollback(trail, environment, to=version, tell=lambda step: tell(_as_job_step(step)))
        if isinstance(plan, NoWayBack):
            raise UsageError(plan.sentence)
        self.seconds = time.monotonic() - began
        tell(jobs.Step(says="Looking at what would change"))
        self.changes = workbench.changes_of(trail, plan)
        self.plan, self.at = plan, clock.now()
        return ()


@st.cache_resource(show_spinner=False)
def _kept() -> dict[Name, Rehearsal]:
    return {}


def start(workbench: Workbench, trail: KnownTrail, environment: str, version: str) -> None:
    """Start a pre-flight, unless the same one is at work."""
    kept, name = _kept(), _name(workbench, trail, environment, version)
    there = kept.pop(name, None)
    kept[name] = there if there and there.job.running else Rehearsal(workbench, trail, environment, version)
    for oldest in list(kept)[:-MOST_KEPT]:
        kept.pop(oldest, None)


def find(workbench: Workbench, trail: KnownTrail, environment: str, version: str) -> Rehearsal | None:
    """Return the newest pre-flight, of all sessions; none where something happened to the model since."""
    return _kept().get(_name(workbench, trail, environment, version))


def keep(workbench: Workbench, trail: KnownTrail, rehearsal: Rehearsal) -> None:
    """Keep a pre-flight although something was recorded since that says nothing about what is live."""
    if rehearsal.plan is not None:
        plan = rehearsal.plan
        _kept()[_name(workbench, trail, plan.environment, plan.version.version)] = rehearsal


def _name(workbench: Workbench, trail: KnownTrail, environment: str, version: str) -> Name:
    newest = f"{len(trail.events)} {trail.events[-1].event.id}" if trail.events else ""
    return (str(workbench.folder), trail.model, environment, version, newest)


def _as_job_step(step: Step) -> jobs.Step:
    return jobs.Step(says=step.phase.capitalize(), done=step.done / step.total if step.total else None)
