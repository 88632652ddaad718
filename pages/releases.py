"""The page *Releases*: what is live where, why it was allowed, and how to get back."""

from pages._ui.router import require_app

require_app()

from collections.abc import Callable

import streamlit as st

from lean_core import clock
from lean_core.errors import RootMissing
from pages._ui import (
    asked,
    keys,
    release_changes,
    release_code,
    release_empty,
    release_gate,
    release_now,
    release_past,
    release_rollback,
    release_trail,
    release_waivers,
    text,
)
from pages._ui.release_marks import Known
from pages._ui.release_reading import ask, forget, observations, read_trails
from pages._ui.workbench import open_workbench

workbench = open_workbench()

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Releases", anchor=False, width="content")
    st.space("stretch")
    tools = st.container(horizontal=True, width="content")
if workbench.settings.registry is None:
    release_empty.explain_no_registry(workbench)
    st.stop()

with tools:
    st.button("Read again", icon=":material/refresh:", on_click=forget, help="An answer is kept for half a minute.")
    asks = st.button("Ask the running systems", icon=":material/sensors:", help="By the probes in lean.toml.")
if asks:
    ask(workbench)
try:
    trails, read_at = read_trails(workbench)
except RootMissing as error:
    release_empty.explain_no_models(str(error))
    st.stop()
if not trails:
    release_empty.explain_no_models()
    st.stop()

now = clock.now()
observed = observations(workbench)
asked_at = max((each.observed_at for each in observed.values()), default=None)
of_systems = f"running systems asked {text.age(asked_at, now)}" if asked_at else "running systems not asked yet"
st.markdown(text.small(f"As of {read_at:%Y-%m-%d %H:%M:%S} UTC · {of_systems}"))
release_waivers.draw(workbench.waivers(trails), now)
matrix = workbench.matrix(trails, observed)
live = [(cell.state.model, cell.state.live.version) for row in matrix.rows for cell in row.cells if cell.state.live]
if not live:
    release_empty.explain_nothing_deployed(trails[0].model, matrix.environments[-1])
known = Known(now=now, code=release_code.find(workbench, live))
release_now.draw_matrix(matrix, known)

models = [each.model for each in trails]
asked.explain_unknown(keys.RELEASED_MODEL, models, "model")
model = st.selectbox("Model", models, key=keys.RELEASED_MODEL, bind="query-params", width=260)
trail = next(each for each in trails if each.model == model)
row = next(each for each in matrix.rows if each.model == model)
sections: dict[str, Callable[[], None]] = {
    "Now": lambda: release_now.draw(row, known),
    "Gate": lambda: release_gate.draw(workbench, trail),
    "What changed": lambda: release_changes.draw(workbench, trail),
    "What was live": lambda: release_past.draw(workbench, trails),
    "Rollback": lambda: release_rollback.draw(workbench, trail),
    "Trail": lambda: release_trail.draw(workbench, trails),
}
asked.explain_unknown(keys.SECTION, sections, "section")
for tab, draw in zip(st.tabs(list(sections), key=keys.SECTION, bind="query-params"), sections.values(), strict=True):
    if tab.open:
        with tab:
            draw()
