"""The page *Compare*: the selected runs side by side, and why they differ."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from pages._ui import compared, compared_metrics, compared_rest, histories
from pages._ui.workbench import open_workbench

these = compared.draw_head(open_workbench())
if these is None:
    st.stop()

compared.draw_runs(these)
compared_metrics.draw(these)
compared_rest.draw_values(these)
compared_rest.draw_environment(these)
compared_rest.draw_code(these)
st.subheader("Metric history", anchor=False)
histories.draw(these.workbench, these.runs, these.labels)
