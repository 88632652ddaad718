"""The page *Run*: everything that is known of one run."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from pages._ui import artifacts, histories, keys, run_facts, run_notes, text
from pages._ui.workbench import open_workbench, read_selected

workbench = open_workbench()
ref = st.query_params.get(keys.SELECTED, "")
found = read_selected(workbench, (ref,))

st.page_link("pages/runs.py", label="All runs", icon=":material/arrow_back:")
if not found:
    st.info(
        f"There is no run {text.code(ref)} here. Where a source was renamed, its runs have other addresses: "
        "find it on the page Runs."
        if ref
        else "Open a run from the page Runs: click its name."
    )
    st.stop()
run = found[0]

run_facts.draw_head(run)
run_facts.draw_facts(run)
run_facts.draw_relatives(workbench, run)
run_facts.draw_values(run)
st.subheader("Metric history", anchor=False)
histories.draw(workbench, [run], {run.title: run.title})
st.subheader("Artifacts", anchor=False)
of_artifacts = st.container()
st.subheader("Notes", anchor=False)
run_notes.draw(workbench, run)
# Last, whatever its place: a server that does not answer is waited for.
with of_artifacts:
    artifacts.draw(workbench, run)
