"""Two people changed the same field: both values are shown, and a person chooses; nothing of either is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.debt import NAMES, Conflict, Edit
from pages._ui import actor, boundary, debt_reading, keys, text

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_MINE, _THEIRS = "Mine", "Theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What could not be saved yet."""

    edits: tuple[Edit, ...]
    conflicts: tuple[Conflict, ...]


def save(workbench: Workbench, edits: Sequence[Edit], *, actor: str) -> bool:
    """Save edits and return whether they were; conflicts wait for a person."""
    outcome = workbench.edit_debt(edits, actor=actor)
    if outcome.conflicts:
        st.session_state[keys.DEBT_CONFLICTS] = Waiting(edits=tuple(edits), conflicts=outcome.conflicts)
        return False
    st.session_state.pop(keys.DEBT_CONFLICTS, None)
    saved = ", ".join(item.id for item in outcome.saved)
    st.toast(f"Saved {text.plain(saved)}." if saved else "Nothing was changed.", icon=":material/check_circle:")
    return True


def draw(workbench: Workbench) -> None:
    """Draw the conflicts that wait, if there are some."""
    waiting: Waiting | None = st.session_state.get(keys.DEBT_CONFLICTS)
    if waiting is None:
        return
    with st.container(border=True):
        boundary.show(
            "warning",
            "Somebody else changed the same meanwhile, so nothing of yours was saved yet. Choose, then save: all your"
            " other changes are kept.",
        )
        for conflict in waiting.conflicts:
            _draw_one(conflict)
        with st.container(horizontal=True):
            st.button(
                "Save as chosen",
                key="save-chosen",
                type="primary",
                icon=":material/save:",
                on_click=_settle,
                args=(workbench, waiting),
            )
            st.button("Drop my changes", key="drop-mine", on_click=_drop, help="The log stays as it is now.")


def _draw_one(conflict: Conflict) -> None:
    field = NAMES[conflict.field]
    when = f"{conflict.at:%Y-%m-%d %H:%M} UTC"
    st.markdown(f"**{text.plain(conflict.id)}**, {text.plain(field)}: {text.plain(conflict.by)} changed it on {when}")
    st.radio(
        f"{conflict.id}, {field}",
        (_MINE, _THEIRS),
        captions=(text.plain(_say(conflict.mine)), text.plain(_say(conflict.theirs))),
        key=_key(conflict),
        label_visibility="collapsed",
    )


def _key(conflict: Conflict) -> str:
    return f"{keys.DEBT_CONFLICTS}-{conflict.id}-{conflict.field}"


def _say(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "nothing"
    return "nothing" if value in (None, "") else str(value)


@boundary.guarded
def _settle(workbench: Workbench, waiting: Waiting) -> None:
    """Save what was chosen, against the log as it is now."""
    theirs = {(each.id, each.field) for each in waiting.conflicts if st.session_state[_key(each)] == _THEIRS}
    held = {each.id for each in waiting.conflicts}
    edits = []
    for edit in waiting.edits:
        kept = {name: value for name, value in edit.changes.items() if (edit.id, name) not in theirs}
        item = workbench.debt_item(edit.id) if edit.id in held else None
        if kept:
            edits.append(replace(edit, changes=kept, seen=item.revision if item else edit.seen))
    if not edits or save(workbench, edits, actor=actor.name()):
        _drop()


def _drop() -> None:
    from pages._ui import debt_grid

    st.session_state.pop(keys.DEBT_CONFLICTS, None)
    debt_grid.begin_anew()
    debt_reading.forget()
