"""Download the list of signals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from lean_core import clock
from lean_core.signals import Signal
from pages._ui import boundary, text


@boundary.fragment()
def _draw_menu(signals: Sequence[Signal]) -> None:
    menu = st.popover("Export", icon=":material/download:", key="export-signals", on_change="rerun")
    if not menu.open:
        return
    from lean_core.signals.export import to_csv, to_json

    with menu:
        st.caption(f"{text.count(len(signals), 'signal')}, as they are listed.")
        for ending, label, mime, write in (
            ("csv", "CSV", "text/csv", to_csv),
            ("json", "JSON", "application/json", to_json),
        ):
            st.download_button(
                label,
                data=partial(write, signals, clock.now()),
                file_name=f"signals.{ending}",
                mime=mime,
                key=f"export-signals-{ending}",
                on_click="ignore",
                width="stretch",
            )


def draw(signals: Sequence[Signal]) -> None:
    """Draw the menu; a file is made when it is asked for."""
    with st.container(width="content"):  # a fragment alone takes a whole row
        _draw_menu(signals)
