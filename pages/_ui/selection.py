"""The runs that are selected, over all pages of the table: they live in the URL, in the order of their selection."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages._ui import keys, text

MOST = 20
"""More columns than that side by side can't be read."""


def current() -> list[str]:
    """Return the references of the selected runs."""
    return st.query_params.get_all(keys.SELECTED)


def edition() -> int:
    """Return a number that changes when the selection or the order is changed elsewhere than in the grid."""
    return int(st.session_state.get(keys.EDITION, 0))


def bump() -> None:
    """Let the grid take its marks from the selection anew."""
    st.session_state[keys.EDITION] = edition() + 1


def take_rows(visible: Sequence[str], rows: Sequence[int]) -> None:
    """Take over which of the visible runs are marked; runs on other pages stay selected."""
    marked = [visible[row] for row in rows if row < len(visible)]
    kept = [ref for ref in current() if ref not in visible or ref in marked]
    st.query_params[keys.SELECTED] = [*kept, *(ref for ref in marked if ref not in kept)]


def draw() -> None:
    """Draw what can be done with the selected runs."""
    selected = current()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not selected:
            st.caption("Select runs to compare them; click a name to open a run, a column's head to sort by it.")
            return
        st.markdown(f"**{text.count(len(selected), 'run')} selected**", width="content")
        st.page_link(
            "pages/compare.py",
            label=f"Compare {len(selected)}",
            icon=":material/compare_arrows:",
            query_params={keys.SELECTED: selected},
            disabled=not 1 < len(selected) <= MOST,
            help=None if 1 < len(selected) <= MOST else f"Select 2 to {MOST} runs.",
        )
        st.button("Clear", key="clear-selection", type="tertiary", icon=":material/close:", on_click=_clear)


def _clear() -> None:
    st.query_params.pop(keys.SELECTED, None)
    bump()
