"""All facts that are known now: what triggers can ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import grid, keys, text

if TYPE_CHECKING:
    from lean_core.checkpoint import Fact


def draw(facts: Sequence[Fact], now: dt.datetime) -> None:
    """Draw the facts that hold the words that are asked for."""
    words = st.text_input(
        "Find", key=keys.FACTS_TEXT, bind="query-params", placeholder="Words of a name or a meaning", width=360
    )
    found = [fact for fact in sorted(facts, key=lambda fact: fact.name) if _fits(fact, words.lower().split())]
    if not found:
        st.markdown("No fact has these words.")
        return
    st.dataframe(
        {
            "Fact": [fact.name for fact in found],
            "Value": [_say(fact) for fact in found],
            "Meaning": [fact.meaning for fact in found],
            "Age": [text.age(fact.evidence.observed_at, now) if fact.evidence else "" for fact in found],
            "Kind": [fact.evidence.kind if fact.evidence else "" for fact in found],
            "Source": [fact.evidence.source if fact.evidence else "" for fact in found],
        },
        hide_index=True,
        height=grid.height(len(found)),
        column_config={
            "Fact": st.column_config.TextColumn(pinned=True, width=230),
            "Value": st.column_config.TextColumn(width=150),
            "Meaning": st.column_config.TextColumn(width=420),
        },
        placeholder="",
        alt="Facts",
    )
    st.caption(f"{text.count(len(found), 'fact')}. A repayment trigger can ask for each by its name.")


def _fits(fact: Fact, words: Sequence[str]) -> bool:
    said = f"{fact.name} {fact.meaning}".lower()
    return all(word in said for word in words)


def _say(fact: Fact) -> str:
    match fact.value:
        case None:
            return f"not known: {fact.unknown}" if fact.unknown else "not known"
        case bool():
            return "true" if fact.value else "false"
        case float():
            return text.number(fact.value)
        case _:
            return str(fact.value)
