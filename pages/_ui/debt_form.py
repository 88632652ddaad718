"""All fields of an item, to add one or to change it; the button alone saves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from lean_core import clock
from lean_core.debt import BLOCKED, FIELDS, RISKS, SEVERITIES, STATUSES, Edit, Item
from pages._ui import actor, boundary, debt_conflicts, debt_grid, debt_reading, debt_trigger, keys, text

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_ANSWERS: Mapping[str, bool | None] = {"not known": None, "yes": True, "no": False}
_WORDS = {answer: word for word, answer in _ANSWERS.items()}


def key(field: str) -> str:
    """Return the key under which a field is being written."""
    return f"{keys.DEBT_FORM}-{field}"


def begin() -> None:
    """Open the dialog that adds an item, in the next run."""
    st.session_state[keys.DEBT_ADDING] = True


def _close() -> None:
    st.session_state.pop(keys.DEBT_ADDING, None)


@st.dialog("Log a shortcut", width="large", on_dismiss=_close)
def open_dialog(workbench: Workbench) -> None:
    """Ask for a new item; what is typed stays if the dialog is closed by mistake."""
    with boundary.catch_errors():
        draw_fields(workbench, None)
        problem = st.session_state.pop(key("problem"), None)
        if problem:
            boundary.show("error", problem)
        st.button("Log it", key="log-debt", type="primary", icon=":material/add:", on_click=_add, args=(workbench,))
        if keys.DEBT_ADDING not in st.session_state:
            st.rerun()  # a dialog runs apart from its page, which closes it


def draw_fields(workbench: Workbench, item: Item | None) -> None:
    """Draw a widget a field, filled with the item as it was when it was opened."""
    _fill(item)
    st.text_input("Title", key=key("title"), max_chars=200, placeholder="Which shortcut was taken")
    st.text_area("What was done instead", key=key("instead"), height=70, placeholder="… of the right thing")
    one, two, three = st.columns(3)
    one.selectbox("Risk", [None, *RISKS], key=key("risk"), format_func=_choice)
    two.selectbox("Severity", [None, *SEVERITIES], key=key("severity"), format_func=_choice)
    three.text_input("Owner", key=key("owner"))
    st.text_area("What happens when it strikes", key=key("consequence"), height=70)
    st.multiselect("It blocks the next", BLOCKED, key=key("blocks"), placeholder="Nothing")
    debt_trigger.draw(workbench, key=key("trigger"), item=item.id if item else None)
    st.text_input("Or in words: a person must watch this", key=key("watch"), placeholder="when the first customer asks")
    with st.expander("More", expanded=item is not None):
        _draw_rest(item)


def said() -> dict[str, object]:
    """Return what is written, by field."""
    written: dict[str, object] = {field: st.session_state.get(key(field)) for field in FIELDS if field != "created"}
    for field in ("ai_assisted", "valuable_data"):
        written[field] = _ANSWERS[str(written[field] or "not known")]
    return written


def leave() -> None:
    """Forget what is being written."""
    for name in [name for name in st.session_state if str(name).startswith(keys.DEBT_FORM)]:
        del st.session_state[name]
    st.session_state.pop(keys.DEBT_SEEN, None)


@boundary.guarded
def save(workbench: Workbench, item: Item) -> None:
    """Save what is written of an item, against the revision that was opened."""
    _, seen = st.session_state[keys.DEBT_SEEN]
    edit = Edit(id=item.id, seen=seen, changes=said())
    if debt_conflicts.save(workbench, [edit], actor=actor.name()):
        leave()
        debt_grid.begin_anew()
        debt_reading.forget()


def _draw_rest(item: Item | None) -> None:
    one, two, three = st.columns(3)
    one.text_input("Area", key=key("area"), placeholder="serving, training data, …")
    two.text_input("Where", key=key("location"), placeholder="serve.py:12, or a link")
    three.text_input("Decided in", key=key("decision"), placeholder="a link, or docs/adr/7.md")
    st.text_input("What limits it meanwhile", key=key("control"))
    one, two, three = st.columns(3)
    one.selectbox("Written with an AI", list(_ANSWERS), key=key("ai_assisted"))
    two.selectbox("Valuable data is in it", list(_ANSWERS), key=key("valuable_data"))
    three.text_input(
        "Senior reviewer",
        key=key("reviewer"),
        help="Needed where the severity is high, for security holes, data leaks and valuable data.",
    )
    one, two, three = st.columns(3)
    one.number_input("Days to repay it", key=key("effort_days"), min_value=0.0, step=0.5, value=None)
    two.selectbox("Status", STATUSES, key=key("status"))
    three.date_input("Accepted until", key=key("accepted_until"), value=None)
    st.text_input("Reason of the status", key=key("reason"), help="Needed to accept, to repay and to drop.")
    if item is not None:
        st.caption(f"Logged on {item.created}, {(clock.now().date() - item.created).days} days ago.")


def _fill(item: Item | None) -> None:
    """Put an item's fields into the widgets when it is opened; then they are the person's."""
    opened = (item.id, item.revision) if item else ("", 0)
    kept = st.session_state.get(keys.DEBT_SEEN)
    if kept is not None and kept[0] == opened[0]:
        return
    leave()
    st.session_state[keys.DEBT_SEEN] = opened
    values: dict[str, Any] = {field: getattr(item, field) for field in FIELDS} if item else {"status": "open"}
    for field, value in values.items():
        shown = _WORDS[value] if field in {"ai_assisted", "valuable_data"} else value
        st.session_state[key(field)] = list(shown) if isinstance(shown, tuple) else shown


def _choice(value: str | None) -> str:
    return value or "not said"


def _add(workbench: Workbench) -> None:
    """Log what is written; what is wrong with it is said in the dialog, which stays."""
    try:
        item = workbench.add_debt(
            {name: value for name, value in said().items() if value is not None}, actor=actor.name()
        )
    except Exception as error:  # noqa: BLE001 - the boundary
        st.session_state[key("problem")] = boundary.explain(error)
        return
    leave()
    debt_grid.begin_anew()
    debt_reading.forget()
    _close()
    boundary.notify("success", f"Logged **{text.plain(item.id)}** {text.plain(item.title)}.")
