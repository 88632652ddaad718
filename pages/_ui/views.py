"""Views of the page *Runs*: how the runs are shown, and views kept under a name."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import streamlit as st

from lean_core.workbench import Workbench
from pages._ui import actor, boundary, keys, text
from pages._ui.workbench import read_views

TABLE, GROUPS, PARALLEL, SCATTER = SHOWN = ("Table", "Groups", "Parallel coordinates", "Scatter")
"""How runs can be shown. The URL holds these words, so they are not dressed up by a ``format_func``."""


def choose_shown() -> str:
    """Let a person choose how the runs are shown."""
    chosen = st.segmented_control(
        "Show",
        SHOWN,
        key=keys.SHOWN,
        bind="query-params",
        default=TABLE,
        required=True,
        label_visibility="collapsed",
    )
    return chosen or TABLE


def draw(workbench: Workbench) -> None:
    """Draw the saved views, and save the current one."""
    with st.popover("Views", icon=":material/bookmark:", key="views"):
        saved = read_views(workbench)
        if not saved:
            st.caption("A view is this page as it stands: filter, columns, sort, selection. Save it under a name.")
        for view in saved:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.page_link(
                    "pages/runs.py",
                    label=text.plain(view.name),
                    icon=":material/bookmark:",
                    query_params=parse_qsl(view.query, keep_blank_values=True),
                    help=f"Saved by {text.plain(view.updated_by)}, {view.updated_at:%Y-%m-%d %H:%M} UTC",
                    width="stretch",
                )
                st.button(
                    "Delete",
                    key=f"delete-view-{view.name}",
                    type="tertiary",
                    icon=":material/delete:",
                    help="It stays in the journal.",
                    on_click=_delete,
                    args=(workbench, view.name),
                )
        with st.form("save-view", clear_on_submit=True, border=False):
            st.text_input("Name", key=keys.VIEW_NAME, max_chars=100, placeholder="Best of November")
            st.form_submit_button("Save this view", icon=":material/bookmark_add:", on_click=_save, args=(workbench,))


@boundary.guarded
def _save(workbench: Workbench) -> None:
    names = [name for name in st.query_params if name != keys.PAGE]
    pairs = [(name, value) for name in names for value in st.query_params.get_all(name)]
    name = st.session_state[keys.VIEW_NAME]
    workbench.save_view(name, urlencode(pairs), actor=actor.name())
    boundary.notify("success", f"Saved the view **{text.plain(name)}**.")


@boundary.guarded
def _delete(workbench: Workbench, name: str) -> None:
    workbench.delete_view(name, actor=actor.name())
    boundary.notify("info", f"Deleted the view **{text.plain(name)}**.")
