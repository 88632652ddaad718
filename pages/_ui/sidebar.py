"""The sidebar under the navigation: which workspace is open, how old its data is, and a sync that is under way."""

from __future__ import annotations

import streamlit as st

from lean_core import clock
from lean_core.errors import LeanError
from pages._ui import jobs, text
from pages._ui.workbench import current_folder, open_workbench, read_last_sync


def draw() -> None:
    """Draw it. A workspace that can't be read is the page's to explain: here only its folder is named."""
    folder = current_folder()
    if folder is None:
        return
    name, synced = folder.name, "Can't be read"
    try:
        workbench = open_workbench()
        name = workbench.settings.workspace.name
        last = read_last_sync(workbench)
        synced = f"Synced {text.age(last, clock.now())}" if last else "Not synced yet"
    except LeanError:
        pass
    with st.sidebar:
        st.markdown(f"**{text.plain(name)}**  \n{text.small(synced)}")
        job = jobs.newest(folder)
        if job is not None and job.running:
            jobs.watch(job)
