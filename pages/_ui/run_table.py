"""The table of runs: one page of it, sorted and selected on the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lean_core.runs import Key, Run, RunPage, RunQuery, parse_key, tabulate, to_arrow
from pages._ui import boundary, grid, keys, selection, text

MOST_OF_A_KIND = 12
"""Columns of metrics, of params and of tags that are shown where nobody chose any."""
NAME = Key("attribute", "name")
ALWAYS = (NAME, *(Key("attribute", name) for name in ("status", "start_time", "duration")))
_IF_SEVERAL = tuple(Key("attribute", name) for name in ("experiment", "source", "user"))
_ON_DEMAND = tuple(Key("attribute", name) for name in ("end_time", "commit", "run_id", "lifecycle", "parent"))
_DATASETS = tuple(Key("dataset", name) for name in ("name", "digest"))


def choose_columns(known: Mapping[str, tuple[str, ...]], differing: Sequence[Key], runs: Sequence[Run]) -> list[Key]:
    """Let a person choose the columns; where nobody did, return those in which the visible runs differ."""
    options = [*ALWAYS[1:], *_IF_SEVERAL, *_ON_DEMAND, *_DATASETS]
    options += [Key(kind, name) for kind in ("metric", "param", "tag", "local") for name in known[kind]]
    with st.popover("Columns", icon=":material/view_column:", key="columns"):
        chosen = st.multiselect(
            "Columns",
            [str(key) for key in options],
            key=keys.COLUMNS,
            bind="query-params",
            placeholder="Those that differ",
            help="With none chosen, the table shows the columns in which the visible runs differ.",
        )
    if chosen:
        return [NAME, *map(parse_key, chosen)]
    several = [key for key in _IF_SEVERAL if len({getattr(run, key.name) for run in runs}) > 1]
    return [*ALWAYS, *several, *differing]


def draw(page: RunPage, columns: Sequence[Key], query: RunQuery) -> None:
    """Draw one page of the table with the selected runs marked, and the way to the other pages."""
    sheet = tabulate(page.runs, columns)
    marked = selection.current()
    st.session_state[keys.VISIBLE] = list(sheet.refs)
    # The grid keeps its marks by position: other rows, or marks that changed elsewhere, need another grid.
    key = f"{keys.TABLE}-{hash((sheet.refs, sheet.columns, query.sort, query.descending, selection.edition()))}"
    st.dataframe(
        to_arrow(sheet),
        key=key,
        hide_index=True,
        height=grid.height(len(sheet.rows)),
        column_config=grid.configure(columns, sorted_by=parse_key(query.sort), descending=query.descending),
        on_select=boundary.guarded(lambda: _selected(key)),
        selection_mode=["multi-row", "single-column", "single-cell"],
        selection_default={"selection": {"rows": [at for at, ref in enumerate(sheet.refs) if ref in marked]}},
        placeholder="",
        alt="Runs",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        last = query.offset + len(page.runs)
        st.caption(f"{query.offset + 1:,} to {last:,} of {text.count(page.total, 'run')}")
        pages = -(-page.total // query.limit) if query.limit else 1
        if pages > 1:
            st.space("stretch")
            st.pagination(pages, key=keys.PAGE, bind="query-params")


def _selected(key: str) -> None:
    """Take what was clicked in the grid: a column's head sorts, a name opens its run, a mark selects."""
    clicked = st.session_state[key]["selection"]
    visible = st.session_state[keys.VISIBLE]
    if clicked["columns"]:
        _sort_by(clicked["columns"][0])
        selection.bump()
        return
    for row, column in clicked["cells"]:
        if column == str(NAME) and row < len(visible):
            st.session_state[keys.OPEN] = visible[row]
    selection.take_rows(visible, clicked["rows"])


def _sort_by(column: str) -> None:
    """Sort by a column; by the same once more is the other way round."""
    if st.session_state[keys.SORT] == column:
        st.session_state[keys.ASCENDING] = not st.session_state[keys.ASCENDING]
    else:
        st.session_state[keys.SORT] = column
