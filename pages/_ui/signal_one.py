"""One signal: its state, how it got there, what its last reading rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.settings import write_duration
from lean_core.signals import Signal
from pages._ui import (
    boundary,
    keys,
    signal_beats,
    signal_bins,
    signal_evidence,
    signal_history,
    signal_marks,
    signal_rows,
    signal_work,
    text,
)

if TYPE_CHECKING:
    from lean_core.workbench import Workbench


def is_asked() -> bool:
    """Whether the address asks for one signal."""
    return keys.SIGNAL in st.query_params or keys.JOB in st.query_params


def find(signals: Sequence[Signal]) -> Signal | None:
    """Return the signal that the address asks for."""
    if keys.JOB in st.query_params:
        job = st.query_params[keys.JOB]
        return next((each for each in signals if each.kind == "heartbeat" and each.name == job), None)
    name = st.query_params[keys.SIGNAL]
    named = [each for each in signals if each.name == name]
    # A job may be called as a signal is; then the signal counts, and the job has an address of its own.
    return min(named, key=lambda each: each.kind != "signal", default=None)


def explain_missing() -> None:
    """Say that there is no such signal."""
    name = st.query_params.get(keys.JOB) or st.query_params.get(keys.SIGNAL) or ""
    boundary.show(
        "info",
        f"There is no signal {text.code(name)}, which the address asks for: lean.toml declares none of that name, and"
        " no job of it ever beat. Choose another.",
    )


def draw(workbench: Workbench, signal: Signal, now: dt.datetime) -> None:
    """Draw it."""
    _draw_head(signal)
    _draw_facts(signal, now)
    if signal.kind == "heartbeat":
        signal_beats.draw(workbench, signal.name)
        return
    signal_history.draw(workbench, signal)
    if signal.last is None:
        return
    if signal.last.bins is not None:
        signal_bins.draw(signal.last, signal.last.bins)
    signal_evidence.draw(signal.last, now)
    signal_rows.draw(workbench, signal)


def leave() -> None:
    """Show the list again."""
    for key in (keys.SIGNAL, keys.JOB, keys.SIGNAL_ADD):
        st.query_params.pop(key, None)


def draw_way_back() -> None:
    """Draw the button to the list: a link from a page to itself would leave the address as it was."""
    st.button("All signals", key="all-signals", icon=":material/arrow_back:", type="tertiary", on_click=leave)


def _draw_head(signal: Signal) -> None:
    draw_way_back()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(text.plain(signal.name), anchor=False, width="content")
        st.markdown(signal_marks.badge(signal.state), width="content")
        st.space("stretch")
        if signal.kind == "signal":
            st.button("Read now", icon=":material/sensors:", on_click=signal_work.ask, args=(signal.name,))
    st.markdown(signal_marks.sentence(signal.status.sentence))


def _draw_facts(signal: Signal, now: dt.datetime) -> None:
    left, right = st.columns(2)
    left.markdown(_say({**_say_number(signal, now), "Allowed": text.plain(signal.judged_by)}))
    class_ = signal_marks.CLASSES[signal.class_].lower()
    of = f"{text.plain(signal.model or 'any model')} in {text.plain(signal.environment or 'any environment')}"
    owner = text.plain(signal.owner) if signal.owner else ":gray[nobody]"
    runbook = signal_marks.link(text.plain(signal.runbook), signal.runbook) if signal.runbook else ":gray[none]"
    right.markdown(_say({"Watches": f"{class_} of {of}", "Owner": owner, "Runbook": runbook}))


def _say_number(signal: Signal, now: dt.datetime) -> dict[str, str]:
    if signal.kind == "heartbeat":
        value = signal_marks.value(signal)
        return {"Last success": f"{value} ago" if value else ":gray[none yet]"}
    value = text.plain(signal_marks.value(signal))
    last = f"{value}, {signal_marks.age(signal, now)} old" if value else ":gray[none yet]"
    return {"Last number": last, "Counts for": write_duration(signal.fresh)}


def _say(facts: dict[str, str]) -> str:
    return "  \n".join(f":gray[{name}] {said}" for name, said in facts.items())
