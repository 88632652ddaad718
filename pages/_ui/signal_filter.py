"""Which signals are listed: the URL says so."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lean_core.signals import WORST_FIRST, Signal, State
from pages._ui import asked, boundary, keys, signal_marks, text

ALL = ""


def draw(signals: Sequence[Signal]) -> list[Signal]:
    """Draw the filter, and return the signals that pass it."""
    models = sorted({each.model for each in signals if each.model})
    states = [state for state in WORST_FIRST if any(each.state == state for each in signals)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = _choose_model(models)
        chosen = _choose_states(states)
    return [
        each
        for each in signals
        # A job that names no model may be any model's.
        if (not model or each.model in {None, model}) and (not chosen or each.state in chosen)
    ]


def is_narrowed() -> bool:
    """Whether the list is asked for less than all."""
    return bool(st.session_state.get(keys.SIGNAL_STATES) or st.session_state.get(keys.CHOSEN_SIGNALS_OF))


def clear() -> None:
    """List all."""
    st.session_state[keys.SIGNAL_STATES] = []
    st.query_params.pop(keys.SIGNALS_OF, None)


def _choose_model(models: Sequence[str]) -> str:
    wanted = st.query_params.get(keys.SIGNALS_OF, ALL)
    if wanted and wanted not in models:
        boundary.show("info", f"No signal is of a model {text.code(wanted)}, which the address asks for.")
    st.session_state[keys.CHOSEN_SIGNALS_OF] = wanted if wanted in models else ALL
    return st.selectbox(
        "Model",
        [ALL, *models],
        format_func=lambda name: name or "All models",
        key=keys.CHOSEN_SIGNALS_OF,
        width=260,
        on_change=_keep_model,
    )


def _keep_model() -> None:
    chosen = st.session_state[keys.CHOSEN_SIGNALS_OF]
    if chosen:
        st.query_params[keys.SIGNALS_OF] = chosen
    else:
        st.query_params.pop(keys.SIGNALS_OF, None)


def _choose_states(states: Sequence[State]) -> Sequence[State]:
    words = {signal_marks.WORDS[state]: state for state in states}  # plain: the address has them as they are shown
    asked.explain_unknown(keys.SIGNAL_STATES, words, "signal in state")
    chosen = st.pills("State", list(words), selection_mode="multi", key=keys.SIGNAL_STATES, bind="query-params")
    return [words[word] for word in chosen]
