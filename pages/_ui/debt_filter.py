"""Which items of the log are shown: all of it lives in the URL."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lean_core.debt import BLOCKED, RISKS, SEVERITIES, STATUSES, Item
from pages._ui import keys

NOBODY = "(nobody)"
UNRATED = "(not rated)"


def draw(items: Sequence[Item]) -> list[Item]:
    """Draw the filter, and return the items that pass it."""
    owners = sorted({item.owner or NOBODY for item in items})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Search",
            key=keys.DEBT_TEXT,
            bind="query-params",
            live=True,
            type="search",
            placeholder="words in any field",
            width=260,
        )
        with st.popover("Filter", icon=":material/filter_list:", key="debt-filter"):
            statuses = _choose("Status", STATUSES, keys.DEBT_STATUSES, placeholder="Not over")
            severities = _choose("Severity", (*SEVERITIES, UNRATED), keys.DEBT_SEVERITIES)
            risks = _choose("Risk", (*RISKS, UNRATED), keys.DEBT_RISKS)
            blocks = _choose("Blocks", BLOCKED, keys.DEBT_BLOCKS)
            chosen = _choose("Owner", owners, keys.DEBT_OWNERS)
    found = [
        item
        for item in items
        if (item.status in statuses if statuses else not item.ended)
        and (not severities or (item.severity or UNRATED) in severities)
        and (not risks or (item.risk or UNRATED) in risks)
        and (not blocks or set(blocks) & set(item.blocks))
        and (not chosen or (item.owner or NOBODY) in chosen)
        and _holds(item, words or "")
    ]
    told = f"{len(found)} of {len(items)} items"
    st.caption(
        told if statuses else f"{told}; those that are repaid or dropped are shown where the status asks for them."
    )
    return found


def _choose(label: str, options: Sequence[str], key: str, *, placeholder: str = "All") -> list[str]:
    return st.multiselect(label, options, key=key, bind="query-params", placeholder=placeholder)


def _holds(item: Item, words: str) -> bool:
    """Whether each word is in one of the fields."""
    texts = (
        item.id, item.title, item.instead, item.area, item.owner, item.consequence, item.trigger, item.watch,
        item.control, item.location, item.decision, item.reviewer, item.reason,
    )  # fmt: skip
    told = "\n".join(texts).casefold()
    return all(word in told for word in words.casefold().split())
