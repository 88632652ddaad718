"""An expression that says when to repay, checked while it is typed: what it says now, and how it may go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core.errors import TriggerError
from pages._ui import boundary, debt_reading, text

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

MOST_SUGGESTIONS = 8
_STATES = {
    "fired": ("red", "It would fire now"),
    "armed": ("green", "It is armed"),
    "cannot evaluate": ("orange", "It can't be evaluated now"),
}


def draw(workbench: Workbench, *, key: str, item: str | None) -> None:
    """Draw the field, what its text says now, and what may come next.

    Args:
        workbench: whose facts it is about.
        key: of the field in the session.
        item: whose trigger it is; None: one that is not made yet.
    """
    typed = st.text_input(
        "Trigger",
        key=key,
        live=True,
        placeholder="live_models >= 2 or date >= 2027-01-01",
        help="When it is true, it is time to repay: an expression over the facts, with `and`, `or`, `not`, dates,"
        ' `for 3d` and `dep("mlflow") >= "4"`. docs/triggers.md says all of it.',
    )
    facts = debt_reading.read_facts(workbench)
    if typed:
        try:
            reading = workbench.check_trigger(typed, facts, item)
        except TriggerError as error:
            is_going_on = error.end >= len(typed.rstrip())
            boundary.show("info" if is_going_on else "error", text.plain(str(error)))
            if not is_going_on:
                st.code(error.marked(), language=None)
        else:
            colour, word = _STATES[reading.state]
            st.markdown(f":{colour}[{word}:] {text.plain(reading.sentence)}.")
    found = workbench.complete_trigger(typed or "", len(typed or ""), facts)[:MOST_SUGGESTIONS]
    with st.container(horizontal=True, gap="small"):
        for suggestion in found:
            st.button(
                text.code(suggestion.text),
                key=f"{key}-suggest-{suggestion.text}",
                type="tertiary",
                help=text.plain(suggestion.meaning) or None,
                on_click=_take,
                args=(key, f"{(typed or '')[: suggestion.start]}{suggestion.text} "),
            )


def _take(key: str, completed: str) -> None:
    st.session_state[key] = completed
