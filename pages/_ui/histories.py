"""The histories of metrics, overlaid: the raw line stays visible under the smoothed one."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.runs import MetricHistory, Run, smooth, thin
from lean_core.workbench import Workbench
from pages._ui import boundary, keys, text
from pages._ui.workbench import read_histories

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_POINTS = 2_000
"""Of one line: more than a screen has columns."""
HEIGHT = 320
LEGEND_ROW = 20
"""Pixels; on a telephone a name takes a row."""
FEW = 6
"""Runs; a legend of more holds their letters only, and their names come by pointing at a line."""
LONGEST = 40
"""Characters of a name that are drawn."""
_COLOURS = 8
"""Of the theme, in .streamlit/config.toml; further lines are dashed."""
_DASHES = ("solid", "dash", "dot")
_X_AXES = {
    "step": "step",
    "relative time": "seconds since the first value",
    "wall time": "time (UTC)",
}
"""What a line runs along, and the axis's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How a run's lines are drawn."""

    short: str
    """In the legend."""
    full: str
    """Where the mouse points."""
    colour: str
    dash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axes:
    """How a chart is laid out."""

    across: str
    log_x: bool
    log_y: bool


@boundary.fragment()
def draw(workbench: Workbench, runs: Sequence[Run], labels: Mapping[str, str]) -> None:
    """Draw the metrics that a person chooses, a chart each, a line a run.

    Args:
        workbench: holds the histories.
        runs: whose they are.
        labels: what each run is called, by a short name that is unique among them.
    """
    histories = read_histories(workbench, tuple(run.ref for run in runs))
    curves = sorted({history.key for history in histories if len(history.values) > 1})
    if not curves:
        st.caption(
            "Each metric was logged once: there is no history to draw." if histories else "No metric was logged."
        )
        return
    names = sorted({history.key for history in histories})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect("Metrics", names, default=curves[:1], key=keys.METRICS, bind="query-params", width=340)
        across = st.segmented_control(
            "Across", list(_X_AXES), default="step", required=True, key=keys.X_AXIS, bind="query-params"
        )
        weight = st.slider("Smoothing", 0.0, 0.99, 0.0, 0.01, key=keys.SMOOTHING, bind="query-params", width=180)
        dates = across == "wall time"
        log_x = st.toggle("Log x", key=keys.LOG_X, bind="query-params", disabled=dates) and not dates
        log_y = st.toggle("Log y", key=keys.LOG_Y, bind="query-params")
    axes = _Axes(across=across or "step", log_x=log_x, log_y=log_y)
    looks = _looks(runs, labels)
    for name in chosen:
        lines = [history for history in histories if history.key == name]
        _say_missing(name, lines, axes)
        figure = _figure(lines, looks, axes, weight=weight)
        figure.update_yaxes(title=_safe(name))
        st.plotly_chart(figure, key=f"history-{name}", alt=f"History of {name}")


def _say_missing(name: str, lines: Sequence[MetricHistory], axes: _Axes) -> None:
    """Say what of a metric its chart does not show."""
    longest = max(len(line.values) for line in lines)
    endless = sum(not math.isfinite(value) for line in lines for value in line.values)
    low = sum(
        (axes.log_y and value <= 0) or (axes.log_x and isinstance(x, float) and x <= 0)
        for line in lines
        for x, value in zip(_across(line, axes.across), line.values, strict=True)
    )
    said = []
    if longest == 1:
        said.append("logged once a run: a point each")
    if longest > MOST_POINTS:
        said.append(f"{longest:,} values, drawn as {MOST_POINTS:,} at even distances")
    if endless:
        said.append(f"{text.count(endless, 'value')} NaN or infinite, left out")
    if low:
        said.append(f"{text.count(low, 'point')} at 0 or below, where a log axis has no place")
    if said:
        st.caption(f"{text.code(name)}: {'; '.join(said)}.")


def _looks(runs: Sequence[Run], labels: Mapping[str, str]) -> dict[str, _Look]:
    """Return how to draw each run, by reference: the same in every chart."""
    import plotly.io as pio

    # Streamlit keeps its theme here with names for colours that the browser replaces, in light and dark alike.
    colours = pio.templates["streamlit"].layout.colorway[:_COLOURS]
    looks = {}
    for at, (run, (short, full)) in enumerate(zip(runs, labels.items(), strict=True)):
        name = full if len(runs) <= FEW else short
        looks[run.ref] = _Look(
            short=_safe(name),
            full=_safe(full),
            colour=colours[at % _COLOURS],
            dash=_DASHES[at // _COLOURS % len(_DASHES)],
        )
    return looks


def _figure(lines: Sequence[MetricHistory], looks: Mapping[str, _Look], axes: _Axes, *, weight: float) -> go.Figure:
    import plotly.graph_objects as go

    figure = go.Figure()
    for line in lines:
        _add_line(figure, line, looks[line.ref], across=axes.across, weight=weight)
    figure.update_xaxes(title=_X_AXES[axes.across])
    if axes.log_x or axes.across == "wall time":
        figure.update_xaxes(type="log" if axes.log_x else "date")
    if axes.log_y:
        figure.update_yaxes(type="log")
    several = len(looks) > 1
    rows = 0 if not several else len(lines) if len(looks) <= FEW else -(-len(lines) // FEW)
    figure.update_layout(
        height=HEIGHT + LEGEND_ROW * rows,
        margin={"t": 30, "b": 40, "l": 50, "r": 10},
        hovermode="x unified" if len(looks) <= FEW else "closest",
        showlegend=several,
        # Above, where it pushes the axes down; below, it would lie on the title of the x axis.
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )
    return figure


def _add_line(figure: go.Figure, line: MetricHistory, look: _Look, *, across: str, weight: float) -> None:
    """Add a run's line; a smoothed one lies over the raw one."""
    kept = thin(len(line.values), MOST_POINTS)
    whole_x = _across(line, across)
    x, raw = [whole_x[at] for at in kept], [line.values[at] for at in kept]
    drawn, smoothed = raw, weight > 0 and len(raw) > 1
    if smoothed:
        figure.add_scatter(
            x=x, y=raw, mode="lines", line={"color": look.colour, "width": 1}, opacity=0.35, name=look.short,
            legendgroup=line.ref, showlegend=False, hoverinfo="skip",
        )  # fmt: skip
        whole = smooth(line.values, weight)
        drawn = [whole[at] for at in kept]
    figure.add_scatter(
        x=x, y=drawn, mode="lines" if len(raw) > 1 else "markers", name=look.short, legendgroup=line.ref,
        line={"color": look.colour, "width": 2, "dash": look.dash}, marker={"color": look.colour, "size": 9},
        text=[look.full] * len(raw), customdata=raw,
        hovertemplate="%{text}: %{y:.5g}" + (" (raw %{customdata:.5g})" if smoothed else "") + "<extra></extra>",
    )  # fmt: skip


def _across(line: MetricHistory, across: str) -> list[float | dt.datetime | None]:
    if across == "step":
        # Who logs without a step logs at step 0 again and again: what is left is the order.
        told = len(set(line.steps)) > 1 and None not in line.steps
        return [float(step or 0) for step in line.steps] if told else [float(at) for at in range(len(line.steps))]
    if across == "wall time":
        return list(line.times)
    first = min((time for time in line.times if time is not None), default=None)
    return [None if time is None or first is None else (time - first).total_seconds() for time in line.times]


def _safe(said: str) -> str:
    """Return a text that Plotly shows as it is, and not all of a long one: it reads a little HTML."""
    said = said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
    return said.replace("&", "&amp;").replace("<", "&lt;")
