"""The next thing to do: what, by which command, on which page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import checkpoint_docs, evidence, text

if TYPE_CHECKING:
    from lean_core.checkpoint import Action

ICON = ":material/arrow_circle_right:"
_DOCS = "docs:"


def draw(action: Action) -> None:
    """Draw what to do, and by which command."""
    tell(action)
    if action.command:
        st.code(action.command, language=None, wrap_lines=True)


def tell(action: Action) -> None:
    """Draw what to do."""
    st.markdown(f":small[{ICON} **Next:** {text.plain(action.sentence)}]")


def draw_way(action: Action, *, key: str) -> None:
    """Draw the way to where it is done.

    Args:
        action: what to do.
        key: of its button, which must be the only one of that name on the page.
    """
    if action.page.startswith(_DOCS):
        checkpoint_docs.draw_button(action.page.removeprefix(_DOCS), key=key)
    elif action.page:
        evidence.draw(evidence.link_to(action.page), icon=ICON)
