"""The rows that a reading was made of, where they are at hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.signals import Unread
from lean_core.signals.export import rows_to_csv
from pages._ui import boundary, grid, keys, text
from pages._ui.workbench import read_signal_rows

if TYPE_CHECKING:
    from lean_core.signals import Signal
    from lean_core.signals.log.sample import Sample
    from lean_core.workbench import Workbench

MOST = 200


def draw(workbench: Workbench, signal: Signal) -> None:
    """Draw a sample of them where a person asks for it: it is read from the log's files."""
    telemetry = workbench.settings.telemetry.get(signal.source)
    if signal.last is None or telemetry is None or telemetry.kind != "log":
        return
    if not st.toggle(f"Show up to {MOST} rows of the window", key=keys.SIGNAL_ROWS, bind="query-params"):
        return
    with boundary.catch_errors():
        found = read_signal_rows(workbench, signal.name, signal.last.observed_at or signal.last.read_at, MOST)
        if isinstance(found, Unread):
            boundary.show("warning", text.plain(found.sentence))
        elif found is not None:
            _draw_sample(signal, found)


def _draw_sample(signal: Signal, sample: Sample) -> None:
    for note in sample.notes:
        boundary.show("warning", text.plain(note))
    span = f"{sample.since:%Y-%m-%d %H:%M} to {sample.until:%Y-%m-%d %H:%M} UTC"
    if not sample.rows:
        st.caption(f"No row of {span} is there any more.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        files = f"{text.code(sample.files[0])}{f' and {len(sample.files) - 1} more' if sample.files[1:] else ''}"
        st.caption(f"{text.count(len(sample.rows), 'row')} of {span}, the newest first, from {files}.", width="stretch")
        st.download_button(
            "CSV",
            data=partial(rows_to_csv, sample.columns, sample.rows),
            file_name=f"{signal.name}-rows.csv",
            mime="text/csv",
            icon=":material/download:",
            key="export-rows",
            on_click="ignore",
        )
    st.dataframe(
        {name: [row[name] for row in sample.rows] for name in sample.columns},
        hide_index=True,
        height=grid.height(len(sample.rows)),
        placeholder="",
        alt="Rows",
    )
