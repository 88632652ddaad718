"""The page *Workspace*: where runs come from, how fresh they are, and what is kept."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from lean_core import clock
from pages._ui import boundary, jobs, sources, text
from pages._ui.workbench import open_workbench, read_sources

workbench = open_workbench()
states = read_sources(workbench)
job = jobs.newest(workbench.folder)
busy = job is not None and job.running
now = clock.now()

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Workspace", anchor=False)
    st.space("stretch")
    st.button("Sync all", key="sync-all", icon=":material/sync:", type="primary", on_click=sources.start_sync, args=(workbench.folder, None), disabled=busy or not states)
st.caption(text.code(str(workbench.folder)))

with st.grid(4, min_column_width=150):
    st.metric("Runs", f"{sum(state.runs for state in states):,}", border=True)
    st.metric("Experiments", f"{sum(state.experiments for state in states):,}", border=True)
    st.metric("Sources synced", f"{sum(state.state == 'ok' for state in states)} of {len(states)}", border=True)
    st.metric("File", text.size(workbench.file_bytes()), border=True)

if busy:
    jobs.watch(job)
elif job is not None and job.problem:
    boundary.show("error", job.problem)

st.subheader("Sources", anchor=False)
for state in states:
    sources.draw(state, folder=workbench.folder, busy=busy, now=now)
