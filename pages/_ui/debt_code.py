"""Comments in the code that admit a shortcut: each is offered once, to be logged or dismissed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import actor, boundary, debt_grid, debt_reading, keys, text

if TYPE_CHECKING:
    from lean_core.debt.scan import Marker, Scan
    from lean_core.workbench import Workbench

_TABLE = f"{keys.DEBT_MARKERS}-table"


def draw(workbench: Workbench) -> None:
    """Draw what was found when somebody looked, and what can be made of it."""
    st.caption(
        "TODO, FIXME, HACK, XXX and `DEBT(owner): … until 2027-01-01` in what git tracks, with the age of each line."
    )
    if st.button("Scan the repository", key="scan-debt", icon=":material/search:"):
        with st.spinner("Reading the repository…"):
            found = workbench.scan_debt(lambda _: None)
        st.session_state[keys.DEBT_MARKERS] = (str(workbench.folder), found)
    folder, scan = st.session_state.get(keys.DEBT_MARKERS, ("", None))
    if scan is None or folder != str(workbench.folder):
        return
    _draw_found(workbench, scan)


def _draw_found(workbench: Workbench, scan: Scan) -> None:
    for note in scan.notes:
        st.markdown(text.small(f":material/info: {text.plain(note)}"))
    if not scan.markers:
        st.info("Nothing was found that nobody decided on yet.")
        return
    rows = [
        {
            "Comment": f"{marker.word}: {marker.text or '(looks like a credential; not shown)'}",
            "Where": f"{marker.path}:{marker.line}",
            "Owner": marker.owner or marker.author,
            "Until": marker.until,
            "Age": marker.age_days,
        }
        for marker in scan.markers
    ]
    picked = st.dataframe(
        rows,
        hide_index=True,
        key=_TABLE,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={"Age": st.column_config.NumberColumn("Age", format="%d d")},
        alt="Comments that admit a shortcut",
    )
    chosen = [scan.markers[at] for at in picked.selection.rows]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Log {len(chosen)}" if chosen else "Log",
            key="log-markers",
            type="primary",
            disabled=not chosen,
            on_click=_log,
            args=(workbench, chosen),
        )
        st.button(
            "Dismiss",
            key="dismiss-markers",
            disabled=not chosen,
            on_click=_dismiss,
            args=(workbench, chosen),
            help="It is not offered again, as long as it says the same.",
        )
        st.caption("Select the rows first.", width="content")


@boundary.guarded
def _log(workbench: Workbench, markers: Sequence[Marker]) -> None:
    items = workbench.take_markers(markers, actor=actor.name())
    _forget(markers)
    debt_grid.begin_anew()
    debt_reading.forget()
    boundary.notify("success", f"Logged {text.count(len(items), 'item')}.")


@boundary.guarded
def _dismiss(workbench: Workbench, markers: Sequence[Marker]) -> None:
    workbench.dismiss_markers(markers, actor=actor.name())
    _forget(markers)
    boundary.notify("success", f"Dismissed {text.count(len(markers), 'comment')}.")


def _forget(markers: Sequence[Marker]) -> None:
    from dataclasses import replace

    folder, scan = st.session_state[keys.DEBT_MARKERS]
    gone = {marker.fingerprint for marker in markers}
    left = tuple(marker for marker in scan.markers if marker.fingerprint not in gone)
    st.session_state[keys.DEBT_MARKERS] = (folder, replace(scan, markers=left))
