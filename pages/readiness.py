"""The page *Readiness*: how each model stands, in ten seconds. It is the founders' page, and the home page."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from lean_core import clock
from lean_core.checkpoint.check import sort_checkpoints
from pages._ui import (
    checkpoint_head,
    keys,
    readiness_cards,
    readiness_present,
    readiness_rest,
    readiness_risks,
    readiness_signals,
)
from pages._ui.checkpoint_look import read_debt_items, read_waivers
from pages._ui.workbench import open_workbench

if model := st.session_state.pop(keys.OPEN_CHECKPOINT, None):
    st.switch_page("pages/checkpoint.py", query_params={keys.CHECKED_MODEL: model})

workbench = open_workbench()
age = readiness_present.draw_head()
look, now = checkpoint_head.look_or_explain(workbench, age), clock.now()

checkpoints = sort_checkpoints(look.checkpoints)
cards, others = checkpoints[: readiness_cards.MOST], checkpoints[readiness_cards.MOST :]
items = read_debt_items(workbench)
columns = min(readiness_cards.MOST, len(cards) + 1)
is_full = len(cards) % columns == 0
grid = st.grid(columns, min_column_width=readiness_cards.NARROWEST)
with grid:
    for checkpoint in cards:
        readiness_cards.draw(workbench, checkpoint, now, presenting=readiness_present.is_on())
with grid.cell(column_span="all") if is_full else grid:
    readiness_risks.draw(items, look.triggers, columns=readiness_risks.MOST if is_full else 1)
readiness_rest.draw_others(others, now)
readiness_signals.draw(look.signals)
readiness_rest.draw_releases(workbench, [each.model for each in cards])
with st.grid(2, min_column_width=readiness_cards.NARROWEST, gap="medium"):
    with st.container():
        readiness_rest.draw_waivers(read_waivers(workbench), now)
    with st.container():
        readiness_rest.draw_triggers(look.triggers, items, now)
