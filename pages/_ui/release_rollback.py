"""The way back: to which versions an environment can go back, whether it would work, and the record that it did."""

from __future__ import annotations

import shlex
from typing import Literal

import streamlit as st

from lean_core import clock
from lean_core.registry import Answer
from lean_core.releases import KnownTrail, NoWayBack, Preflight, choose_candidate, find_candidates
from lean_core.releases.plan import RollbackPlan
from lean_core.workbench import Workbench
from pages._ui import (
    asked,
    boundary,
    jobs,
    keys,
    release_candidates,
    release_code,
    release_rehearsal,
    release_rollback_record,
    text,
)
from pages._ui.release_difference import draw_items
from pages._ui.release_environments import choose_environment
from pages._ui.release_rehearsal import Rehearsal

_DRILLS: dict[str, Literal["green", "orange", "red", "gray"]] = {
    "rehearsed": "green",
    "outdated": "orange",
    "failed": "red",
    "never": "gray",
}
_VERDICTS: dict[Answer, tuple[Literal["green", "red", "gray"], str]] = {
    "pass": ("green", ":material/check:"),
    "fail": ("red", ":material/close:"),
    "unknown": ("gray", ":material/question_mark:"),
}


def draw(workbench: Workbench, trail: KnownTrail) -> None:
    """Draw where an environment can go back to, and what that would come to."""
    asked.explain_unknown(keys.BACK_IN, workbench.settings.environments.order, "environment")
    environment = choose_environment(workbench, keys.BACK_IN)
    _draw_drill(workbench, trail, environment)
    candidates = find_candidates(trail, environment)
    usual = choose_candidate(trail, environment, None)
    if isinstance(usual, NoWayBack) and candidates:
        boundary.show(
            "warning", "Every version that served here before was itself rolled back: choose one knowing that, or none."
        )
    if isinstance(usual, NoWayBack) and not candidates:
        boundary.show("info", text.plain(f"{usual.sentence[:1].upper()}{usual.sentence[1:]}."))
        st.caption("Only a version that really served an environment can be gone back to.")
        return
    names = [candidate.version for candidate in candidates]
    code = release_code.find(workbench, [(trail.model, name) for name in names])
    release_candidates.draw(candidates, {name: state for (_, name), state in code.items()})
    asked.explain_unknown(keys.BACK_TO, names, "version to go back to")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        version = st.selectbox(
            "Go back to",
            names,
            index=None if isinstance(usual, NoWayBack) else names.index(usual.version),
            key=keys.BACK_TO,
            bind="query-params",
            width=200,
            placeholder="A version",
        )
        rehearsal = release_rehearsal.find(workbench, trail, environment, version) if version else None
        st.button(
            "Run the pre-flight",
            icon=":material/flight_takeoff:",
            key="preflight",
            disabled=version is None or (rehearsal is not None and rehearsal.job.running),
            help="Reads the artifact whole, to see that it is there and as it was registered. Changes nothing.",
            on_click=_start,
            args=(workbench, trail, environment, version),
        )
    if version is None:
        return
    if rehearsal is None:
        st.info(
            "The pre-flight tells whether going back would work, and what it would change; then it can be recorded."
        )
    elif rehearsal.job.running:
        jobs.watch(rehearsal.job)
    elif rehearsal.job.problem:
        boundary.show("warning", rehearsal.job.problem)
    elif rehearsal.plan is not None:
        _draw_plan(workbench, rehearsal, rehearsal.plan)
    _draw_command(trail.model, environment, version)


@boundary.guarded
def _start(workbench: Workbench, trail: KnownTrail, environment: str, version: str | None) -> None:
    if version is not None:
        release_rehearsal.start(workbench, trail, environment, version)


def _draw_drill(workbench: Workbench, trail: KnownTrail, environment: str) -> None:
    evidence = workbench.drill_evidence(trail, environment)
    badge = f":{_DRILLS[evidence.state]}-badge[:material/fire_extinguisher: drill: {evidence.state}]"
    st.markdown(f"{badge} {text.plain(evidence.sentence)}")


def _draw_plan(workbench: Workbench, rehearsal: Rehearsal, plan: RollbackPlan) -> None:
    candidate = plan.candidate
    st.subheader(f"From {text.plain(plan.live.version)} back to {text.plain(candidate.version)}", anchor=False)
    if rehearsal.at is not None:
        st.caption(f"Checked {text.age(rehearsal.at, clock.now())}, in {text.duration(rehearsal.seconds)}.")
    if candidate.rolled_back:
        boundary.show("warning", f"{text.code(candidate.version)} was itself taken away by a rollback.")
    if candidate.basis.kind != "passed":
        said = text.plain(candidate.basis.sentence)
        boundary.show("warning", f"What {text.code(candidate.version)} was deployed on, that time: {said}.")
    _draw_checks(plan.preflight)
    if rehearsal.changes is not None:
        st.markdown("**What will change**")
        items = [item for item in rehearsal.changes.items if item.status != "same"]
        draw_items(items)
        if not items:
            st.caption("Nothing: all that is compared is the same.")
    release_rollback_record.draw(workbench, rehearsal, plan)


def _draw_checks(preflight: Preflight) -> None:
    lines = []
    for check in preflight.checks:
        colour, icon = _VERDICTS[check.verdict]
        lines.append(f":{colour}-badge[{icon} {check.verdict}] {text.plain(check.sentence)}")
    st.markdown("\n\n".join(lines))


def _draw_command(model: str, environment: str, version: str) -> None:
    st.caption("From a terminal or a CI job; with `--run CMD` it deploys as well, and records what came of it:")
    st.code(shlex.join(["lean-mlops", "rollback", model, "--env", environment, "--to", version]), language=None)
