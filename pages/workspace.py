"""The page *Workspace*: where runs come from, how fresh they are, and what is kept."""

from pages._ui.router import require_app

require_app()

import streamlit as st

from lean_core import clock
from lean_core.runs import sources_toml
from lean_core.settings import FILE_NAME, redact
from pages._ui import boundary, jobs, keys, source_models, sources, sync, text, warnings
from pages._ui.settings import list_settings
from pages._ui.workbench import open_workbench, read_contents, read_sources


def draw_sources() -> None:
    st.subheader("Sources", anchor=False)
    if not states:
        boundary.show("info", "lean.toml names no source of runs yet: the tab *Also found here* has what to add to it.")
    for state in states:
        sources.draw(state, folder=workbench.folder, busy=running is not None, now=now)


def draw_last_sync() -> None:
    if running:
        st.caption("A sync is under way; its result will be here.")
    elif job is None or job.problem:
        st.caption("Nothing was synced since the app was started. What each source holds is above.")
    else:
        sync.draw_reports(job.reports)


def draw_found() -> None:
    found = workbench.detect()
    if found.stores:
        st.markdown(f"To import these as well, add this to {text.code(str(found.folder / FILE_NAME))}, then sync:")
        st.code(redact(sources_toml(found.stores, workbench.settings.sources)), language="toml")
    else:
        st.caption("Everything in this folder that runs can be imported from is a source already.")
    for reason in found.passed_over:
        st.markdown(text.small(f":material/info: {text.plain(reason)}"))


def draw_file() -> None:
    st.caption(
        f"{text.code('lean.duckdb')} · {text.size(workbench.file_bytes())} · schema {workbench.schema_version()}"
    )
    tables = read_contents(workbench)
    filled = [{"Table": table.name, "Rows": table.rows} for table in tables if table.rows]
    st.dataframe(
        filled,
        column_config={"Rows": st.column_config.NumberColumn(format="localized")},
        hide_index=True,
        width=420,
        height="content",
        alt="Tables of the workspace's file",
    )
    if len(filled) < len(tables):
        st.caption(f"{text.count(len(tables) - len(filled), 'more table')} without a row.")


def draw_settings() -> None:
    st.caption(f"{text.code('lean.toml')} as it is read, with defaults. Secrets are not shown.")
    rows = [{"Setting": key, "Value": value} for key, value in list_settings(workbench.settings)]
    st.dataframe(rows, hide_index=True, height="content", alt="Settings")


if ref := st.session_state.pop(keys.OPEN, None):
    st.switch_page("pages/run.py", query_params={keys.SELECTED: ref})

workbench = open_workbench()
states = read_sources(workbench)
job = jobs.newest(workbench.folder)
running = jobs.running(workbench.folder)
now = clock.now()

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Workspace", anchor=False, width="content")
    st.space("stretch")
    st.button(
        "Sync all",
        key="sync-all",
        icon=":material/sync:",
        type="primary",
        on_click=sources.start_sync,
        args=(workbench.folder, None),
        disabled=running is not None or not states,
    )
st.markdown(text.small(text.plain(str(workbench.folder))))

if running:
    jobs.watch(running)
elif job is not None and job.problem:
    boundary.show("error", job.problem)

with st.grid(4, min_column_width=150):
    st.metric("Runs", f"{sum(state.runs for state in states):,}", border=True)
    st.metric("Experiments", f"{sum(state.experiments for state in states):,}", border=True)
    st.metric("Sources synced", f"{sum(state.state == 'ok' for state in states)} of {len(states)}", border=True)
    st.metric("Warnings", f"{sum(state.warnings for state in states):,}", border=True)

draw_sources()

sections = {
    "Last sync": draw_last_sync,
    "Warnings": lambda: warnings.draw(workbench, states),
    "MLflow models": lambda: source_models.draw(workbench),
    "In the file": draw_file,
    "Settings": draw_settings,
    "Also found here": draw_found,
}
for tab, draw in zip(st.tabs(list(sections), key=keys.SECTION, bind="query-params"), sections.values(), strict=True):
    if tab.open:
        with tab:
            draw()
