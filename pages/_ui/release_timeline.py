"""What was live where, over time: a bar for each stay of a version in an environment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from lean_core import clock
from lean_core.releases import Interval, KnownTrail, find_intervals
from pages._ui import text

ROW_HEIGHT = 44
MARGIN_HEIGHT = 90
"""Pixels, of the axis below and the air around."""
MOST_BARS = 2_000
NARROWEST = 1 / 250
"""Of the whole time; a stay of minutes among months would not be seen."""


def draw(trails: Sequence[KnownTrail], environments: Sequence[str]) -> None:
    """Draw a row for each model and environment that something was live in."""
    found = [each for trail in trails for name in environments for each in find_intervals(trail, name)]
    if not found:
        st.info(
            "Nothing was ever declared live here: `lean-mlops deploy MODEL VERSION --env ENV` records a deployment."
        )
        return
    if len(found) > MOST_BARS:
        found = sorted(found, key=lambda each: each.start)[-MOST_BARS:]
        st.caption(f"The last {MOST_BARS:,} stays: more can't be told apart.")
    wider = _draw_bars(found)
    late = " Striped: the event that put it there came late." if any(each.late for each in found) else ""
    st.caption(f"As the trail declares it, in UTC. A version keeps its colour when it comes back.{late}{wider}")


def _draw_bars(found: Sequence[Interval]) -> str:
    """Draw them, and return a remark on those that would not be seen otherwise."""
    import plotly.graph_objects as go
    import plotly.io as pio

    now = clock.now()
    narrowest = (now - min(each.start for each in found)) * NARROWEST
    rows = list(dict.fromkeys(_row(each) for each in found))
    # Streamlit's names of colours, which the browser replaces by those of its theme.
    colours = pio.templates["streamlit"].layout.colorway
    versions = list(dict.fromkeys((each.model, each.version) for each in found))
    # Those that are drawn wider than they are come last, in front of what followed them.
    found = sorted(found, key=lambda each: _length(each, now) < narrowest)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            base=[each.start for each in found],
            x=[_milliseconds(max(_length(each, now), narrowest)) for each in found],
            y=[_row(each) for each in found],
            text=[_plain(each.version) if _length(each, now) > narrowest else "" for each in found],
            textposition="inside",
            insidetextanchor="middle",
            marker={
                "color": [colours[versions.index((each.model, each.version)) % len(colours)] for each in found],
                "pattern": {"shape": ["/" if each.late else "" for each in found]},
                "line": {"width": 1},
            },
            hovertext=[_hover(each) for each in found],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    figure.update_xaxes(type="date")
    figure.update_yaxes(categoryorder="array", categoryarray=rows[::-1], automargin=True)
    figure.update_layout(
        height=MARGIN_HEIGHT + ROW_HEIGHT * len(rows), margin={"t": 20, "b": 40, "l": 20, "r": 20}, bargap=0.35
    )
    st.plotly_chart(figure, key="timeline", alt=f"What was live where: {text.count(len(found), 'stay')}")
    is_wider = any(_length(each, now) < narrowest for each in found)
    return " Stays too short to be seen are drawn wider than they were." if is_wider else ""


def _length(interval: Interval, now: dt.datetime) -> dt.timedelta:
    return (interval.end or now) - interval.start


def _row(interval: Interval) -> str:
    return _plain(f"{interval.model} in {interval.environment}")


def _milliseconds(length: dt.timedelta) -> float:
    return length.total_seconds() * 1000


def _hover(interval: Interval) -> str:
    until = f"{interval.end:%Y-%m-%d %H:%M}" if interval.end else "still live"
    said = f"{interval.model} {interval.version} in {interval.environment}, by {interval.first.actor}"
    return f"{_plain(said)}<br>{interval.start:%Y-%m-%d %H:%M} to {until}{', known late' if interval.late else ''}"


def _plain(said: str) -> str:
    # Plotly reads a little HTML in its texts.
    return said.replace("&", "&amp;").replace("<", "&lt;")
