"""The page *Runs*: find the runs that matter."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from lean_core.runs import differing
from pages._ui import empty, export, keys, run_filter, run_table, selection, views
from pages._ui.workbench import open_workbench, read_keys, read_runs

workbench = open_workbench()
known = read_keys(workbench)

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Runs", anchor=False)
    st.space("stretch")
    tools = st.container(horizontal=True, width="content")
query = run_filter.draw(workbench, known)
page = read_runs(workbench, query)
if not page.runs:
    empty.explain_no_runs(workbench, query, page.total)
    st.stop()

with st.container(horizontal=True, vertical_alignment="center"):
    shown = views.choose_shown()
    st.space("stretch")
    columns = run_table.choose_columns(known, differing(page.runs, most=run_table.MOST_OF_A_KIND), page.runs)
with tools:
    views.draw(workbench)
    export.draw(workbench, query, columns, page.total)
selection.draw()
if shown == "Table":
    run_table.draw(page, columns, query)
elif shown == "Groups":
    from pages._ui import run_groups

    run_groups.draw(workbench, query, known)
else:
    from pages._ui import run_charts

    run_charts.draw(shown, workbench, query)

if ref := st.session_state.pop(keys.OPEN, None):
    st.switch_page("pages/run.py", query_params={keys.SELECTED: ref})
