"""The gate of a version: its newest verdict, a verdict now, and what people state about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core.registry import Gate
from lean_core.releases import KnownTrail, find_gate
from lean_core.workbench import Workbench
from pages._ui import (
    actor,
    asked,
    boundary,
    keys,
    release_checks,
    release_empty,
    release_marks,
    release_statements,
    text,
)
from pages._ui.release_reading import forget, read_case, read_versions

if TYPE_CHECKING:
    from lean_core.releases.case import Case

_VERBS = {"pass": "passes", "fail": "fails", "unknown": "can't be judged by"}


def draw(workbench: Workbench, trail: KnownTrail) -> None:
    """Draw the gate of the version and the environment that are chosen."""
    versions = [each.version for each in read_versions(workbench, trail.model)]
    if not versions:
        boundary.show("info", f"{text.plain(trail.model)} has no version in the registry: only a probe names it.")
        return
    order = list(workbench.settings.environments.order)
    asked.explain_unknown(keys.JUDGED_VERSION, versions, "version", of=trail.model)
    asked.explain_unknown(keys.ENVIRONMENT, order, "environment")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        version = st.selectbox("Version", versions, key=keys.JUDGED_VERSION, bind="query-params", width=180)
        environment = st.selectbox(
            "Environment", order, index=len(order) - 1, key=keys.ENVIRONMENT, bind="query-params", width=180
        )
        judge_now = st.button("Judge now", icon=":material/gavel:", type="primary", help="Nothing is written.")
    if judge_now:
        _judge(workbench, (trail.model, version, environment))
    case = read_case(workbench, trail.model, version, environment)
    if case.policy is None:
        release_empty.explain_no_policy(trail.model, environment)
    verdict = _unwritten(workbench, case)
    if verdict is not None:
        _draw_verdict(verdict, "not recorded yet")
        st.button(
            "Record this verdict", icon=":material/save:", on_click=_record, args=(workbench, verdict), key="record"
        )
    else:
        _draw_recorded(case)
    release_statements.draw(workbench, case)


def _draw_recorded(case: Case) -> None:
    gate = find_gate(case.trail, case.version.version, case.environment)
    if gate is None:
        st.caption("No verdict is recorded for this version and environment: judge it now.")
        return
    _draw_verdict(gate, "recorded")
    if case.policy is not None and gate.policy_sha256 != case.policy.sha256:
        boundary.show("warning", "The policy has changed since this verdict: judge the version again.")


def _draw_verdict(gate: Gate, standing: str) -> None:
    name = text.plain(f"{gate.model} {gate.version}")
    st.markdown(
        f"{release_marks.verdict(gate)} **{name}** {_VERBS[gate.verdict]} the gate for"
        f" **{text.plain(gate.environment or 'every environment')}**"
    )
    against = f", compared with {text.plain(gate.baseline)}" if gate.baseline else ""
    st.caption(f"Judged {gate.at:%Y-%m-%d %H:%M} UTC by {text.plain(gate.actor)}{against}; {standing}.")
    release_checks.draw(gate.checks)
    for note in gate.notes:
        st.markdown(text.small(f":material/info: {text.plain(note)}"))


def _judge(workbench: Workbench, about: tuple[str, str, str]) -> None:
    with st.spinner("Judging…"):
        forget()  # what is drawn below rests on the same evidence
        gate = workbench.evaluate(workbench.case(*about), actor=actor.of_events(workbench))
    st.session_state[keys.VERDICT] = (str(workbench.folder), gate)


def _unwritten(workbench: Workbench, case: Case) -> Gate | None:
    """Return the verdict that was made in this session, where it is of this version and nothing was recorded since."""
    folder, gate = st.session_state.get(keys.VERDICT, ("", None))
    asked = (str(workbench.folder), case.version.model, case.version.version, case.environment)
    return gate if gate and (folder, gate.model, gate.version, gate.environment) == asked else None


@boundary.guarded
def _record(workbench: Workbench, gate: Gate) -> None:
    workbench.record(gate)
    forget()
    st.session_state.pop(keys.VERDICT, None)
    st.toast("Recorded the verdict.", icon=":material/check_circle:")
