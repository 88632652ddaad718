"""The page *Version*: everything that is known of one version of a model."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from pages._ui import (
    keys,
    registry_index,
    text,
    version_events,
    version_files,
    version_gaps,
    version_lineage,
    version_record,
)
from pages._ui.workbench import open_workbench, read_registry_state, read_registry_versions

workbench = open_workbench()
model = st.query_params.get(keys.MODEL, "")
name = st.query_params.get(keys.VERSION, "")

st.page_link(
    "pages/registry.py",
    label="Registry",
    icon=":material/arrow_back:",
    query_params={keys.MODEL: model} if model else None,
)
if workbench.settings.registry is None:
    registry_index.explain_none(workbench)
    st.stop()
registry_index.bring_up_to_date(workbench)
state = read_registry_state(workbench)
versions = read_registry_versions(workbench, model) if state.state != "never" else []
version = next((each for each in versions if each.version == name), None)
if version is None:
    st.info(
        f"There is no version {text.code(name)} of a model {text.code(model)} in the registry, as it was last read: "
        "go back to the page Registry, and refresh it there if the version is new."
        if model and name
        else "Open a version from the page Registry: click its name."
    )
    st.stop()

version_record.draw_head(workbench, version)
version_record.draw_fields(workbench, version)
version_gaps.draw(workbench, version)
left, right = st.columns([3, 2], gap="large")
with left:
    st.subheader("What happened", anchor=False)
    version_events.draw(workbench, version)
    st.subheader("Metrics", anchor=False)
    version_record.draw_metrics(version)
with right:
    st.subheader("Lineage", anchor=False)
    version_lineage.draw(workbench, version)
st.subheader("Files", anchor=False)
version_files.draw(workbench, version)
version_record.draw_raw(version)
