"""Change one field of many items at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.debt import BLOCKED, RISKS, SEVERITIES, STATUSES, Edit, Item
from pages._ui import actor, boundary, debt_conflicts, debt_grid, debt_reading, keys, text

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_CHOICES: Mapping[str, Sequence[str]] = {"status": STATUSES, "severity": SEVERITIES, "risk": RISKS}
_FIELDS = ("owner", "status", "severity", "risk", "blocks", "reviewer", "area")
_ITEMS, _FIELD, _VALUE, _REASON, _UNTIL = (
    f"{keys.SAID}-bulk-{name}" for name in ("items", "field", "value", "reason", "until")
)


def draw(workbench: Workbench, items: Sequence[Item]) -> None:
    """Draw the items to choose from, the field, and its value for all of them."""
    with st.expander("Change many at once", icon=":material/edit_note:"):
        names = {f"{item.id} · {item.title[:60]}": item for item in items}
        st.multiselect("Items", list(names), key=_ITEMS, placeholder="Choose some")
        left, right = st.columns(2)
        field = left.selectbox("Field", _FIELDS, key=_FIELD)
        with right:
            _draw_value(field)
        chosen = [names[name] for name in st.session_state[_ITEMS] if name in names]
        st.button(
            f"Change {text.count(len(chosen), 'item')}",
            key="bulk-debt",
            type="primary",
            disabled=not chosen,
            on_click=_change,
            args=(workbench, chosen, field),
        )


def _draw_value(field: str) -> None:
    if field == "blocks":
        st.multiselect("Value", BLOCKED, key=f"{_VALUE}-{field}", placeholder="Nothing")
    elif field in _CHOICES:
        st.selectbox("Value", _CHOICES[field], key=f"{_VALUE}-{field}")
    else:
        st.text_input("Value", key=f"{_VALUE}-{field}")
    if field == "status":
        st.text_input("Reason", key=_REASON, help="Needed to accept, to repay and to drop.")
        st.date_input("Accepted until", key=_UNTIL, value=None)


@boundary.guarded
def _change(workbench: Workbench, items: Sequence[Item], field: str) -> None:
    changes: dict[str, object] = {field: st.session_state[f"{_VALUE}-{field}"]}
    if field == "status":
        changes |= {"reason": st.session_state[_REASON], "accepted_until": st.session_state[_UNTIL]}
    edits = [Edit(id=item.id, seen=item.revision, changes=changes) for item in items]
    if debt_conflicts.save(workbench, edits, actor=actor.name()):
        st.session_state[_ITEMS] = []
        debt_grid.begin_anew()
        debt_reading.forget()
