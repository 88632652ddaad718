"""The welcome page: what lies in the folder, and one click to a workspace of it, to the demo, or to another one."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from lean_core.runs import starter_toml
from lean_core.settings import redact
from pages._ui import boundary, jobs, setup, text
from pages._ui.workbench import current_folder, is_workspace, list_workspaces, start_folder

EXAMPLE = """\
[sources.team]
# a path, http://..., postgresql://...
uri = "http://localhost:5000"
"""
start = start_folder()


def draw_workspaces() -> None:
    for folder in workspaces:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            label = f"**{text.plain(folder.name)}**  \n{text.small(text.plain(str(folder)))}"
            st.markdown(label, width="stretch")
            if folder == current_folder():
                st.badge("Open now", color="green")
            else:
                st.button("Open", key=f"open-{folder}", on_click=setup.open_existing, args=(folder,))


def draw_folder() -> None:
    st.markdown(f"**Use this folder**  \n{text.small(text.plain(str(start)))}")
    if not start.is_dir():
        boundary.show("warning", "There is no such folder. Make it, or start the app for another one.")
        return
    found = setup.look(start)
    for store in found.stores:
        st.markdown(f":material/database: {text.plain(str(store))}")
    for reason in found.passed_over:
        st.markdown(text.small(f":material/info: {text.plain(reason)}"))
    if not found.stores:
        st.markdown(
            "No MLflow store and no folder of runs lies here. Start the app in the folder that has your "
            "`mlflow.db` or `mlruns`, or use this one and name a store in its `lean.toml`, such as:"
        )
        st.code(EXAMPLE, language="toml")
    st.button(
        "Use this folder",
        key="use-folder",
        type="primary" if found.stores else "secondary",
        icon=":material/arrow_forward:",
        on_click=setup.use_folder,
        args=(start,),
    )
    with st.expander("The lean.toml that it writes", type="compact"):
        st.code(redact(starter_toml(found)), language="toml")


def draw_demo() -> None:
    st.markdown(f"**Try the demo**  \n{text.small(text.plain(str(start / setup.DEMO)))}")
    st.markdown(
        "Trains a small model of customers who cancel, several times, and logs every run with MLflow. "
        "It takes less than 30 seconds and no network, and is gone when you delete the folder."
    )
    st.button("Make the demo workspace", key="make-demo", icon=":material/science:", on_click=setup.make_demo)


st.set_page_config(layout="centered")
job = setup.followed()
if job is not None:
    st.title("Making your workspace", anchor=False)
    jobs.watch(job)
    st.caption("It goes on when you leave this page.")
    st.stop()

workspaces = list_workspaces()
if workspaces:
    st.title("Open a workspace", anchor=False)
    draw_workspaces()
else:
    st.title("Welcome", anchor=False)
    st.markdown(
        "The workbench imports runs into a *workspace*: a folder with `lean.toml` for the settings and `lean.duckdb` "
        "for what was imported. Your stores are only read, and nothing leaves this machine."
    )
if not is_workspace(start):
    with st.container(border=True):
        draw_folder()
if not is_workspace(start / setup.DEMO) and start.is_dir():
    with st.container(border=True):
        draw_demo()
