"""Download what the page *Runs* found: all pages of it, with the columns that are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from lean_core import clock
from lean_core.runs import MEDIA_TYPES, Key, RunQuery, export, tabulate
from lean_core.workbench import Workbench
from pages._ui import text

_LABELS = {"csv": "CSV", "parquet": "Parquet", "md": "Markdown", "html": "HTML, one file"}
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_RUN_ID = Key("attribute", "run_id")


def draw(workbench: Workbench, query: RunQuery, columns: Sequence[Key], total: int) -> None:
    """Draw the menu; a file is made when it is asked for."""
    with st.popover("Export", icon=":material/download:", key="export"):
        st.caption(f"{text.count(total, 'run')} in {text.count(len(columns) + 1, 'column')}, with the run id.")
        for ending, label in _LABELS.items():
            st.download_button(
                label,
                data=partial(_write, workbench, query, tuple(columns), ending),
                file_name=f"runs-{_NOT_IN_NAMES.sub('-', workbench.name)}.{ending}",
                mime=MEDIA_TYPES[ending],
                key=f"export-{ending}",
                on_click="ignore",
                width="stretch",
            )


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
