"""The page *Runs*: find the runs that matter."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from pages._ui import empty, export, keys, run_filter, run_table, selection, text, views
from pages._ui.workbench import open_workbench, read_keys, read_runs, read_sources

if ref := st.session_state.pop(keys.OPEN, None):
    st.switch_page("pages/run.py", query_params={keys.SELECTED: ref})

workbench = open_workbench()
known = read_keys(workbench)

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Runs", anchor=False, width="content")
    found = st.empty()
    st.space("stretch")
    tools = st.container(horizontal=True, width="content")
filter_ = st.container()
# All of these are drawn whatever is found: a widget that is not drawn loses its place in the URL.
with st.container(horizontal=True, vertical_alignment="center"):
    shown = views.choose_shown()
    st.space("stretch")
    narrow = run_filter.choose_narrow(workbench)
    chosen = run_table.choose_columns(known, disabled=shown != views.TABLE)
with tools:
    views.draw(workbench)
with filter_:
    query = run_filter.draw(known, narrow)
    run_filter.say_narrow(narrow)
    run_filter.say_stale(read_sources(workbench), narrow)
page = read_runs(workbench, query)
found.markdown(text.small(f"{page.total:,}"), width="content")
if not page.runs:
    empty.explain_no_runs(workbench, query, page.total)
    st.stop()

columns = run_table.complete_columns(chosen, page.runs)
with tools:
    export.draw(workbench, query, columns, page.total)
if shown == views.TABLE or selection.current():
    selection.draw()
if shown == views.TABLE:
    run_table.draw(page, columns, query)
elif shown == views.GROUPS:
    from pages._ui import run_groups

    run_groups.draw(workbench, query, known)
else:
    from pages._ui import run_charts

    run_charts.draw(shown, workbench, query)
