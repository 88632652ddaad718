"""The page *Compare*: the selected runs side by side, and why they differ."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from pages._ui import compared, compared_metrics, compared_rest, histories, keys
from pages._ui.workbench import open_workbench

if ref := st.session_state.pop(keys.OPEN, None):
    st.switch_page("pages/run.py", query_params={keys.SELECTED: ref})

these = compared.draw_head(open_workbench())
if these is None:
    st.stop()

compared.draw_runs(these)
compared_metrics.draw(these)
compared_rest.draw_values(these)
environment = st.container()
compared_rest.draw_code(these)
st.subheader("Metric history", anchor=False)
histories.draw(these.workbench, these.runs, dict(zip(these.letters, these.labels, strict=True)))
# Last, whatever its place: it is read from the artifacts, and a server that does not answer is waited for.
with environment:
    compared_rest.draw_environment(these)
