"""The page *Signals*: would anybody notice if it broke or went stale?"""

from pages._ui.router import require_app

require_app()

import streamlit as st

from pages._ui import (
    boundary,
    keys,
    signal_draft,
    signal_empty,
    signal_export,
    signal_filter,
    signal_list,
    signal_one,
    signal_work,
    text,
)
from pages._ui.workbench import open_workbench, read_signals

workbench = open_workbench()

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Signals", anchor=False, width="content")
    st.space("stretch")
    tools = st.container(horizontal=True, width="content")
shown = signal_work.read_if_asked(workbench) or read_signals(workbench)
for note in shown.notes:
    boundary.show("warning", text.plain(note))

if keys.SIGNAL_ADD in st.query_params:
    signal_draft.draw(workbench)
    st.stop()
if signal_one.is_asked():
    one = signal_one.find(shown.signals)
    if one is not None:
        signal_one.draw(workbench, one, shown.at)
        st.stop()
    signal_one.explain_missing()

with tools:
    if workbench.settings.signals:
        st.button("Read all now", icon=":material/sensors:", type="primary", on_click=signal_work.ask)
    st.button("Add a signal", icon=":material/add:", on_click=signal_draft.begin)
if not shown.signals:
    signal_empty.explain_none(workbench)
    st.stop()

st.markdown(signal_list.say_head(shown.signals, shown.at))
signal_empty.explain_never_read(shown.signals)
found = signal_filter.draw(shown.signals)
with tools:
    signal_export.draw(found)
if not found:
    signal_empty.explain_none_passes()
signal_list.draw(found, shown.at)
if not workbench.settings.signals:
    signal_empty.explain_none(workbench)
elif not signal_filter.is_narrowed():
    signal_list.draw_unwatched(found)
