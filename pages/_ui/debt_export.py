"""Download the log: Markdown that can live in git and be read back, CSV, JSON."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import streamlit as st

from pages._ui import boundary

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_FORMATS: dict[Literal["md", "csv", "json"], tuple[str, str]] = {
    "md": ("Markdown", "text/markdown"),
    "csv": ("CSV", "text/csv"),
    "json": ("JSON", "application/json"),
}


@boundary.fragment()
def _draw_menu(workbench: Workbench) -> None:
    menu = st.popover("Export", icon=":material/download:", key="export-debt", on_change="rerun")
    if not menu.open:
        return
    with menu:
        st.caption("All items. Import reads each of these back; the Markdown reads well in git.")
        for ending, (label, mime) in _FORMATS.items():
            st.download_button(
                label,
                data=partial(_write, workbench, ending),
                file_name=f"debt.{ending}",
                mime=mime,
                key=f"export-debt-{ending}",
                on_click="ignore",
                width="stretch",
            )


def draw(workbench: Workbench) -> None:
    """Draw the menu; a file is made when it is asked for."""
    with st.container(width="content"):  # a fragment alone takes a whole row
        _draw_menu(workbench)


def _write(workbench: Workbench, ending: Literal["md", "csv", "json"]) -> bytes:
    return workbench.export_debt(ending).encode()
