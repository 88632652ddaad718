"""The shortcuts that hurt most, those whose time has come in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.debt import sort_items
from pages._ui import evidence, text

if TYPE_CHECKING:
    from lean_core.debt import Item
    from lean_core.debt.trigger import TriggerState

MOST = 3
_TRACKS = 9


def draw(items: Sequence[Item], triggers: Sequence[TriggerState], *, columns: int) -> None:
    """Draw the first three, in so many columns."""
    fired = {state.item: state for state in triggers if state.state == "fired"}
    live = [item for item in sort_items(items) if not item.ended]
    first = sorted(live, key=lambda item: item.id not in fired)[:MOST]
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader("Top risks", anchor=False, width="content")
            if len(live) > len(first):
                evidence.draw(evidence.link_to("debt", f"All {text.count(len(live), 'open shortcut')}"))
        if not live:
            st.markdown("No shortcut is logged. That does not mean that there is none.")
            evidence.draw(evidence.link_to("debt?add=1", "Log the first one"))
        with st.grid(columns, min_column_width=260):
            for item in first:
                _draw_item(item, fired.get(item.id))


def _draw_item(item: Item, fired: TriggerState | None) -> None:
    with st.container(gap=None):
        row = st.grid(_TRACKS, wrap=False, min_column_width=1, gap=(0, 4))
        with row.cell(column_span=_TRACKS - 2):
            st.markdown(f"**{text.plain(item.title)}**")
        with row.cell(column_span=2):
            evidence.draw(evidence.link_to(f"debt?item={item.id}", item.id))
        st.markdown(f":small[{_rate(item)}]")
        if fired:
            st.markdown(f":small[:red[:material/alarm: Its time has come:] {text.plain(fired.sentence)}]")


def _rate(item: Item) -> str:
    severity = f"{item.severity} severity" if item.severity else "severity not rated"
    colour = {"high": "red", "medium": "orange", "low": "gray"}.get(item.severity or "", "orange")
    owner = f"owner {text.plain(item.owner)}" if item.owner else ":orange[nobody owns it]"
    blocks = f"blocks {text.plain(', '.join(item.blocks))}" if item.blocks else ""
    parts = [f":{colour}[{severity}]", text.plain(item.risk or ""), owner, blocks]
    return " · ".join(part for part in parts if part)
