"""The chart of a signal's readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.signals import Reading, State, say_value
from pages._ui import signal_marks

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from lean_core.registry import Deployment

HEIGHT = 340
NEAR = 1 / 12
"""Of the whole time: labels that are closer would lie on each other, so they are written as one."""
_FOOT = 0.03
"""Of the chart's height: where readings without a number are marked."""
_LINE, _RELEASE, _WARNING, _BROKEN, _GREY = 0, 1, 2, 4, 5
"""Of the theme's colours, whose order .streamlit/config.toml has: the same in light and dark."""
_LOOKS: dict[State, tuple[str, int, int]] = {
    "ok": ("circle", 5, _LINE),
    "warn": ("triangle-up", 9, _WARNING),
    "broken": ("x", 9, _BROKEN),
}
_SHARE = "ratio"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """An upright line."""

    at: dt.datetime
    label: str
    """Empty: it is written at the line before."""


def draw(readings: Sequence[Reading], deployments: Sequence[Deployment]) -> None:
    """Draw readings, oldest first, and what was deployed among them."""
    import plotly.graph_objects as go
    import plotly.io as pio

    # Streamlit's names of colours, which the browser replaces by those of its theme.
    colours = pio.templates["streamlit"].layout.colorway
    figure = go.Figure()
    _add_values(figure, readings, colours)
    _add_thresholds(figure, readings, colours)
    _add_unknown(figure, readings, colours)
    for mark in _space(deployments, readings):
        _add_mark(figure, mark, colours[_RELEASE])
    unit = next((each.unit for each in reversed(readings) if each.value is not None), "")
    figure.update_xaxes(type="date")
    figure.update_yaxes(title=_safe(unit) if unit != _SHARE else None, rangemode="tozero", automargin=True)
    if unit == _SHARE:
        figure.update_yaxes(tickformat=".3~p", hoverformat=".3~p")
    figure.update_layout(
        height=HEIGHT,
        margin={"t": 40, "b": 40, "l": 50, "r": 20},
        hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": -0.26, "yanchor": "top"},  # below two rows of dates
        yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
    )
    st.plotly_chart(figure, key="signal-history", alt=f"History of {readings[-1].signal}")


def _add_values(figure: go.Figure, readings: Sequence[Reading], colours: Sequence[str]) -> None:
    figure.add_scatter(
        x=[each.read_at for each in readings],
        y=[each.value for each in readings],
        mode="lines",
        line={"color": colours[_LINE], "width": 2},
        connectgaps=False,  # nothing is known of the time between
        hoverinfo="skip",
        showlegend=False,
    )
    for state, (symbol, size, colour) in _LOOKS.items():
        found = [each for each in readings if each.verdict == state and each.value is not None]
        if found:
            figure.add_scatter(
                x=[each.read_at for each in found],
                y=[each.value for each in found],
                mode="markers",
                name=signal_marks.WORDS[state],
                marker={"symbol": symbol, "size": size, "color": colours[colour]},
                text=[_hover(each) for each in found],
                hovertemplate="%{text}<extra></extra>",
            )


def _add_thresholds(figure: go.Figure, readings: Sequence[Reading], colours: Sequence[str]) -> None:
    for name, said, dash in (("max", "at most", "dash"), ("min", "at least", "dash"), ("warn", "warning from", "dot")):
        values = [getattr(each.threshold, name) for each in readings]
        if any(value is not None for value in values):
            figure.add_scatter(
                x=[each.read_at for each in readings],
                y=values,
                mode="lines" if len(readings) > 1 else "markers",
                name=said,
                line={
                    "color": colours[_WARNING if name == "warn" else _BROKEN],
                    "width": 1.5,
                    "dash": dash,
                    "shape": "hv",
                },
                marker={"symbol": "line-ew-open", "size": 14},
                hovertemplate=f"{said} %{{y}} on %{{x|%Y-%m-%d %H:%M}}<extra></extra>",
            )


def _add_unknown(figure: go.Figure, readings: Sequence[Reading], colours: Sequence[str]) -> None:
    found = [each for each in readings if each.value is None or each.verdict == "unknown"]
    if not found:
        return
    figure.add_scatter(
        x=[each.read_at for each in found],
        y=[_FOOT] * len(found),
        yaxis="y2",
        mode="markers",
        name="unknown",
        marker={"symbol": "diamond-open", "size": 9, "color": colours[_GREY]},
        text=[_hover(each) for each in found],
        hovertemplate="%{text}<extra></extra>",
    )


def _add_mark(figure: go.Figure, mark: _Mark, colour: str) -> None:
    figure.add_vline(x=mark.at, line={"color": colour, "width": 1.5, "dash": "dashdot"})
    if mark.label:
        figure.add_annotation(
            x=mark.at, y=1, yref="paper", yanchor="bottom", xanchor="left", showarrow=False,
            text=_safe(mark.label), font={"color": colour},
        )  # fmt: skip


def _space(deployments: Sequence[Deployment], readings: Sequence[Reading]) -> list[_Mark]:
    """Return the lines; of those whose labels would touch, the first one has the labels of all."""
    times = [*(each.read_at for each in readings), *(each.at for each in deployments)]
    least = (max(times) - min(times)) * NEAR
    groups: list[list[Deployment]] = []
    for each in deployments:
        if groups and each.at - groups[-1][0].at < least:
            groups[-1].append(each)
        else:
            groups.append([each])
    return [
        _Mark(at=each.at, label=_label(group) if at == 0 else "") for group in groups for at, each in enumerate(group)
    ]


def _label(group: Sequence[Deployment]) -> str:
    return " → ".join(dict.fromkeys(each.version for each in group))


def _hover(reading: Reading) -> str:
    value = "no number" if reading.value is None else say_value(reading.value, reading.unit)
    n = f", n = {reading.n:,}" if reading.n is not None else ""
    said = f"{signal_marks.word(signal_marks.of_verdict(reading.verdict))}: {value}{n}"
    return f"{_safe(said)}<br>{reading.read_at:%Y-%m-%d %H:%M:%S} UTC<br>{_wrap(reading.sentence)}"


def _wrap(sentence: str) -> str:
    import textwrap

    return "<br>".join(_safe(line) for line in textwrap.wrap(sentence, 60)[:6])


def _safe(said: str) -> str:
    # Plotly reads a little HTML in its texts.
    return said.replace("&", "&amp;").replace("<", "&lt;")
