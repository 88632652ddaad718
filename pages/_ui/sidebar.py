"""The sidebar under the navigation: which workspace is open, how old its data is, and a sync that is under way."""

from __future__ import annotations

import streamlit as st

from lean_core import clock
from lean_core.errors import LeanError
from pages._ui import boundary, jobs, text
from pages._ui.workbench import current_folder, open_workbench, read_sources

_SHOWS_ITS_JOB = "workspace"
"""The page that draws the job of the workspace itself."""


def draw(*, here: str) -> None:
    """Draw it; ``here`` is the page's path. A workspace that can't be read is the page's to explain."""
    folder = current_folder()
    if folder is None:
        return
    with st.sidebar, boundary.catch_errors():
        name, synced = folder.name, "Can't be read"
        try:
            workbench = open_workbench()
            name = workbench.name
            times = [source.last_success for source in read_sources(workbench) if source.last_success]
            synced = f"Synced {text.age(max(times), clock.now())}" if times else "Not synced yet"
        except LeanError:
            pass
        st.markdown(f"**{text.plain(name)}**  \n{text.small(synced)}")
        if here != _SHOWS_ITS_JOB and (job := jobs.running(folder)):
            jobs.watch(job)
        st.page_link("pages/welcome.py", label="Open another workspace", icon=":material/swap_horiz:")
