"""Record a drill, or that a rollback was done: both are events that nobody can take back."""

from __future__ import annotations

import os
from dataclasses import replace

import streamlit as st

from lean_core.errors import UsageError
from lean_core.releases import fold_environment, mask, tell
from lean_core.releases.plan import RollbackPlan, order_rollback
from lean_core.workbench import Workbench
from pages._ui import actor, boundary, keys, release_reading, release_rehearsal, text
from pages._ui.release_rehearsal import Rehearsal


def draw(workbench: Workbench, rehearsal: Rehearsal, plan: RollbackPlan) -> None:
    """Draw the buttons below a pre-flight."""
    blocked = plan.preflight.blocked
    if blocked:
        boundary.show("error", f"There is no going back to {text.code(plan.version.version)}: {text.plain(blocked)}")
    with st.container(horizontal=True):
        st.button(
            "Record a drill",
            icon=":material/fire_extinguisher:",
            key="record-drill",
            help="Writes down that the rollback was rehearsed and how it went, as evidence with an age.",
            on_click=_record_drill,
            args=(workbench, rehearsal, plan),
        )
        wanted = st.button(
            "Record the rollback",
            icon=":material/undo:",
            key="record-rollback",
            type="primary",
            disabled=blocked is not None,
        )
    if wanted:
        _confirm(workbench, plan)


@boundary.guarded
def _record_drill(workbench: Workbench, rehearsal: Rehearsal, plan: RollbackPlan) -> None:
    drill = workbench.record_drill(plan, seconds=rehearsal.seconds, actor=actor.of_events(workbench))
    release_reading.forget()
    release_rehearsal.keep(workbench, workbench.trail(plan.version.model), rehearsal)
    boundary.notify("success" if drill.outcome == "succeeded" else "warning", text.plain(tell(drill)))


@st.dialog("Record the rollback")
def _confirm(workbench: Workbench, plan: RollbackPlan) -> None:
    where = f"{text.code(plan.version.model)} in {text.code(plan.environment)}"
    st.markdown(
        f"{where} went from {text.code(plan.live.version)} back to {text.code(plan.version.version)}. This writes it"
        " into the trail; it deploys nothing. Do that first, or let the command below the button do both."
    )
    with st.form("rollback", border=False):
        how = st.text_input(
            "How was it done?", key=keys.ROLLED_BACK_BY, placeholder="make deploy, or the address of a CI run"
        )
        st.text_input("Note", key=keys.ROLLBACK_NOTE, placeholder="Why, and what was seen")
        done = st.form_submit_button("Record it", type="primary", on_click=_record, args=(workbench, plan))
    if done and how.strip():
        st.rerun()
    if done:
        boundary.show("warning", "Nothing was recorded: say how it was done, for whoever asks afterwards.")


@boundary.guarded
def _record(workbench: Workbench, plan: RollbackPlan) -> None:
    how, note = (str(st.session_state.get(key) or "").strip() for key in (keys.ROLLED_BACK_BY, keys.ROLLBACK_NOTE))
    if not how:
        return  # the dialog says so, and stays open
    _refuse_outdated(workbench, plan)
    order = replace(
        order_rollback(plan, actor=actor.of_events(workbench)),
        how=mask(how, os.environ),
        note=mask(note, os.environ) if note else None,
    )
    deployment = workbench.carry_out(order, plan.version.record, None)
    release_reading.forget()
    boundary.notify("success", text.plain(tell(deployment)))


def _refuse_outdated(workbench: Workbench, plan: RollbackPlan) -> None:
    """Refuse where something else is live than what the pre-flight saw.

    Raises:
        UsageError: it is so.
    """
    live = fold_environment(workbench.trail(plan.version.model), plan.environment).live
    if live is None or live.version != plan.live.version:
        now = live.version if live else "nothing"
        raise UsageError(
            f"nothing was recorded: {now} is live in {plan.environment} by now, and no longer {plan.live.version}:"
            " run the pre-flight again"
        )
