"""What needs somebody now: triggers that fired or can't be evaluated, the log in numbers, and its review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.debt import Item
from pages._ui import actor, boundary, debt_marks, debt_reading, keys, text

if TYPE_CHECKING:
    from lean_core.debt import Review
    from lean_core.debt.trigger import TriggerState
    from lean_core.workbench import Workbench

_LONGEST_SNOOZE = dt.timedelta(days=365)
MOST = 12
"""Triggers that are shown on top; the grid has all of them."""


def draw_numbers(
    items: Sequence[Item], triggers: Mapping[str, TriggerState], review: Review | None, now: dt.datetime
) -> None:
    """Draw the log in numbers."""
    here = [item for item in items if not item.ended]
    with st.grid(5, min_column_width=130):
        st.metric("Open", len(here), border=True)
        st.metric("Security, data leaks", sum(item.deadly for item in here), border=True)
        st.metric("Nobody owns", sum(not item.owner for item in here), border=True)
        st.metric("Triggers fired", sum(state.state == "fired" for state in triggers.values()), border=True)
        st.metric("Reviewed", text.age(review.reviewed_at if review else None, now), border=True)


def draw_triggers(
    workbench: Workbench, items: Sequence[Item], triggers: Mapping[str, TriggerState], now: dt.datetime
) -> None:
    """Draw the triggers that speak, the fired ones first."""
    by_id = {item.id: item for item in items}
    speaking = [
        state for state in triggers.values() if state.state in {"fired", "cannot evaluate"} and state.item in by_id
    ]
    speaking.sort(key=lambda state: state.state != "fired")
    for state in speaking[:MOST]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            since = text.small(f"since {state.since:%Y-%m-%d %H:%M} UTC")
            st.markdown(
                f"{debt_marks.trigger(state)} {debt_marks.name(by_id[state.item])}  \n"
                f":small[{text.plain(state.sentence)} · {text.code(state.expression)}] {since}",
                width="stretch",
            )
            st.page_link("pages/debt.py", label="Open", query_params={keys.DEBT_ITEM: state.item})
            with st.popover("Snooze", icon=":material/snooze:", key=f"snooze-menu-{state.item}"):
                _draw_snooze(workbench, state, now)
    if len(speaking) > MOST:
        st.caption(f"{len(speaking) - MOST} more: `lean-mlops debt triggers`")
    _draw_snoozed(workbench, triggers)


def draw_review(workbench: Workbench, review: Review | None) -> None:
    """Draw the form by which somebody says that they went through the log."""
    if review is not None:
        note = f": {text.plain(review.note)}" if review.note else ""
        st.caption(f"{text.plain(review.reviewed_by)} went through it on {review.reviewed_at:%Y-%m-%d}{note}")
    else:
        st.caption("Nobody ever went through it. The fifth check asks for a review every 30 days.")
    with st.form("review-debt", border=False, clear_on_submit=True):
        st.text_input("Note", key=f"{keys.SAID}-review", placeholder="what you decided (may stay empty)")
        st.form_submit_button("I went through all of it", type="primary", on_click=_review, args=(workbench,))


def _draw_snooze(workbench: Workbench, state: TriggerState, now: dt.datetime) -> None:
    with st.form(f"snooze-{state.item}", border=False):
        st.date_input(
            "Leave it alone until",
            key=f"{keys.DEBT_UNTIL}-{state.item}",
            value=now.date() + dt.timedelta(days=14),
            min_value=now.date() + dt.timedelta(days=1),
            max_value=now.date() + _LONGEST_SNOOZE,
        )
        st.text_input("Why", key=f"{keys.DEBT_REASON}-{state.item}", max_chars=200)
        st.form_submit_button("Snooze", on_click=_snooze, args=(workbench, state.item))


def _draw_snoozed(workbench: Workbench, triggers: Mapping[str, TriggerState]) -> None:
    for state in triggers.values():
        if state.state != "snoozed":
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            who = f"by {text.plain(state.snoozed_by)}: {text.plain(state.reason)}"
            st.markdown(f"{debt_marks.trigger(state)} **{text.plain(state.item)}** {text.small(who)}", width="content")
            st.button(
                "Wake it", key=f"wake-{state.item}", type="tertiary", on_click=_wake, args=(workbench, state.item)
            )


@boundary.guarded
def _snooze(workbench: Workbench, item: str) -> None:
    until = dt.datetime.combine(st.session_state[f"{keys.DEBT_UNTIL}-{item}"], dt.time())
    reason = st.session_state[f"{keys.DEBT_REASON}-{item}"]
    workbench.snooze_trigger(item, until=until, reason=reason, actor=actor.name())
    debt_reading.forget()


@boundary.guarded
def _wake(workbench: Workbench, item: str) -> None:
    workbench.end_snooze(item, actor=actor.name())
    debt_reading.forget()


@boundary.guarded
def _review(workbench: Workbench) -> None:
    workbench.review_debt(actor=actor.name(), note=st.session_state[f"{keys.SAID}-review"])
    debt_reading.forget()
    st.toast("Kept: the log was reviewed.", icon=":material/check_circle:")
