"""What the last sync of a source passed over or took with a doubt, as a list to filter and take away."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import keys, text
from pages._ui.workbench import read_warnings

if TYPE_CHECKING:
    from lean_core.runs import SourceState, SyncWarning
    from lean_core.workbench import Workbench

_COLUMNS = ("Kind", "Where", "What", "Effect")


def draw(workbench: Workbench, states: Sequence[SourceState]) -> None:
    """Draw the warnings of one source at a time."""
    names = [state.name for state in states if state.warnings]
    if not names:
        st.caption("No warnings: the last sync of every source took all that it found.")
        return
    left, right = st.columns([1, 3])
    source = left.selectbox("Source", names, key=keys.WARNINGS_OF)
    warnings = read_warnings(workbench, source)
    kinds = Counter(warning.kind for warning in warnings)
    chosen = right.multiselect(
        "Kinds",
        [kind for kind, _ in kinds.most_common()],
        key=keys.WARNING_KINDS,
        format_func=lambda kind: text.plain(f"{kind} ({kinds[kind]:,})"),
        placeholder="All kinds",
    )
    rows = [_row(warning) for warning in warnings if not chosen or warning.kind in chosen]
    st.dataframe(
        [dict(zip(_COLUMNS, row, strict=True)) for row in rows], hide_index=True, alt="Warnings of the last sync"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download as CSV",
            _write_csv(rows),
            file_name=f"warnings-{source}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(text.count(len(rows), "warning"))


def _row(warning: SyncWarning) -> tuple[str, str, str, str]:
    return (warning.kind, warning.place, warning.message, "left out" if warning.skipped else "taken, with a doubt")


def _write_csv(rows: Sequence[Sequence[str]]) -> str:
    from lean_core.spreadsheet import spreadsheet_text

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    writer.writerows([spreadsheet_text(cell) for cell in row] for row in rows)
    return out.getvalue()
