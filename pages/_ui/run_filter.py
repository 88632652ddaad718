"""The filter of the page *Runs*: what is asked for, checked while it is typed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lean_core import clock
from lean_core.errors import FilterError
from lean_core.runs import Key, RunQuery, View, complete, parse
from lean_core.workbench import Workbench
from pages._ui import boundary, keys, text
from pages._ui.workbench import read_experiments

ROWS_A_PAGE = 100
MOST_SUGGESTIONS = 8
_SORT_BY = ("start_time", "end_time", "duration", "name", "status", "experiment", "user", "source", "commit", "run_id")
_LIFECYCLES: tuple[View, ...] = ("active", "deleted", "all")


def draw(workbench: Workbench, known: Mapping[str, tuple[str, ...]]) -> RunQuery:
    """Draw the filter and return the query; a mistake in it is shown where it is, and the page stops there."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            "Filter",
            key=keys.FILTER,
            bind="query-params",
            live="400ms",
            type="search",
            placeholder="metrics.auc > 0.8 and params.model = 'xgb'",
            help=(
                "MLflow's filter language, with `or`, `not`, `in`, `between`, `is null`, `like`, `~` (a regular "
                "expression) and dates such as `start_time > now() - 7d`."
            ),
            width=520,
        )
        sort = st.selectbox("Sort by", _sortable(known), key=keys.SORT, bind="query-params", width=200)
        ascending = st.toggle("Ascending", key=keys.ASCENDING, bind="query-params")
        with st.popover("Sources", icon=":material/filter_list:", key="narrow"):
            sources = st.multiselect("Sources", list(workbench.settings.sources), key=keys.SOURCES, bind="query-params")
            experiments = st.multiselect(
                "Experiments", read_experiments(workbench), key=keys.EXPERIMENTS, bind="query-params"
            )
            lifecycle = st.selectbox(
                "Runs that are",
                _LIFECYCLES,
                key=keys.LIFECYCLE,
                bind="query-params",
                help="At the source. A run that was deleted there, or is gone, stays here, marked.",
            )
    _suggest(typed or "", known)
    _check(typed or "")
    page = int(st.session_state.get(keys.PAGE) or st.query_params.get(keys.PAGE) or 1)
    return RunQuery(
        filter=typed or "",
        sort=sort or _SORT_BY[0],
        descending=not ascending,
        limit=ROWS_A_PAGE,
        offset=(page - 1) * ROWS_A_PAGE,
        view=lifecycle or "active",
        sources=tuple(sources),
        experiments=tuple(experiments),
    )


def _sortable(known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return what runs can be sorted by; the one that a column's head asked for is among them."""
    return [*_SORT_BY, *(str(Key(kind, name)) for kind in ("metric", "param", "tag", "local") for name in known[kind])]


def _check(typed: str) -> None:
    try:
        parse(typed, now=clock.now())
    except FilterError as error:
        boundary.show("error", text.plain(str(error)))
        st.code(error.marked(), language=None)
        st.stop()


def _suggest(typed: str, known: Mapping[str, tuple[str, ...]]) -> None:
    """Offer what may come next; an empty filter is left alone."""
    found = complete(typed, len(typed), known)[:MOST_SUGGESTIONS] if typed else ()
    if not found:
        return
    with st.container(horizontal=True, gap="small"):
        for completion in found:
            st.button(
                text.code(completion.label),
                key=f"suggest-{completion.text}",
                type="tertiary",
                on_click=_take,
                args=(completion.text,),
            )


def _take(completed: str) -> None:
    st.session_state[keys.FILTER] = completed
