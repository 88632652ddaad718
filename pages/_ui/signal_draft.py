"""Adding a signal: its block for lean.toml, which a person pastes, and a reading that shows whether it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core.settings import FILE_NAME
from pages._ui import boundary, keys, signal_draft_fields, signal_marks, signal_one, text

if TYPE_CHECKING:
    from lean_core.settings import SignalSettings
    from lean_core.signals import Reading
    from lean_core.workbench import Workbench

_TRY = f"{keys.SIGNAL_TRIED}-asked"


def begin() -> None:
    """Open the form."""
    signal_one.leave()
    st.query_params[keys.SIGNAL_ADD] = "1"


def draw(workbench: Workbench) -> None:
    """Draw the form, the block that it makes, and what it reads."""
    from lean_core.signals.draft import write_signal

    signal_one.draw_way_back()
    st.subheader("Add a signal", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        draft = signal_draft_fields.draw(workbench)
    with right:
        file = text.code(str(workbench.folder / FILE_NAME))
        telemetry = draft.telemetry
        if telemetry:
            st.markdown(f"**First declare the telemetry**, with your own address or path, in {file}, then reload:")
            st.code(telemetry, language="toml", wrap_lines=True)
            st.caption("Where it is asked comes from lean.toml alone, never from this page.")
        st.markdown(f"**{'Then the' if telemetry else 'The'} signal**, to paste into {file}:")
        block = write_signal(draft.name or "NAME", draft.fields)
        st.code(block, language="toml", wrap_lines=True)
        if draft.missing:
            st.caption(f"Still needed: {', '.join(draft.missing)}.")
            return
        with boundary.catch_errors():
            signal = workbench.check_signal(draft.name, f"{telemetry}\n{block}")
            if not telemetry:
                _draw_trial(workbench, draft.name, signal, block)


def _draw_trial(workbench: Workbench, name: str, signal: SignalSettings, block: str) -> None:
    st.button("Try it", icon=":material/play_arrow:", type="primary", on_click=_ask, help="Reads it; nothing is kept.")
    if st.session_state.pop(_TRY, False):
        with st.spinner(f"Reading {text.code(signal.source)}…"):
            reading = workbench.try_signal(name, signal, workbench.settings.telemetry)
        st.session_state[keys.SIGNAL_TRIED] = (block, reading)
    tried, reading = st.session_state.get(keys.SIGNAL_TRIED, ("", None))
    if reading is not None and tried == block:
        _draw_reading(reading)


def _draw_reading(reading: Reading) -> None:
    state = signal_marks.badge(reading.verdict)
    of = f"of {reading.observed_at:%Y-%m-%d %H:%M:%S} UTC" if reading.observed_at else f"trouble: {reading.trouble}"
    n = f" · n = {reading.n:,}" if reading.n is not None else ""
    place = f" · {text.code(reading.source.place)}"
    note = f"  \n{text.plain(reading.note)}" if reading.note else ""
    st.markdown(f"{state} {text.plain(reading.sentence)}{note}  \n{text.small(f'{of}{n}{place}')}")


@boundary.guarded
def _ask() -> None:
    st.session_state[_TRY] = True
