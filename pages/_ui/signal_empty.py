"""Where there is nothing to show: what to declare first, and how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.settings import FILE_NAME
from lean_core.signals import Signal
from pages._ui import boundary, signal_draft_fields, signal_filter, signal_work, text

if TYPE_CHECKING:
    from lean_core.workbench import Workbench


def explain_none(workbench: Workbench) -> None:
    """Say which signals come first, and how they are declared and read."""
    from lean_core.signals.draft import FIRST_SIGNALS, write_first_signals

    file = text.code(str(workbench.folder / FILE_NAME))
    with st.container(border=True):
        st.markdown(
            "**No signal is declared yet: if it broke, a customer would have to tell you.** The smallest set that would"
            " notice first:"
        )
        st.markdown("\n".join(f"- {each}" for each in FIRST_SIGNALS))
        st.markdown(f"Add these lines to {file}, with your own addresses and numbers:")
        blocks = write_first_signals(
            signal_draft_fields.guess_model(workbench),
            taken=workbench.settings.telemetry,
            with_registry=workbench.settings.registry is None,
        )
        st.code(blocks, language="toml", wrap_lines=True)
        st.markdown("Then read them, here or by a scheduler; the exit code tells whether all is well:")
        st.code("lean-mlops signals", language=None)
        st.markdown("The job itself says that it ran, at its end or around it:")
        st.code("lean-mlops beat nightly-train -- python train.py", language=None, wrap_lines=True)


def explain_never_read(signals: Sequence[Signal]) -> None:
    """Say that no signal was ever read, and let a person do it."""
    declared = [each for each in signals if each.kind == "signal"]
    if not declared or any(each.last for each in declared):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{text.count(len(declared), 'signal')} declared, and none was ever read.** Read them now; afterwards let"
            " a scheduler run `lean-mlops signals`.",
            width="stretch",
        )
        st.button("Read for the first time", key="read-first", icon=":material/sensors:", on_click=signal_work.ask)


def explain_none_passes() -> None:
    """Say that the filter leaves nothing."""
    boundary.show("info", "No signal passes the filter.")
    st.button("Clear the filter", key="clear-signals", icon=":material/filter_list_off:", on_click=signal_filter.clear)
