"""The log as a grid that is edited in a form: what is typed is saved by the button, and stays until it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from lean_core.debt import BLOCKED, RISKS, SEVERITIES, STATUSES, Edit, Item
from pages._ui import actor, boundary, debt_conflicts, debt_marks, debt_reading, keys, text

if TYPE_CHECKING:
    from lean_core.debt.trigger import TriggerState
    from lean_core.workbench import Workbench

_FIELDS: Mapping[str, str] = {
    "Title": "title",
    "Severity": "severity",
    "Risk": "risk",
    "Status": "status",
    "Owner": "owner",
    "Blocks": "blocks",
    "Trigger": "trigger",
    "Watch": "watch",
    "Reviewer": "reviewer",
    "Days": "effort_days",
    "Until": "accepted_until",
    "Reason": "reason",
}
"""The columns that can be edited, and the field of each."""
_FIXED = ("ID", "Now", "Lacks", "Age")
_ROWS_IN_VIEW = 14
_ROW = 35


def draw(workbench: Workbench, items: Sequence[Item], triggers: Mapping[str, TriggerState], now: dt.datetime) -> None:
    """Draw the grid; while somebody edits, it keeps showing what they saw."""
    shown = _baseline(items)
    with st.form("debt-grid", border=False):
        st.data_editor(
            [_row(item, triggers.get(item.id), now) for item in shown],
            key=_key(),
            num_rows="fixed",
            hide_index=True,
            disabled=_FIXED,
            height=_ROW * (min(len(shown), _ROWS_IN_VIEW) + 1) + 3,
            column_config=_columns(),
            alt="Debt log",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                "Save changes",
                type="primary",
                icon=":material/save:",
                on_click=_save,
                args=(workbench,),
                key="save-debt",
            )
            st.form_submit_button("Discard", on_click=begin_anew, key="discard-debt", help="Nothing of it was saved.")
            st.caption("Open an item by its id for all of its fields and its history.", width="content")
    _draw_links(shown)


def begin_anew() -> None:
    """Let the grid show the log as it is now, without what was typed into it."""
    st.session_state[keys.DEBT_EDITION] = st.session_state.get(keys.DEBT_EDITION, 0) + 1
    st.session_state.pop(keys.DEBT_BASELINE, None)


def _key() -> str:
    return f"{keys.DEBT_GRID}-{st.session_state.get(keys.DEBT_EDITION, 0)}"


def _baseline(items: Sequence[Item]) -> Sequence[Item]:
    """Return what the grid shows: the log as it was when somebody began to type, else as it is."""
    kept: tuple[Item, ...] | None = st.session_state.get(keys.DEBT_BASELINE)
    typed = st.session_state.get(_key(), {}).get("edited_rows")
    if kept is not None and typed:
        return kept
    if kept is not None and kept != tuple(items):
        begin_anew()
    st.session_state[keys.DEBT_BASELINE] = tuple(items)
    return items


def _row(item: Item, state: TriggerState | None, now: dt.datetime) -> dict[str, object]:
    values: dict[str, Any] = {column: getattr(item, field) for column, field in _FIELDS.items()}
    return {
        "ID": item.id,
        **values,
        "Blocks": list(item.blocks),
        "Now": debt_marks.trigger_word(state),
        "Lacks": debt_marks.lacks(item, now.date()),
        "Age": (now.date() - item.created).days,
    }


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "ID": config.TextColumn("ID", width=70, pinned=True),
        "Title": config.TextColumn("Title", width=300, max_chars=200, required=True),
        "Severity": config.SelectboxColumn("Severity", options=SEVERITIES, width=90),
        "Risk": config.SelectboxColumn("Risk", options=RISKS, width=120),
        "Status": config.SelectboxColumn("Status", options=STATUSES, required=True, width=95),
        "Owner": config.TextColumn("Owner", width=100),
        "Blocks": config.MultiselectColumn("Blocks", options=BLOCKED, width=170),
        "Trigger": config.TextColumn("Trigger", width=210, help="An expression over the facts: docs/triggers.md"),
        "Watch": config.TextColumn("Watch", width=160, help="When to repay it in words: a person must watch this."),
        "Reviewer": config.TextColumn("Reviewer", width=100),
        "Days": config.NumberColumn("Days", min_value=0, width=70, help="Effort to repay it, in days."),
        "Until": config.DateColumn("Until", width=110, help="The last day on which it is accepted."),
        "Reason": config.TextColumn("Reason", width=180, help="Why it is accepted, repaid or dropped."),
        "Now": config.TextColumn("Trigger now", width=120),
        "Lacks": config.TextColumn("Lacks", width=170),
        "Age": config.NumberColumn("Age", width=60, format="%d d"),
    }


def _draw_links(items: Sequence[Item]) -> None:
    with st.container(horizontal=True, gap="small"):
        for item in items[:_ROWS_IN_VIEW]:
            st.page_link(
                "pages/debt.py",
                label=text.plain(item.id),
                query_params={keys.DEBT_ITEM: item.id},
                help=text.plain(item.title),
            )


@boundary.guarded
def _save(workbench: Workbench) -> None:
    """Save what was typed; what is refused or in conflict stays in the grid."""
    shown: tuple[Item, ...] = st.session_state.get(keys.DEBT_BASELINE, ())
    typed: dict[int, dict[str, object]] = st.session_state[_key()]["edited_rows"]
    edits = [
        Edit(id=shown[at].id, seen=shown[at].revision, changes={_FIELDS[name]: value for name, value in cells.items()})
        for at, cells in typed.items()
    ]
    if not edits:
        st.toast("Nothing was changed.", icon=":material/info:")
        return
    if debt_conflicts.save(workbench, edits, actor=actor.name()):
        begin_anew()
        debt_reading.forget()
