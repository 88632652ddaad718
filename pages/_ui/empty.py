"""Pages without runs say why, and what to do about it."""

from __future__ import annotations

import streamlit as st

from lean_core.runs import RunQuery
from lean_core.workbench import Workbench
from pages._ui import keys, run_filter, text
from pages._ui.workbench import read_sources


def explain_no_runs(workbench: Workbench, query: RunQuery, total: int) -> None:
    """Say why there are no runs to show; a page that lies beyond the last one gives way to the first."""
    if total:
        run_filter.turn_to_page(1, query)
        st.rerun()
    states = read_sources(workbench)
    known = text.count(sum(state.runs for state in states), "run")
    if not states:
        st.info("lean.toml names no source of runs yet. The page Workspace shows what is here and how to add it.")
    elif all(state.state == "never" for state in states):
        st.info("No source has been synced yet: sync once on the page Workspace, then the runs are here.")
    elif query.filter or query.sources or query.experiments or query.view != "active":
        st.info(f"No {_word(query)}run matches; there are {known} in all. Loosen the filter, or clear it.")
        st.button("Clear the filter", key="clear-filter", icon=":material/filter_list_off:", on_click=_clear)
        return
    else:
        st.info(f"There is no active run here; the sources hold {known} in all.")
    st.page_link("pages/workspace.py", label="Workspace", icon=":material/database:")


def _word(query: RunQuery) -> str:
    return "" if query.view == "all" else f"{query.view} "


def _clear() -> None:
    st.session_state[keys.FILTER] = ""
    st.session_state[keys.SOURCES] = []
    st.session_state[keys.EXPERIMENTS] = []
    st.session_state[keys.LIFECYCLE] = "active"
