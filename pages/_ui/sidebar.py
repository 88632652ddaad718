"""The sidebar under the navigation: which workspace is open, how old its data is, and a sync that is under way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core import clock
from lean_core.errors import LeanError
from pages._ui import boundary, jobs, text, theme
from pages._ui.workbench import current_folder, open_workbench, read_sources

if TYPE_CHECKING:
    from lean_core.runs import SourceState

_SHOWS_ITS_JOB = "workspace"
"""The page that draws the job of the workspace itself."""


def draw(*, here: str) -> None:
    """Draw it; ``here`` is the page's path. A workspace that can't be read is the page's to explain."""
    theme.mend()  # here, since this is drawn on every page
    folder = current_folder()
    if folder is None:
        return
    with st.sidebar, boundary.catch_errors():
        name, synced, old = folder.name, "Can't be read", 0
        try:
            workbench = open_workbench()
            name, states = workbench.name, read_sources(workbench)
            synced, old = say_age(states, clock.now()), sum(state.message is not None for state in states)
        except LeanError:
            pass
        st.markdown(f"**{text.plain(name)}**  \n{text.small(synced)}")
        if old and here != _SHOWS_ITS_JOB:
            st.page_link("pages/workspace.py", label="See why on Workspace", icon=":material/warning:")
        if here != _SHOWS_ITS_JOB and (job := jobs.running(folder)):
            jobs.watch(job)
        st.page_link("pages/welcome.py", label="Open another workspace", icon=":material/swap_horiz:")


def say_age(states: Sequence[SourceState], now: dt.datetime) -> str:
    """Say how old the oldest of what is shown is, and how many sources can't be read or were never synced."""
    times = [state.last_success for state in states if state.last_success]
    stale = sum(state.state == "stale" for state in states)
    failed = sum(state.state == "never" and state.message is not None for state in states)
    waiting = sum(state.state == "never" and state.message is None for state in states)
    said = [f"Synced {text.age(min(times), now)}" if times else "Not synced yet"]
    said += [f"{number} {word}" for number, word in ((stale, "stale"), (failed, "failed")) if number]
    if times and waiting:
        said.append(f"{waiting} not synced")
    return " · ".join(said)
