"""The filter of the page *Runs*: what is asked for, checked while it is typed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from lean_core import clock
from lean_core.errors import FilterError
from lean_core.runs import Key, RunQuery, SourceState, View, complete, parse
from lean_core.workbench import Workbench
from pages._ui import boundary, keys, text
from pages._ui.workbench import read_experiments

ROWS_A_PAGE = 100
MOST_SUGGESTIONS = 8
LONGEST_PAGE = 6
SORT = "start_time"
"""What runs are sorted by, newest first, where nobody said."""
_SORT_BY = (
    *(SORT, "end_time", "duration", "name", "status", "experiment", "user", "source"),
    *("commit", "run_id", "lifecycle", "parent"),
)
FIRST = RunQuery(sort=SORT, limit=ROWS_A_PAGE)
"""What is asked for where nobody asked for anything."""
LIFECYCLES: tuple[View, ...] = ("active", "deleted", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """Which runs are looked at, besides the filter."""

    sources: tuple[str, ...]
    experiments: tuple[str, ...]
    lifecycle: View


def choose_narrow(workbench: Workbench) -> Narrow:
    """Let a person choose sources, experiments and whether to see deleted runs."""
    with st.popover("Sources", icon=":material/filter_list:", key="narrow"):
        sources = st.multiselect(
            "Sources",
            list(workbench.settings.sources),
            key=keys.SOURCES,
            bind="query-params",
            placeholder="All",
        )
        experiments = st.multiselect(
            "Experiments",
            read_experiments(workbench),
            key=keys.EXPERIMENTS,
            bind="query-params",
            placeholder="All",
        )
        lifecycle = st.selectbox(
            "Runs that are",
            LIFECYCLES,
            key=keys.LIFECYCLE,
            bind="query-params",
            help="At the source. A run that was deleted there, or is gone, stays here, marked.",
        )
    return Narrow(sources=tuple(sources), experiments=tuple(experiments), lifecycle=lifecycle)


def draw(known: Mapping[str, tuple[str, ...]], narrow: Narrow) -> RunQuery:
    """Draw the filter and return the query; a mistake in the filter is shown where it is."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            "Filter",
            key=keys.FILTER,
            bind="query-params",
            live=True,  # a time such as "400ms" would be read with pandas: 0.2 s and more before the first table
            type="search",
            placeholder="metrics.auc > 0.8 and params.model = 'xgb'",
            help=(
                "MLflow's filter language, with `or`, `not`, `in`, `between`, `is null`, `like`, `~` (a regular "
                "expression) and dates such as `start_time > now() - 7d`."
            ),
            width=640,
        )
        sort = st.selectbox("Sort by", sortable(known), key=keys.SORT, bind="query-params", width=200)
        ascending = st.toggle("Ascending", key=keys.ASCENDING, bind="query-params")
    query = RunQuery(
        filter=_check(typed or "", known),
        sort=sort,
        descending=not ascending,
        limit=ROWS_A_PAGE,
        view=narrow.lifecycle,
        sources=narrow.sources,
        experiments=narrow.experiments,
    )
    # While somebody types, the browser tells its URL a moment late. To change it then would take the filter out of it.
    may_change_url = st.query_params.get(keys.FILTER, "") == (typed or "")
    return replace(query, offset=(_read_page(query, may_change_url=may_change_url) - 1) * ROWS_A_PAGE)


def say_narrow(narrow: Narrow) -> None:
    """Say which runs are looked at where these are not all: the menu that chooses them is closed."""
    within = ", ".join(map(text.code, (*narrow.sources, *narrow.experiments)))
    lifecycle = {"active": "", "deleted": "only those deleted at the source", "all": "deleted ones included"}
    said = [f"only {within}" if within else "", lifecycle[narrow.lifecycle]]
    if any(said):
        st.caption(f"Runs: {', '.join(filter(None, said))}.")


def say_stale(states: Sequence[SourceState], narrow: Narrow) -> None:
    """Say which of the sources that are looked at could not be read the last time: their runs are older."""
    stale = [
        f"{text.code(state.name)} (synced {text.age(state.last_success, clock.now())})"
        for state in states
        if state.state == "stale" and (not narrow.sources or state.name in narrow.sources)
    ]
    if stale:
        st.caption(f":material/warning: Stale, the last sync failed: {', '.join(stale)}. The page Workspace says why.")


def turn_to_page(page: int, query: RunQuery) -> None:
    """Ask for a page of what a query finds: the URL says of which, for a page of another one means nothing."""
    wanted = f"{page}-{_mark(query)}" if page > 1 else None
    if wanted == st.query_params.get(keys.PAGE):
        return
    if wanted:
        st.query_params[keys.PAGE] = wanted
    else:
        del st.query_params[keys.PAGE]


def _read_page(query: RunQuery, *, may_change_url: bool) -> int:
    """Return the page that is asked for; what is no page of this query is the first."""
    asked, _, mark = st.query_params.get(keys.PAGE, "").partition("-")
    is_number = asked.isdecimal() and len(asked) <= LONGEST_PAGE
    page = max(1, int(asked)) if is_number and mark in {"", _mark(query)} else 1
    if may_change_url:
        turn_to_page(page, query)
    return page


def _mark(query: RunQuery) -> str:
    return f"{zlib.crc32(repr(replace(query, offset=0)).encode()):x}"


def sortable(known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return what runs can be sorted by; the one that a column's head asked for is among them."""
    return [*_SORT_BY, *(str(Key(kind, name)) for kind in ("metric", "param", "tag", "local") for name in known[kind])]


def _check(typed: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """Return the filter that counts: what is typed, or the last one without a mistake while that has one."""
    try:
        parse(typed, now=clock.now())
    except FilterError as error:
        _suggest(typed, known)
        last: str | None = st.session_state.get(keys.WHOLE)
        counts = "" if last is None else f"Until then the filter is {text.code(last) if last else 'empty'}, as before."
        if error.end >= len(typed.rstrip()):
            # At its end a filter is not wrong yet: somebody is typing it.
            st.caption(f"{text.plain(str(error))}. {counts}")
        else:
            boundary.show("error", text.plain(str(error)))
            st.code(error.marked(), language=None)
            st.caption(counts)
        if last is None:
            st.stop()
        return last
    st.session_state[keys.WHOLE] = typed
    return typed


def _suggest(typed: str, known: Mapping[str, tuple[str, ...]]) -> None:
    """Offer what may come next."""
    found = complete(typed, len(typed), known)[:MOST_SUGGESTIONS]
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
