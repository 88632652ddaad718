"""What a job said of its runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core.errors import LeanError
from pages._ui import boundary, grid, text
from pages._ui.workbench import read_heartbeats

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_MOST = 50


def draw(workbench: Workbench, job: str) -> None:
    """Draw its last beats, the newest first."""
    try:
        found = next((each for each in read_heartbeats(workbench) if each.job == job), None)
    except LeanError as error:
        boundary.show("warning", f"What it said can't be read: {text.plain(str(error))}.")
        return
    if found is None or not found.beats:
        st.markdown("It says that it ran at its end, or around it:")
        st.code(f"lean-mlops beat {job}\nlean-mlops beat {job} -- COMMAND", language=None, wrap_lines=True)
        return
    for note in found.notes:
        boundary.show("warning", text.plain(note))
    beats = list(reversed(found.beats))[:_MOST]
    st.markdown("**What it said**")
    st.dataframe(
        {
            "Time (UTC)": [each.at for each in beats],
            "Said": [each.said for each in beats],
            "Took": ["" if each.seconds is None else text.duration(each.seconds) for each in beats],
            "Exit code": ["" if each.exit_code is None else str(each.exit_code) for each in beats],
            "Host": [each.host or "" for each in beats],
            "Note": [each.note or "" for each in beats],
        },
        hide_index=True,
        height=grid.height(len(beats)),
        column_config={"Time (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm:ss", width=160)},
        placeholder="",
        alt="Heartbeats",
    )
