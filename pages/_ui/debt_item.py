"""One item: what is said of it, what its trigger says, what was done to it, and the way back from each change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.debt import Change, Item, find_gaps
from pages._ui import actor, boundary, debt_form, debt_grid, debt_marks, debt_reading, keys, text

if TYPE_CHECKING:
    from lean_core.debt.trigger import TriggerState
    from lean_core.workbench import Workbench

MOST_CHANGES = 50


def draw(workbench: Workbench, item: Item, state: TriggerState | None, now: dt.datetime) -> None:
    """Draw it."""
    st.page_link("pages/debt.py", label="The whole log", icon=":material/arrow_back:")
    st.subheader(f"{text.plain(item.id)} · {text.plain(item.title)}", anchor=False)
    marks = [debt_marks.status(item), debt_marks.severity(item)]
    marks += [f":gray-badge[{item.risk}]"] if item.risk else []
    marks += [f":blue-badge[blocks {each}]" for each in item.blocks]
    owner = f"owned by {text.plain(item.owner)}" if item.owner else "nobody owns it"
    age = f"logged {text.age(dt.datetime.combine(item.created, dt.time()), now)}"
    st.markdown(f"{' '.join(marks)} {text.small(f'{owner} · {age}')}")
    if item.reason:
        st.markdown(f"Why it is {item.status}: {text.plain(item.reason)}")
    for gap in find_gaps(item, today=now.date()):
        st.markdown(f":orange[:material/warning: {text.plain(gap.sentence)}]")
    if state is not None:
        _draw_trigger(workbench, item, state)
    if item.watch:
        st.markdown(f":material/visibility: A person must watch this: {text.plain(item.watch)}")
    left, right = st.columns([3, 2], gap="large")
    with left:
        _draw_form(workbench, item)
    with right:
        _draw_history(workbench, item)


def explain_missing(name: str) -> None:
    """Say that there is no such item."""
    boundary.show("warning", f"There is no item {text.code(name)} in the debt log of this workspace.")
    st.page_link("pages/debt.py", label="The whole log", icon=":material/arrow_back:")


def _draw_trigger(workbench: Workbench, item: Item, state: TriggerState) -> None:
    since = f"since {state.since:%Y-%m-%d %H:%M} UTC"
    st.markdown(f"{debt_marks.trigger(state)} {text.code(state.expression)} {text.small(since)}")
    st.markdown(text.plain(state.sentence))
    if state.evidence:
        rows = [
            {"Fact": each.name, "Value": "unknown" if each.value is None else str(each.value), "Meaning": each.meaning}
            for each in state.evidence
        ]
        st.dataframe(rows, hide_index=True, height="content", alt="Facts that the trigger rests on")
    earlier = debt_reading.read_trigger_history(workbench, item.id)[1:]
    if earlier:
        with st.expander(f"What it said before ({len(earlier)})", icon=":material/history:"):
            for each in earlier[:MOST_CHANGES]:
                when = f"{each.since:%Y-%m-%d %H:%M} UTC"
                st.markdown(f"{when} {debt_marks.trigger(each)} {text.plain(each.sentence)}")


def _draw_form(workbench: Workbench, item: Item) -> None:
    st.markdown("**All that is said of it**")
    kept = st.session_state.get(keys.DEBT_SEEN)
    if kept is not None and kept[0] == item.id and kept[1] < item.revision:
        boundary.show(
            "info",
            f"{text.plain(item.updated_by)} changed it since you opened it. What you save of other fields is kept"
            " beside that; where both changed the same, you are asked.",
        )
        st.button("Load it as it is now", key="reload-debt", on_click=debt_form.leave)
    debt_form.draw_fields(workbench, item)
    st.button(
        "Save", key="save-item", type="primary", icon=":material/save:", on_click=debt_form.save, args=(workbench, item)
    )


def _draw_history(workbench: Workbench, item: Item) -> None:
    changes = debt_reading.read_history(workbench, item.id)
    st.markdown("**History**")
    for change in changes[:MOST_CHANGES]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            when = text.small(f"{change.at:%Y-%m-%d %H:%M} UTC")
            st.markdown(f"{when}  \n{text.plain(change.sentence)}", width="stretch")
            _draw_revert(workbench, item, change, changes)
    if len(changes) > MOST_CHANGES:
        st.caption(f"{len(changes) - MOST_CHANGES} earlier changes: lean-mlops debt show {text.plain(item.id)}")


def _draw_revert(workbench: Workbench, item: Item, change: Change, changes: Sequence[Change]) -> None:
    is_creation = change is changes[-1]
    st.button(
        "Take back",
        key=f"revert-{change.entry}",
        type="tertiary",
        icon=":material/undo:",
        help="Drops the item; it stays in the log." if is_creation else "As a new change, which can be taken back too.",
        on_click=_revert,
        args=(workbench, item.id, change.entry),
    )


@boundary.guarded
def _revert(workbench: Workbench, name: str, entry: int) -> None:
    outcome = workbench.revert_debt(name, entry, actor=actor.name())
    if outcome.conflicts:
        first = outcome.conflicts[0]
        boundary.notify(
            "warning",
            f"Not taken back: {text.plain(first.by)} changed the same field later. Take that change back first.",
        )
        return
    debt_form.leave()
    debt_grid.begin_anew()
    debt_reading.forget()
    st.toast("Taken back.", icon=":material/undo:")
