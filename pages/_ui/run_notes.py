"""Notes and local tags of a run: the workbench's own, journalled, never written to the source."""

from __future__ import annotations

import streamlit as st

from lean_core.runs import Run
from lean_core.store import JournalEntry
from lean_core.workbench import Workbench
from pages._ui import actor, boundary, keys, text
from pages._ui.workbench import read_changes, read_note

MOST_CHANGES = 20


def draw(workbench: Workbench, run: Run) -> None:
    """Draw the note, the local tags, and what was changed of them."""
    left, right = st.columns(2)
    with left:
        _draw_note(workbench, run)
    with right:
        _draw_tags(workbench, run)
    changes = [*read_changes(workbench, "note", run.ref), *read_changes(workbench, "local_tag", run.ref)]
    if changes:
        with st.expander(f"History ({len(changes)})", icon=":material/history:"):
            for change in sorted(changes, key=lambda each: each.changed_at, reverse=True)[:MOST_CHANGES]:
                st.markdown(_sentence(change))


def _draw_note(workbench: Workbench, run: Run) -> None:
    note = read_note(workbench, run.ref)
    with st.form("note", border=False):
        st.text_area(
            "Note",
            value=note.body if note else "",
            key=f"{keys.NOTE}-{run.ref}",
            placeholder="Why this run matters, what to try next.",
            height=140,
        )
        st.form_submit_button("Save the note", icon=":material/save:", on_click=_save_note, args=(workbench, run.ref))
    if note:
        st.caption(f"Written by {text.plain(note.updated_by)}, {note.updated_at:%Y-%m-%d %H:%M} UTC.")


def _draw_tags(workbench: Workbench, run: Run) -> None:
    st.markdown(":small[Local tags]")
    for key, value in sorted(run.local_tags.items()):
        st.button(
            f"{text.plain(key)}: {text.plain(value)}" if value else text.plain(key),
            key=f"remove-{key}",
            icon=":material/close:",
            help="Remove this tag. It stays in the history.",
            on_click=_remove_tag,
            args=(workbench, run.ref, key),
        )
    if not run.local_tags:
        st.caption("None yet. They can be filtered by: `local.key = 'value'`.")
    with st.form("tag", border=False, clear_on_submit=True):
        left, right = st.columns(2)
        left.text_input("Key", key=keys.TAG_KEY, max_chars=250)
        right.text_input("Value", key=keys.TAG_VALUE, max_chars=250)
        st.form_submit_button("Add the tag", icon=":material/new_label:", on_click=_add_tag, args=(workbench, run.ref))


@boundary.guarded
def _save_note(workbench: Workbench, ref: str) -> None:
    workbench.write_note(ref, st.session_state[f"{keys.NOTE}-{ref}"], actor=actor.name())
    # Not `boundary.notify`: the top of the page is out of sight from here.
    st.toast("Saved the note.", icon=":material/check_circle:")


@boundary.guarded
def _add_tag(workbench: Workbench, ref: str) -> None:
    if not st.session_state[keys.TAG_KEY].strip():
        st.toast("A tag needs a key.", icon=":material/info:")
        return
    workbench.set_local_tag(ref, st.session_state[keys.TAG_KEY], st.session_state[keys.TAG_VALUE], actor=actor.name())


@boundary.guarded
def _remove_tag(workbench: Workbench, ref: str, key: str) -> None:
    workbench.set_local_tag(ref, key, None, actor=actor.name())


def _sentence(change: JournalEntry) -> str:
    when = f"{change.changed_at:%Y-%m-%d %H:%M} UTC"
    who = text.plain(change.actor)
    if change.noun == "note":
        verb = {"create": "wrote the note", "update": "changed the note", "delete": "deleted the note"}[change.action]
        was = f", it was: {text.code(str(change.before['body'])[:200])}" if change.before else ""
        return f"{when}: {who} {verb}{was}"
    verb = {"create": "set", "update": "changed", "delete": "removed"}[change.action]
    tags = ", ".join(text.code(f"{key} = {value}") for key, value in (change.after or change.before or {}).items())
    return f"{when}: {who} {verb} the tag {tags}"
