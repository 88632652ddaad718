"""The page *Checkpoint*: the five questions of a model, with what their answers rest on."""

from pages._ui.router import require_app

require_app()

from collections.abc import Callable

import streamlit as st

from lean_core import clock
from pages._ui import (
    checkpoint_claims,
    checkpoint_facts,
    checkpoint_head,
    checkpoint_ml_test,
    checkpoint_sections,
    checkpoint_trend,
    keys,
)
from pages._ui.workbench import open_workbench

workbench = open_workbench()
age = checkpoint_head.draw("Checkpoint")
look, now = checkpoint_head.look_or_explain(workbench, age), clock.now()

with st.container(horizontal=True, vertical_alignment="bottom"):
    model = checkpoint_head.choose_model(sorted(each.model for each in look.checkpoints))
    moment = checkpoint_head.ask_when()
checkpoint = checkpoint_head.find(workbench, look, model, moment)
if checkpoint is not None:
    checkpoint_head.draw_verdict(checkpoint, now)
    checkpoint_sections.draw(workbench, checkpoint, moment or now)

sections: dict[str, Callable[[], None]] = {
    "Trend": lambda: checkpoint_trend.draw(workbench, model),
    "Claims": lambda: checkpoint_claims.draw(workbench, look.checkpoint(model)),
    "Facts": lambda: checkpoint_facts.draw(look.facts, now),
}
if scores := [score for score in look.ml_tests if score.model == model]:
    sections["ML Test Score"] = lambda: checkpoint_ml_test.draw(scores[0], now)
for tab, draw in zip(
    st.tabs(list(sections), key=keys.CHECKPOINT_PART, bind="query-params"), sections.values(), strict=True
):
    if tab.open:
        with tab:
            draw()
