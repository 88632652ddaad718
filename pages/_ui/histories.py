"""The histories of metrics, overlaid: the raw line stays visible under the smoothed one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
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
HEIGHT = 340
COLOURS = ("#0F766E", "#1D4ED8", "#B54708", "#7C3AED", "#B42318", "#64748B", "#0891B2", "#A16207", "#BE185D", "#4D7C0F")
_X_AXES = {
    "step": "step",
    "relative time": "seconds since the first value",
    "wall time": "time (UTC)",
}
"""What a line runs along, and the axis's title."""


@boundary.fragment()
def draw(workbench: Workbench, runs: Sequence[Run], labels: Sequence[str]) -> None:
    """Draw the metrics that a person chooses, a chart each, a line a run; ``labels`` are what the runs are called."""
    histories = read_histories(workbench, tuple(run.ref for run in runs))
    names = sorted({history.key for history in histories})
    if not names:
        st.info("No metric was logged, so there is no history to draw.")
        return
    curves = sorted({history.key for history in histories if len(history.values) > 1})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Metrics", names, default=(curves or names)[:1], key=keys.METRICS, bind="query-params", width=420
        )
        x_axis = st.segmented_control(
            "Across",
            list(_X_AXES),
            default="step",
            required=True,
            key=keys.X_AXIS,
            bind="query-params",
        )
        weight = st.slider("Smoothing", 0.0, 0.99, 0.0, 0.01, key=keys.SMOOTHING, bind="query-params", width=180)
        log_x = st.toggle("Log x", key=keys.LOG_X, bind="query-params")
        log_y = st.toggle("Log y", key=keys.LOG_Y, bind="query-params")
    titles = {run.ref: label for run, label in zip(runs, labels, strict=True)}
    for name in chosen:
        lines = [history for history in histories if history.key == name]
        longest = max((len(line.values) for line in lines), default=0)
        if longest > MOST_POINTS:
            st.caption(f"{text.code(name)}: {longest:,} values, drawn as {MOST_POINTS:,} at even distances.")
        if all(len(line.values) == 1 for line in lines):
            st.caption(f"{text.code(name)} was logged once a run: a point each.")
        figure = _figure(lines, titles, x_axis=x_axis or "step", weight=weight)
        figure.update_xaxes(
            type=("log" if log_x else None) if x_axis != "wall time" else "date", title=_X_AXES[x_axis or "step"]
        )
        figure.update_yaxes(type="log" if log_y else None, title=_safe(name))
        st.plotly_chart(figure, key=f"history-{name}", alt=f"History of {name}")


def _figure(lines: Sequence[MetricHistory], titles: Mapping[str, str], *, x_axis: str, weight: float) -> go.Figure:
    import plotly.graph_objects as go

    figure = go.Figure()
    for at, line in enumerate(lines):
        kept = thin(len(line.values), MOST_POINTS)
        x = _across(line, x_axis)
        across, raw = [x[position] for position in kept], [line.values[position] for position in kept]
        colour, title = COLOURS[at % len(COLOURS)], _safe(titles[line.ref])
        mode = "lines" if len(raw) > 1 else "markers"
        if weight and len(raw) > 1:
            figure.add_scatter(
                x=across, y=raw, mode=mode, line={"color": colour, "width": 1}, opacity=0.3, name=title,
                legendgroup=line.ref, showlegend=False, hoverinfo="skip",
            )  # fmt: skip
            smoothed = smooth(line.values, weight)
            raw = [smoothed[position] for position in kept]
        figure.add_scatter(
            x=across, y=raw, mode=mode, line={"color": colour, "width": 2}, marker={"color": colour, "size": 9},
            name=title, legendgroup=line.ref, showlegend=True,
        )  # fmt: skip
    figure.update_layout(
        height=HEIGHT,
        margin={"t": 20, "b": 40, "l": 50, "r": 10},
        hovermode="x unified",
        legend={"orientation": "h", "y": -0.2},
    )
    return figure


def _across(line: MetricHistory, x_axis: str) -> list[float | dt.datetime | None]:
    if x_axis == "step":
        return [float(step) if step is not None else float(at) for at, step in enumerate(line.steps)]
    if x_axis == "wall time":
        return list(line.times)
    first = min((time for time in line.times if time is not None), default=None)
    return [None if time is None or first is None else (time - first).total_seconds() for time in line.times]


def _safe(said: str) -> str:
    """Return a text that Plotly shows as it is: it reads a little HTML."""
    return said.replace("&", "&amp;").replace("<", "&lt;")
