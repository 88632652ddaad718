"""Download what the page *Runs* found: all pages of it, with the columns that are shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from lean_core import clock
from lean_core.runs import MEDIA_TYPES, Key, RunQuery, export, tabulate
from lean_core.workbench import Workbench
from pages._ui import boundary, keys, text

_LABELS = {"csv": "CSV", "parquet": "Parquet", "md": "Markdown", "html": "HTML, one file"}
POLL_SECONDS = 0.5
"""How often an open menu looks whether a file could not be made."""
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_RUN_ID = Key("attribute", "run_id")


def draw(workbench: Workbench, query: RunQuery, columns: Sequence[Key], total: int) -> None:
    """Draw the menu; a file is made when it is asked for."""
    with st.container(width="content"):  # a fragment alone takes a whole row
        _draw_menu(workbench, query, columns, total)


@boundary.fragment()
def _draw_menu(workbench: Workbench, query: RunQuery, columns: Sequence[Key], total: int) -> None:
    problems: list[str] = st.session_state.setdefault(keys.EXPORT_PROBLEMS, [])
    menu = st.popover("Export", icon=":material/download:", key="export", on_change="rerun")
    if not menu.open:
        return  # a button that is drawn again on opening could not be clicked at once: what it made is forgotten
    with menu:
        st.caption(f"{text.count(total, 'run')} in {text.count(len(columns) + 1, 'column')}, with the run id.")
        for ending, label in _LABELS.items():
            st.download_button(
                label,
                data=partial(_attempt, partial(_write, workbench, query, tuple(columns), ending), problems),
                file_name=f"runs-{_NOT_IN_NAMES.sub('-', workbench.name)}.{ending}",
                mime=MEDIA_TYPES[ending],
                key=f"export-{ending}",
                on_click="ignore",
                width="stretch",
            )
        _draw_problems(problems)


@boundary.fragment(run_every=POLL_SECONDS)
def _draw_problems(problems: list[str]) -> None:
    for problem in problems:
        boundary.show("warning", problem)


def _attempt(write: Callable[[], bytes], problems: list[str]) -> bytes:
    """Make a file; why it can't be made is left in ``problems``, for the page.

    Streamlit calls this on a thread of its own, outside of any page, and says of an error only that there was one.
    """
    problems.clear()
    try:
        return write()
    except Exception as error:  # noqa: BLE001 - the boundary
        problems.append(boundary.explain(error))
        # Streamlit logs it with its causes, which may hold what our own log leaves out.
        raise RuntimeError("the file was not made; the page says why") from None


def _write(workbench: Workbench, query: RunQuery, columns: tuple[Key, ...], ending: str) -> bytes:
    found = workbench.runs(replace(query, limit=None, offset=0))
    order = "descending" if query.descending else "ascending"
    filter_ = query.filter or "none"
    caption = (
        f"{text.count(found.total, 'run')}; filter: {filter_}; sorted by {query.sort}, {order}; "
        f"{clock.now():%Y-%m-%d %H:%M} UTC"
    )
    sheet = tabulate(found.runs, [*columns, *(() if _RUN_ID in columns else (_RUN_ID,))])
    return export(sheet, ending, title=f"Runs of {workbench.name}", caption=caption)
