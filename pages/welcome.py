"""The welcome page: what lies here, and one click to a workspace. It also opens another workspace."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from lean_core.runs import starter_toml
from lean_core.settings import redact
from pages._ui import boundary, jobs, setup, text
from pages._ui.workbench import current_folder, is_workspace, list_workspaces, start_folder

EXAMPLE = """\
[sources.team]
uri = "http://localhost:5000"     # or a path, sqlite:///..., postgresql://...
"""
start = start_folder()
job = setup.followed()


def draw_folder() -> None:
    st.subheader("This folder", anchor=False)
    st.markdown(text.small(text.plain(str(start))))
    if not start.is_dir():
        boundary.show("warning", "There is no such folder. Make it, or start the app for another one.")
        return
    found = setup.look(start)
    for store in found.stores:
        st.markdown(f":material/database: {text.plain(str(store))}")
    if found.repository:
        st.markdown(f":material/commit: git repository {text.code(found.repository.name)}")
    for reason in found.passed_over:
        st.markdown(text.small(f":material/info: {text.plain(reason)}"))
    if not found.stores:
        st.markdown(
            "No MLflow store and no folder of runs lies here. Start the app in the folder that has your "
            "`mlflow.db` or `mlruns`, or name a store in `lean.toml` yourself:"
        )
        st.code(EXAMPLE, language="toml")
    st.button(
        "Use this folder",
        key="use-folder",
        type="primary" if found.stores else "secondary",
        icon=":material/arrow_forward:",
        on_click=setup.use_folder,
        args=(start,),
        disabled=job is not None,
    )
    with st.expander("The lean.toml that is written"):
        st.code(redact(starter_toml(found)), language="toml")


def draw_demo() -> None:
    st.subheader("Demo", anchor=False)
    st.markdown(
        "Look around first: trains a small model of customers who cancel, several times, and logs every run with "
        "MLflow. Takes less than 30 seconds, needs no network."
    )
    st.button(
        "Make the demo workspace",
        key="make-demo",
        icon=":material/science:",
        on_click=setup.make_demo,
        disabled=job is not None,
    )
    st.markdown(text.small(f"Written to {text.plain(str(start / setup.DEMO))}; delete the folder and it is gone."))


def draw_workspaces() -> None:
    st.subheader("Workspaces", anchor=False)
    for folder in workspaces:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{text.plain(folder.name)}**  \n{text.small(text.plain(str(folder)))}")
            st.space("stretch")
            if folder == current_folder():
                st.badge("Open", color="green")
            else:
                st.button("Open", key=f"open-{folder}", on_click=setup.open_existing, args=(folder,))


workspaces = list_workspaces()
st.title("Open a workspace" if workspaces else "Welcome", anchor=False)
st.markdown(
    "A workspace is a folder with `lean.toml`, its settings, and `lean.duckdb`, all that was imported. Your stores "
    "are only read, nothing leaves this machine, and deleting the two files takes the workbench out again."
)
if job is not None:
    jobs.watch(job)
if workspaces:
    draw_workspaces()
left, right = st.columns([3, 2], gap="medium")
if not is_workspace(start):
    with left.container(border=True):
        draw_folder()
if not is_workspace(start / setup.DEMO):
    with (right if not is_workspace(start) else left).container(border=True):
        draw_demo()
