"""The page *Registry*: models with their versions, what is live, and what is missing."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from lean_core import clock
from pages._ui import (
    boundary,
    keys,
    registry_adopt,
    registry_index,
    registry_models,
    registry_verify,
    registry_versions,
    text,
)
from pages._ui.workbench import open_workbench, read_registry_models, read_registry_state, read_registry_versions

if opened := st.session_state.pop(keys.OPEN_VERSION, None):
    st.switch_page("pages/version.py", query_params={keys.MODEL: opened[0], keys.VERSION: opened[1]})

workbench = open_workbench()
now = clock.now()

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Registry", anchor=False, width="content")
    st.space("stretch")
    tools = st.container(horizontal=True, width="content")
if workbench.settings.registry is None:
    registry_index.explain_none(workbench)
    st.stop()

with tools:
    registry_index.draw_buttons()
registry_index.bring_up_to_date(workbench)
state = read_registry_state(workbench)
registry_index.draw_state(workbench, state, now)
models = read_registry_models(workbench) if state.state != "never" else []
if not models:
    registry_index.explain_empty(state)
    st.stop()

registry_models.observe_if_asked(workbench)
registry_models.draw(workbench, models, now)
name = st.query_params.get(keys.MODEL) or models[0].name
chosen = next((model for model in models if model.name == name), None)
if chosen is None:
    boundary.show("info", f"There is no model {text.code(name)} in the registry: choose one of the table.")
    st.stop()

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.subheader(text.plain(chosen.name), anchor=False, width="content")
    st.markdown(text.small(registry_models.say_contents(chosen)), width="content")
    st.space("stretch")
    registry_verify.draw_button(chosen.name)
versions = read_registry_versions(workbench, chosen.name)
registry_models.draw_live(workbench, chosen.name, versions)
registry_verify.verify_if_asked(workbench, chosen.name, versions)
registry_versions.draw(workbench, versions, now)
registry_versions.draw_problems(versions)
registry_verify.draw_findings(workbench, chosen.name, now)
registry_adopt.draw(workbench, [version for version in versions if version.state == "foreign"])
