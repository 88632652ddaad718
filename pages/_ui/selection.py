"""The runs that are selected, over all pages of the table: they live in the URL, in the order of their selection."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages._ui import boundary, keys, text

MOST = 20
"""More columns than that side by side can't be read."""
MOST_SELECTED = 200
"""Web servers refuse URLs that are much longer than so many references make it."""


def current() -> list[str]:
    """Return the references of the selected runs."""
    return st.query_params.get_all(keys.SELECTED)


def rows_of(refs: Sequence[str]) -> list[int]:
    """Return at which positions the selected ones of these runs are."""
    selected = set(current())
    return [at for at, ref in enumerate(refs) if ref in selected]


def edition() -> int:
    """Return a number that changes when the selection or the order is changed elsewhere than in the grid."""
    return int(st.session_state.get(keys.EDITION, 0))


def bump() -> None:
    """Let the grid take its marks from the selection anew."""
    st.session_state[keys.EDITION] = edition() + 1


def take_rows(visible: Sequence[str], rows: Sequence[int]) -> None:
    """Take over which of the visible runs are marked; runs on other pages stay selected."""
    marked = [visible[row] for row in rows]
    kept = [ref for ref in current() if ref not in visible or ref in marked]
    selected = [*kept, *(ref for ref in marked if ref not in kept)]
    if len(selected) > MOST_SELECTED:
        boundary.notify("info", f"No more than {MOST_SELECTED} runs can be selected: filter for those that matter.")
    select(selected[:MOST_SELECTED])


def select(refs: Sequence[str]) -> None:
    """Make these the selected runs."""
    if refs:
        st.query_params[keys.SELECTED] = refs
    else:
        st.query_params.pop(keys.SELECTED, None)


def draw() -> None:
    """Draw what can be done with the selected runs; without any it takes the same room, so that the table stays put."""
    selected = current()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = f"Compare {len(selected)}" if selected else "Compare"
        if 1 < len(selected) <= MOST:
            st.page_link(
                "pages/compare.py",
                label=label,
                icon=":material/compare_arrows:",
                query_params={keys.SELECTED: selected},
            )
        else:
            st.button(
                label,
                key="cannot-compare",
                type="tertiary",
                icon=":material/compare_arrows:",
                disabled=True,
                help=f"Select 2 to {MOST} runs.",
            )
        st.button(
            "Clear",
            key="clear-selection",
            type="tertiary",
            icon=":material/close:",
            disabled=not selected,
            on_click=select,
            args=([],),
        )
        # At the end: the table's own toolbar covers it where there is little room.
        st.caption(f"{text.count(len(selected), 'run')} selected", width="content")
