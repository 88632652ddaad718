"""How a signal went: its readings, the threshold that each was judged by, and what was deployed meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.signals import Reading, Signal, say_age
from lean_core.signals.spell import find_onset
from pages._ui import asked, keys, signal_chart, signal_releases, text
from pages._ui.workbench import read_signal_history

if TYPE_CHECKING:
    from lean_core.registry import Deployment
    from lean_core.workbench import Workbench

PERIODS: Mapping[str, int] = {"24 h": 1, "7 d": 7, "30 d": 30, "90 d": 90}
"""Days."""
_USUAL = "7 d"


def draw(workbench: Workbench, signal: Signal) -> None:
    """Draw the chart of the period that a person chooses."""
    asked.explain_unknown(keys.PERIOD, PERIODS, "period")
    period = st.segmented_control(
        "Period", list(PERIODS), default=_USUAL, required=True, key=keys.PERIOD, bind="query-params"
    )
    days = PERIODS[period or _USUAL]
    readings = list(reversed(read_signal_history(workbench, signal.name, days)))
    if not readings:
        st.caption(f"It was not read in the last {period}." if signal.last else "It was never read.")
        return
    since = readings[-1].read_at - dt.timedelta(days=days)
    releases = signal_releases.read(workbench, signal)
    marks = [each for each in releases.deployments if each.at >= min(since, readings[0].read_at)]
    signal_chart.draw(readings, marks)
    _draw_onset(readings, releases.deployments, text.plain(signal.model or ""))
    unknown = sum(each.value is None for each in readings)
    said = [text.count(len(readings), "reading")]
    said += [f"{unknown} without a number (marked at the foot)"] if unknown else []
    said += (
        [f"{text.count(len(marks), 'deployment')} of {text.plain(signal.model or '')} (upright lines)"] if marks else []
    )
    st.caption(f"{', '.join(said)}; times in UTC.{f' {releases.problem}' if releases.problem else ''}")


def _draw_onset(readings: Sequence[Reading], deployments: Sequence[Deployment], model: str) -> None:
    """Say since when it is beyond its threshold, and what was deployed last before that."""
    onset = find_onset(list(reversed(readings)))
    if onset is None:
        return
    if onset is readings[0]:
        st.markdown(":material/event: Beyond its threshold in all readings of this period.")
        return
    said = f"Beyond its threshold since the reading of {onset.read_at:%Y-%m-%d %H:%M} UTC"
    before = [each for each in deployments if each.at <= onset.read_at]
    if before:
        ago = say_age(onset.read_at - before[-1].at)
        said += f": {ago} after {model} **{text.plain(before[-1].version)}** was deployed"
    st.markdown(f":material/event: {said}.")
