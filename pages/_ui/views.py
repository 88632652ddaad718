"""Views of the page *Runs*: how the runs are shown, and views kept under a name."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import streamlit as st

from lean_core.workbench import Workbench
from pages._ui import actor, boundary, keys, run_filter, text
from pages._ui.workbench import read_views

TABLE, GROUPS, PARALLEL, SCATTER = SHOWN = ("Table", "Groups", "Parallel coordinates", "Scatter")
"""How runs can be shown. The URL holds these words, so they are not dressed up by a ``format_func``."""

_DEFAULTS: dict[str, str | bool | list[str]] = {
    keys.FILTER: "",
    keys.SORT: run_filter.SORT,
    keys.ASCENDING: False,
    keys.SOURCES: [],
    keys.EXPERIMENTS: [],
    keys.LIFECYCLE: "active",
    keys.COLUMNS: [],
    keys.SHOWN: TABLE,
}
_OF_CHARTS = (keys.BUT, keys.METRICS, keys.AXES, keys.X, keys.Y)


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


def open_asked(workbench: Workbench) -> None:
    """Open the saved view that the URL names.

    A link from the page to itself would leave the browser's URL as it was, and the widgets that the view says nothing
    about too. So the view's parameters become the URL first, and then those widgets are reset.
    """
    if keys.VIEW in st.query_params:
        name = st.query_params[keys.VIEW]
        found = [view.query for view in read_views(workbench) if view.name == name]
        if found:
            st.session_state[keys.RESET] = True
            st.switch_page("pages/runs.py", query_params=parse_qsl(found[0], keep_blank_values=True))
        st.query_params.pop(keys.VIEW)
        boundary.show("warning", f"There is no view named **{text.plain(name)}** here.")
    if st.session_state.pop(keys.RESET, False):
        for key in (*_DEFAULTS, *_OF_CHARTS):
            if key in st.query_params:
                continue
            if key in _DEFAULTS:
                st.session_state[key] = _DEFAULTS[key]
            else:
                st.session_state.pop(key, None)


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
                    query_params={keys.VIEW: view.name},
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
