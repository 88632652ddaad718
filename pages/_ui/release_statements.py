"""Forms by which a person approves, attests, waives or withdraws. Each is an event of the trail, and stays there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core.releases import find_withdrawal
from lean_core.workbench import Workbench
from pages._ui import actor, boundary, keys, text
from pages._ui.release_reading import forget

if TYPE_CHECKING:
    from lean_core.registry import Event
    from lean_core.releases.case import Case
    from lean_core.releases.policy import Policy

_ALL = "Every environment"
_NOTE, _ITEM, _CHECK, _REASON, _UNTIL, _WHY, _WHERE = (
    f"{keys.SAID}-{name}" for name in ("note", "item", "check", "reason", "until", "why", "where")
)


def draw(workbench: Workbench, case: Case) -> None:
    """Draw what can be stated about a version; one that is withdrawn stays so."""
    withdrawal = find_withdrawal(case.trail, case.version.version, case.environment)
    if withdrawal is not None:
        said = (
            f"{text.plain(withdrawal.actor)} withdrew it on {withdrawal.at:%Y-%m-%d}: {text.plain(withdrawal.reason)}"
        )
        boundary.show("error", f"{said}. It stays withdrawn: register another version.")
        return
    me = actor.of_events(workbench)
    st.caption(f"You are {text.plain(me)}: that is who the trail will name.")
    with st.container(horizontal=True):
        if case.policy is not None and case.version.record is not None:
            with st.popover("Approve", icon=":material/thumb_up:"):
                _draw_approval(workbench, case, me)
            if case.policy.settings.checklist:
                with st.popover("Attest", icon=":material/checklist:"):
                    _draw_attestation(workbench, case, case.policy)
            with st.popover("Waive a check", icon=":material/rule:"):
                _draw_waiver(workbench, case, case.policy)
        # Of a popover the dialog would lie below.
        if st.button("Withdraw…", icon=":material/block:"):
            _draw_withdrawal(workbench, case)


def _draw_approval(workbench: Workbench, case: Case, me: str) -> None:
    from lean_core.releases.checks.approvals import is_own, may_approve

    wanted = case.policy.settings.approvals if case.policy else None
    if wanted is None:
        st.caption("This gate asks for no approval; yours is recorded all the same.")
    elif not may_approve(me, wanted):
        st.caption(f"Only {text.plain(', '.join(wanted.by))} may approve here: yours is recorded, and does not count.")
    if is_own(me, case.version.record.created_by if case.version.record else None):
        counts = "counts" if wanted is None or wanted.self_approval else "does not count"
        st.caption(f":orange[You registered this version: it is labelled as self-approval, which {counts} here.]")
    with st.form("approve", border=False, clear_on_submit=True):
        st.text_input("Note", key=_NOTE, placeholder="What you looked at (may stay empty)", max_chars=250)
        st.form_submit_button(f"Approve {_name(case)}", type="primary", on_click=_approve, args=(workbench, case))


def _draw_attestation(workbench: Workbench, case: Case, policy: Policy) -> None:
    with st.form("attest", border=False, clear_on_submit=True):
        st.selectbox("Done", policy.settings.checklist, key=_ITEM)
        st.form_submit_button("Attest that it is done", type="primary", on_click=_attest, args=(workbench, case))


def _draw_waiver(workbench: Workbench, case: Case, policy: Policy) -> None:
    from lean_core.releases.policy import name_checks

    longest = policy.settings.waivers.longest.days
    with st.form("waive", border=False, clear_on_submit=True):
        st.selectbox("Check", name_checks(policy.settings), key=_CHECK)
        st.text_input("Reason", key=_REASON, placeholder="Why it may be let through", max_chars=250)
        st.text_input("Until", "7d", key=_UNTIL, help=f"A date such as 2026-12-24, or 14d; {longest} days at most.")
        st.form_submit_button("Waive it", type="primary", on_click=_waive, args=(workbench, case))


@st.dialog("Withdraw for good?", icon=":material/block:")
def _draw_withdrawal(workbench: Workbench, case: Case) -> None:
    st.markdown(
        f"{_name(case)} must then never be deployed again: **this can't be undone.** What is live stays live until"
        " another version is deployed, or rolled back to."
    )
    with st.form("withdraw", border=False):
        st.text_input("Reason", key=_WHY, placeholder="Why it must not be deployed again", max_chars=250)
        st.selectbox("From", [case.environment, _ALL], key=_WHERE)
        label = f"Withdraw {_name(case)} for good"
        submitted = st.form_submit_button(label, type="primary", on_click=_withdraw, args=(workbench, case))
    if submitted:
        st.rerun()  # a dialog reruns by itself, and would stay open


@boundary.guarded
def _approve(workbench: Workbench, case: Case) -> None:
    note = st.session_state[_NOTE].strip() or None
    _tell(workbench.approve(_afresh(workbench, case), actor=actor.of_events(workbench), note=note))


@boundary.guarded
def _attest(workbench: Workbench, case: Case) -> None:
    item = st.session_state[_ITEM]
    _tell(workbench.attest(_afresh(workbench, case), actor=actor.of_events(workbench), item=item))


@boundary.guarded
def _waive(workbench: Workbench, case: Case) -> None:
    check, reason, until = (st.session_state[key] for key in (_CHECK, _REASON, _UNTIL))
    me = actor.of_events(workbench)
    _tell(workbench.waive(_afresh(workbench, case), actor=me, check=check, reason=reason, until=until))


@boundary.guarded
def _withdraw(workbench: Workbench, case: Case) -> None:
    reason, where = st.session_state[_WHY], st.session_state[_WHERE]
    me, environment = actor.of_events(workbench), None if where == _ALL else where
    _tell(workbench.withdraw(_afresh(workbench, case), actor=me, environment=environment, reason=reason))


def _afresh(workbench: Workbench, case: Case) -> Case:
    """Return what is known now: somebody else may have withdrawn the version since the page was drawn."""
    return workbench.case(case.version.model, case.version.version, case.environment)


def _tell(event: Event) -> None:
    from lean_core.releases import tell

    forget()
    st.session_state.pop(keys.VERDICT, None)  # it rests on less than is known now
    boundary.notify("success", f"{text.plain(tell(event))}")


def _name(case: Case) -> str:
    return text.plain(f"{case.version.model} {case.version.version}")
