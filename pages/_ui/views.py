"""Views of the page *Runs*: how the runs are shown, and views kept under a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qs, urlencode

import streamlit as st

from lean_core.workbench import Workbench
from pages._ui import actor, boundary, keys, run_charts, run_filter, run_table, selection, text
from pages._ui.workbench import read_experiments, read_keys, read_views

TABLE, GROUPS, PARALLEL, SCATTER = SHOWN = ("Table", "Groups", "Parallel coordinates", "Scatter")
"""How runs can be shown. The URL holds these words, so they are not dressed up by a ``format_func``."""
_FITS, _NAME_WIDTH = 32, 270
"""Characters of a view's name that fit beside a button on a telephone, and the pixels that a longer one gets."""
_OF_CHART = {GROUPS: (keys.BUT, keys.METRICS), PARALLEL: (keys.AXES,), SCATTER: (keys.X, keys.Y)}
"""What else is chosen where runs are shown so."""


def choose_shown() -> str:
    """Let a person choose how the runs are shown."""
    chosen = st.segmented_control(
        "Show",
        SHOWN,
        key=keys.SHOWN,
        bind="query-params",
        default=TABLE,
        required=True,
        label_visibility="collapsed",
    )
    return chosen or TABLE


def draw(workbench: Workbench) -> None:
    """Draw the saved views, and save the current one."""
    with st.popover("Views", icon=":material/bookmark:", key="views"):
        saved = read_views(workbench)
        if not saved:
            st.caption("A view is this page as it stands: filter, columns, sort, selection. Save it under a name.")
        for view in saved:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    text.plain(view.name),
                    key=f"open-view-{view.name}",
                    type="tertiary",
                    icon=":material/bookmark:",
                    help=text.plain(f"{view.name}, by {view.updated_by}, {view.updated_at:%Y-%m-%d %H:%M} UTC"),
                    width="content" if len(view.name) <= _FITS else _NAME_WIDTH,
                    on_click=_open,
                    args=(workbench, view.query),
                )
                st.space("stretch")
                st.button(
                    "",
                    key=f"delete-view-{view.name}",
                    type="tertiary",
                    icon=":material/delete:",
                    help="Delete; it stays in the journal.",
                    on_click=_delete,
                    args=(workbench, view.name),
                )
        with st.form("save-view", clear_on_submit=True, border=False):
            st.text_input("Name", key=keys.VIEW_NAME, max_chars=100, placeholder="Best of November")
            st.form_submit_button("Save this view", icon=":material/bookmark_add:", on_click=_save, args=(workbench,))


@boundary.guarded
def _open(workbench: Workbench, query: str) -> None:
    """Make the page what the view says. A link would not do: from a page to itself it leaves the URL as it was."""
    asked = parse_qs(query, keep_blank_values=True)
    one, many = _choices(workbench, read_keys(workbench))
    of_chart = {key for some in _OF_CHART.values() for key in some}
    st.session_state[keys.FILTER] = asked.get(keys.FILTER, [""])[0]
    st.session_state[keys.ASCENDING] = keys.ASCENDING in asked
    for key, choices in {**one, **many}.items():
        if key in of_chart - asked.keys():
            st.session_state.pop(key, None)
            continue
        # What is no longer there, such as a metric of runs that are gone, is left out.
        values = [value for value in asked.get(key, []) if value in choices]
        st.session_state[key] = values if key in many else [*values, choices[0]][0]
    selection.select(asked.get(keys.SELECTED, []))


def _choices(
    workbench: Workbench, known: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, Sequence[str]], dict[str, Sequence[str]]]:
    """Return what can be chosen under each key: where one thing can, the usual one first, and where many can."""
    axes = run_charts.names(known)
    one = {
        keys.SHOWN: SHOWN,
        keys.SORT: run_filter.sortable(known),
        keys.LIFECYCLE: run_filter.LIFECYCLES,
        keys.X: axes,
        keys.Y: axes,
    }
    many = {
        keys.SOURCES: list(workbench.settings.sources),
        keys.EXPERIMENTS: read_experiments(workbench),
        keys.COLUMNS: run_table.names(known),
        keys.BUT: known["param"],
        keys.METRICS: known["metric"],
        keys.AXES: axes,
    }
    return one, many


@boundary.guarded
def _save(workbench: Workbench) -> None:
    pairs = [(name, value) for name in st.query_params for value in st.query_params.get_all(name) if name != keys.PAGE]
    # What a chart shows where nobody chose depends on the runs: a view keeps what is shown now.
    for key in _OF_CHART.get(st.session_state[keys.SHOWN], ()):
        if key not in st.query_params:
            pairs += [(key, value) for value in _listed(st.session_state[key])]
    name = st.session_state[keys.VIEW_NAME]
    workbench.save_view(name, urlencode(pairs), actor=actor.name())
    boundary.notify("success", f"Saved the view **{text.plain(name)}**.")


def _listed(chosen: str | Iterable[str]) -> Iterable[str]:
    return [chosen] if isinstance(chosen, str) else chosen


@boundary.guarded
def _delete(workbench: Workbench, name: str) -> None:
    workbench.delete_view(name, actor=actor.name())
    boundary.notify("info", f"Deleted the view **{text.plain(name)}**.")
