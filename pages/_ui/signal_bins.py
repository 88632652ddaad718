"""A distribution beside its reference, as shares: counts of unlike totals can't be compared."""

from __future__ import annotations

import streamlit as st

from lean_core.signals import Bins, Reading
from pages._ui import text

_HEIGHT = 300


def draw(reading: Reading, bins: Bins) -> None:
    """Draw both histograms over each other."""
    import plotly.graph_objects as go

    st.markdown("**Distribution against the reference**")
    numbers = sum(bins.reference), sum(bins.current)
    figure = go.Figure()
    for name, n, shares in (
        ("reference", numbers[0], bins.shares(bins.reference)),
        ("now", numbers[1], bins.shares(bins.current)),
    ):
        figure.add_bar(
            x=[_safe(label) for label in bins.labels],
            y=shares,
            name=f"{name} (n = {n:,})",
            opacity=0.6,
            marker={"pattern": {"shape": "/" if name == "reference" else ""}},
            hovertemplate=f"{name}: %{{y:.1%}} in %{{x}}<extra></extra>",
        )
    figure.update_xaxes(type="category", automargin=True)
    figure.update_yaxes(tickformat=".0%", title="share of rows", rangemode="tozero")
    figure.update_layout(
        barmode="overlay",
        bargap=0.08,
        height=_HEIGHT,
        margin={"t": 30, "b": 40, "l": 50, "r": 20},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )
    st.plotly_chart(figure, key="signal-bins", alt="Distribution against the reference")
    note = f" {text.plain(reading.note)}" if reading.note else ""
    st.caption(f"Shares of {numbers[1]:,} rows now and of {numbers[0]:,} rows of the reference, in its bins.{note}")


def _safe(said: str) -> str:
    # Plotly reads a little HTML in its texts.
    return said.replace("&", "&amp;").replace("<", "&lt;")
