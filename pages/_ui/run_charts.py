"""Charts of many runs: parallel coordinates and a scatter of any two keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from lean_core.runs import Axis, Key, Run, RunQuery, axis_of, differing, parse_key
from lean_core.workbench import Workbench
from pages._ui import keys, text
from pages._ui.workbench import read_keys, read_runs

MOST_LINES = 1_000
"""Parallel coordinates of 1,000 lines draw in about 3 s without a graphics card, of 10,000 in 10 s."""
MOST_POINTS = 10_000
MOST_AXES = 8
HEIGHT = 520


def draw(shown: str, workbench: Workbench, query: RunQuery) -> None:
    """Draw the chart that was chosen, of all runs that the filter found and not only of one page of them."""
    parallel = shown != "Scatter"
    most = MOST_LINES if parallel else MOST_POINTS
    found = read_runs(workbench, replace(query, limit=most, offset=0))
    if found.total > most:
        order = "descending" if query.descending else "ascending"
        st.caption(
            f"The first {most:,} of {text.count(found.total, 'run')} by {text.code(query.sort)}, {order}: "
            "more can't be told apart. Filter for those that matter."
        )
    if parallel:
        _draw_parallel(found.runs, query, names(read_keys(workbench)))
    else:
        _draw_scatter(found.runs, names(read_keys(workbench)))


def names(known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return what runs can be placed by, whatever the filter: a choice stays when the filter changes."""
    attributes = ("start_time", "duration", "experiment", "user", "status")
    placed = [Key(kind, name) for kind in ("metric", "param") for name in known[kind]]
    return [str(key) for key in (*placed, *(Key("attribute", name) for name in attributes))]


def _draw_parallel(runs: Sequence[Run], query: RunQuery, names: Sequence[str]) -> None:
    """Draw a line a run through the differing params to a metric, which colours it."""
    chosen = st.multiselect(
        "Axes",
        names,
        default=_usual_axes(runs, query),
        key=keys.AXES,
        bind="query-params",
        help="The last one colours the lines. Drag along an axis to keep only the runs within.",
    )
    if len(chosen) < 2:  # noqa: PLR2004 - a line needs two ends
        st.info("Choose at least two axes.")
        return
    axes = [axis_of(runs, parse_key(name)) for name in chosen]
    whole = [at for at in range(len(runs)) if all(axis.positions[at] is not None for axis in axes)]
    _say_missing(len(runs) - len(whole))
    if not whole:
        return
    import plotly.graph_objects as go
    import plotly.io as pio

    last = axes[-1]
    figure = go.Figure(
        go.Parcoords(
            line={
                "color": [last.positions[at] for at in whole],
                # Streamlit's names of colours, which the browser replaces: the best stand out in light and in dark.
                "colorscale": pio.templates["streamlit"].layout.colorscale.sequential,
                "showscale": True,
                "colorbar": {"title": {"text": _label(last)}, "thickness": 12},
            },
            dimensions=[_dimension(axis, whole) for axis in axes],
            labelangle=-15,
        )
    )
    figure.update_layout(height=HEIGHT, margin={"t": 90, "b": 30, "l": 60, "r": 30})
    st.plotly_chart(figure, key="parallel", alt=f"Parallel coordinates of {len(whole)} runs")


def _usual_axes(runs: Sequence[Run], query: RunQuery) -> list[str]:
    """Return the differing params and a metric, but no axis that would leave most of the runs out."""
    differs = differing(runs, most=MOST_AXES)
    metrics = [key for key in differs if key.kind == "metric"]
    colour = next((key for key in metrics if str(key) == query.sort), metrics[0] if metrics else None)
    placed = set(_placed(runs, colour)) if colour else set(range(len(runs)))
    chosen = []
    for key in differs:
        left = placed.intersection(_placed(runs, key))
        if key.kind == "param" and 2 * len(left) > len(runs) and _tells_apart(runs, key, left):
            chosen.append(key)
            placed = left
    return [*(str(key) for key in chosen if _tells_apart(runs, key, placed)), *([str(colour)] if colour else [])]


def _tells_apart(runs: Sequence[Run], param: Key, left: Iterable[int]) -> bool:
    """Say whether a param has several values among the runs that are left: a run that lacks it is not drawn."""
    return len({runs[at].params.get(param.name) for at in left}) > 1


def _placed(runs: Sequence[Run], key: Key) -> list[int]:
    return [at for at, position in enumerate(axis_of(runs, key).positions) if position is not None]


def _draw_scatter(runs: Sequence[Run], names: Sequence[str]) -> None:
    """Draw a point a run, along any two keys."""
    usual = [str(key) for key in differing(runs, most=2) if key.kind == "metric"] or names[:1]
    left, right = st.columns(2)
    across = left.selectbox("Across", names, index=names.index(usual[-1]), key=keys.X, bind="query-params")
    up = right.selectbox("Up", names, index=names.index(usual[0]), key=keys.Y, bind="query-params")
    x, y = axis_of(runs, parse_key(across)), axis_of(runs, parse_key(up))
    whole = [at for at in range(len(runs)) if x.positions[at] is not None and y.positions[at] is not None]
    _say_missing(len(runs) - len(whole))
    if not whole:
        return
    import plotly.graph_objects as go

    figure = go.Figure(
        go.Scattergl(
            x=[x.positions[at] for at in whole],
            y=[y.positions[at] for at in whole],
            mode="markers",
            marker={"size": 8, "opacity": 0.75},
            text=[_title(runs[at]) for at in whole],
            hovertemplate="%{text}<br>%{x}, %{y}<extra></extra>",
        )
    )
    figure.update_xaxes(**_scale(x))
    figure.update_yaxes(**_scale(y))
    figure.update_layout(height=HEIGHT, margin={"t": 20, "b": 50, "l": 60, "r": 20})
    st.plotly_chart(figure, key="scatter", alt=f"{up} against {across} of {len(whole)} runs")


def _say_missing(missing: int) -> None:
    if missing:
        st.caption(f"{text.count(missing, 'run')} without a finite value on every axis left out.")


def _title(run: Run) -> str:
    # Plotly reads a little HTML in its texts.
    return run.title.replace("&", "&amp;").replace("<", "&lt;")


def _label(axis: Axis) -> str:
    return axis.key.name.replace("&", "&amp;").replace("<", "&lt;")


def _dimension(axis: Axis, whole: Sequence[int]) -> dict[str, object]:
    dimension: dict[str, object] = {"label": _label(axis), "values": [axis.positions[at] for at in whole]}
    if axis.categories:
        dimension |= {"tickvals": list(range(len(axis.categories))), "ticktext": list(axis.categories)}
    return dimension


def _scale(axis: Axis) -> dict[str, object]:
    scale: dict[str, object] = {"title": {"text": _label(axis)}}
    if axis.is_time:
        scale["type"] = "date"
    if axis.categories:
        scale |= {"tickvals": list(range(len(axis.categories))), "ticktext": list(axis.categories)}
    return scale
