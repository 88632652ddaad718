"""What is broken or stale, on the page *Readiness*: every signal that somebody should look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import evidence, signal_marks, text

if TYPE_CHECKING:
    from lean_core.signals import Signal, State

_SIGNS: dict[State, str] = {
    "broken": ":red[:material/error: broken]",
    "stale": ":orange[:material/history: stale]",
    "unknown": ":orange[:material/help: unknown]",
}


def draw(signals: Sequence[Signal]) -> None:
    """Draw those that are broken, stale or can't be read, the worst first, and how many are well."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Signals", anchor=False, width="content")
        evidence.draw(
            evidence.link_to("signals", f"All {text.count(len(signals), 'signal')}" if signals else "Signals")
        )
    told = sorted((each for each in signals if each.state in _SIGNS), key=lambda each: list(_SIGNS).index(each.state))
    if not signals:
        st.markdown("No signal is declared: nobody would notice if it broke.")
    elif not told:
        st.markdown("None is broken, stale or unknown.")
    for each in told:
        owner = f"owner {text.plain(each.owner)}" if each.owner else "nobody owns it"
        about = f"{text.plain(each.model or 'any model')} · {owner}"
        with st.container(gap=None):
            said = f"{_SIGNS[each.state]} **{text.plain(each.name)}**: {signal_marks.sentence(each.status.sentence)}"
            st.markdown(f"{said}  \n{text.small(about)}")
            if each.runbook:
                evidence.draw(evidence.Link(label="Runbook", url=each.runbook))
