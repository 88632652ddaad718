"""The head of the page *Readiness*, and its presentation mode: without the sidebar, and without anything to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import checkpoint_head, keys

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


def is_on() -> bool:
    """Say whether the page is being presented."""
    return keys.PRESENT in st.query_params


def draw_head() -> DeltaGenerator:
    """Draw the title and the buttons; return the place for how old the page is."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Readiness", anchor=False, width="content")
        age = st.empty()
        st.space("stretch")
        if is_on():
            st.button("Leave presentation", icon=":material/close_fullscreen:", on_click=_leave)
            return age
        with st.container(horizontal=True, width="content"):
            checkpoint_head.draw_button()
            # A page of its own: in the one that is open, Streamlit may leave an empty sidebar behind.
            st.link_button(
                "Present",
                f"./?{keys.PRESENT}=1",
                icon=":material/present_to_all:",
                help="In another tab, without the sidebar and without what one would type.",
            )
    return age


def _leave() -> None:
    st.query_params.pop(keys.PRESENT, None)
