"""The table of runs: one page of it, sorted and selected on the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import streamlit as st

from lean_core.runs import Key, Run, RunPage, RunQuery, Sheet, differing, parse_key, tabulate, to_arrow
from pages._ui import boundary, grid, keys, run_filter, selection, text

if TYPE_CHECKING:
    from streamlit.elements.arrow import DataframeStateInput
    from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

    Column = ColumnConfig | ButtonColumnResult | str | None

MOST_OF_A_KIND = 12
"""Columns of metrics, of params and of tags that are shown where nobody chose any."""
NAME = Key("attribute", "name")
ALWAYS = (NAME, *(Key("attribute", name) for name in ("status", "start_time", "duration")))
_IF_SEVERAL = tuple(Key("attribute", name) for name in ("experiment", "source", "user"))
_ON_DEMAND = tuple(Key("attribute", name) for name in ("end_time", "commit", "run_id", "lifecycle", "parent"))
_DATASETS = tuple(Key("dataset", name) for name in ("name", "digest"))
_MODES: tuple[Literal["multi-row"], Literal["single-column"]] = ("multi-row", "single-column")


def choose_columns(known: Mapping[str, tuple[str, ...]], *, disabled: bool) -> list[Key]:
    """Let a person choose columns; an empty list asks for those that differ."""
    with st.popover("Columns", icon=":material/view_column:", key="columns", disabled=disabled):
        chosen = st.multiselect(
            "Columns",
            names(known),
            key=keys.COLUMNS,
            bind="query-params",
            placeholder="Those that differ",
            help="With none chosen, the table shows the columns in which the visible runs differ.",
        )
    return [parse_key(name) for name in chosen]


def names(known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the columns that can be chosen."""
    options = [*ALWAYS[1:], *_IF_SEVERAL, *_ON_DEMAND, *_DATASETS]
    options += [Key(kind, name) for kind in ("metric", "param", "tag", "local") for name in known[kind]]
    return [str(key) for key in options]


def complete_columns(chosen: Sequence[Key], runs: Sequence[Run]) -> list[Key]:
    """Return the columns to show: where nobody chose any, those in which the visible runs differ."""
    if chosen:
        return [NAME, *chosen]
    several = [key for key in _IF_SEVERAL if len({getattr(run, key.name) for run in runs}) > 1]
    return [*ALWAYS, *several, *differing(runs, most=MOST_OF_A_KIND)]


def draw(page: RunPage, columns: Sequence[Key], query: RunQuery) -> None:
    """Draw one page of the table with the selected runs marked, and the way to the other pages."""
    sheet = grid.spell(_title(tabulate(page.runs, columns), page.runs))
    rows = selection.rows_of(sheet.refs)
    key = _key_of_grid(sheet, query, rows)
    marks: DataframeStateInput = {"selection": {"rows": rows}}
    st.dataframe(
        to_arrow(sheet),
        key=key,
        hide_index=True,
        height=grid.height(len(sheet.rows)),
        column_config=_configure(sheet, query) | {str(NAME): _button(f"{key}-name", sheet.refs)},
        on_select=partial(boundary.guarded(_selected), key, sheet.refs),
        selection_mode=_MODES,
        selection_default=marks,
        placeholder="",
        alt="Runs",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        last = query.offset + len(page.runs)
        st.caption(
            f"{query.offset + 1:,} to {last:,} of {text.count(page.total, 'run')}. "
            "Click a name to open a run, a column's head to sort by it.",
            width="content",
        )
        if query.limit and page.total > query.limit:
            st.space("stretch")
            _turn_pages(-(-page.total // query.limit), query)


def _configure(sheet: Sheet, query: RunQuery) -> dict[str, Column]:
    return dict(grid.configure(sheet, sorted_by=parse_key(query.sort), descending=query.descending))


def _button(key: str, refs: Sequence[str]) -> Column:
    """Return the column of names as buttons: unlike the selection of a cell, the arrow keys do not open runs."""
    return st.column_config.ButtonColumn(
        "Run",
        key=key,
        type="tertiary",
        alignment="left",
        pinned=True,
        width=grid.NAME_WIDTH,
        on_click=boundary.guarded(_open),
        args=(key, refs),
    )


def _turn_pages(pages: int, query: RunQuery) -> None:
    st.session_state[keys.TURNED] = query.offset // run_filter.ROWS_A_PAGE + 1
    # With its own width it hides numbers that there is room for.
    st.pagination(
        pages,
        key=keys.TURNED,
        width=320,
        on_change=lambda: run_filter.turn_to_page(st.session_state[keys.TURNED], query),
    )


def _key_of_grid(sheet: Sheet, query: RunQuery, rows: Sequence[int]) -> str:
    """Return the grid's key. It keeps its marks by position: other rows need another grid."""
    held = st.session_state.get(_key(sheet, query))
    if held is not None and set(held["selection"]["rows"]) != set(rows):
        # The selection was changed elsewhere: cleared, a view opened, a step back in the browser's history.
        selection.bump()
    return _key(sheet, query)


def _key(sheet: Sheet, query: RunQuery) -> str:
    return f"{keys.TABLE}-{hash((sheet.refs, sheet.columns, query.sort, query.descending, selection.edition()))}"


def _title(sheet: Sheet, runs: Sequence[Run]) -> Sheet:
    """Give every run a name to click."""
    titles = [grid.button_label(run.title) for run in runs]
    return replace(sheet, rows=tuple((title, *row[1:]) for title, row in zip(titles, sheet.rows, strict=True)))


def _open(key: str, refs: Sequence[str]) -> None:
    st.session_state[keys.OPEN] = refs[st.session_state[key]["row"]]


def _selected(key: str, refs: Sequence[str]) -> None:
    """Take what was clicked in the grid: a column's head sorts, a mark selects."""
    clicked = st.session_state[key]["selection"]
    if clicked["columns"]:
        _sort_by(clicked["columns"][0])
        selection.bump()
    else:
        selection.take_rows(refs, clicked["rows"])


def _sort_by(column: str) -> None:
    """Sort by a column; by the same once more is the other way round."""
    if parse_key(column).kind == "dataset":
        boundary.notify("info", "Runs can't be sorted by a dataset: a run may have several.")
        return
    if st.session_state[keys.SORT] == column:
        st.session_state[keys.ASCENDING] = not st.session_state[keys.ASCENDING]
    else:
        st.session_state[keys.SORT] = column
