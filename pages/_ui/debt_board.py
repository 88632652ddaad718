"""The log by where items stand, and by how bad they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.debt import RISKS, SEVERITIES, STATUSES, Item
from pages._ui import debt_marks, keys, text

if TYPE_CHECKING:
    from lean_core.debt.trigger import TriggerState

MOST_CARDS = 30
"""In one column."""
_UNRATED = "not rated"


def draw_board(items: Sequence[Item], triggers: Mapping[str, TriggerState], now: dt.datetime) -> None:
    """Draw a column a status."""
    shown = [status for status in STATUSES if any(item.status == status for item in items)]
    for column, status in zip(st.columns(max(len(shown), 1)), shown, strict=False):
        ours = [item for item in items if item.status == status]
        with column:
            st.markdown(f"**{status.capitalize()}** {text.small(str(len(ours)))}")
            for item in ours[:MOST_CARDS]:
                _draw_card(item, triggers.get(item.id), now)
            if len(ours) > MOST_CARDS:
                st.caption(f"{len(ours) - MOST_CARDS} more: narrow them by the filter.")


def draw_matrix(items: Sequence[Item]) -> None:
    """Draw the open items by severity and kind of risk."""
    here = [item for item in items if not item.ended]
    risks = [*RISKS, *([None] if any(item.risk is None for item in here) else [])]
    rows = []
    for severity in (*SEVERITIES, None):
        ours = [item for item in here if item.severity == severity]
        cells = {(risk or _UNRATED).capitalize(): _cell([item for item in ours if item.risk == risk]) for risk in risks}
        rows.append({"Severity": f"**{(severity or _UNRATED).capitalize()}**"} | cells)
    st.table(rows, border=True, hide_index=True, alt="Open items by severity and kind of risk")
    st.caption("Security and data leaks come first, whatever else is said: they can end the company.")


def _draw_card(item: Item, state: TriggerState | None, now: dt.datetime) -> None:
    with st.container(border=True):
        st.markdown(debt_marks.name(item))
        marks = [debt_marks.severity(item), *([debt_marks.trigger(state)] if state else [])]
        age = text.age(dt.datetime.combine(item.created, dt.time()), now)
        owner = text.plain(item.owner) or "nobody owns it"
        st.markdown(f"{' '.join(marks)}  \n{text.small(f'{owner} · {age}')}")
        st.page_link("pages/debt.py", label="Open", query_params={keys.DEBT_ITEM: item.id})


def _cell(items: Sequence[Item]) -> str:
    return ", ".join(text.plain(item.id) for item in items) or ":gray[none]"
