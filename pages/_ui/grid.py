"""How columns of runs are drawn in a grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import streamlit as st

from lean_core.runs import Key
from pages._ui import text

if TYPE_CHECKING:
    from streamlit.elements.lib.column_types import ColumnConfig

ROW_HEIGHT = 35
NAME_WIDTH = 190
"""Of a run's name, which stays in view: a telephone has room for another column beside it."""
LONG_KEY = 28
"""Characters."""
KEY_WIDTH = 200
MOST_ROWS = 20
TALLEST = 720
_WORD_JOINER = "\u2060"
_LABELS = {
    "name": "Run",
    "status": "Status",
    "start_time": "Started (UTC)",
    "end_time": "Ended (UTC)",
    "duration": "Seconds",
    "user": "User",
    "commit": "Commit",
    "experiment": "Experiment",
    "source": "Source",
    "lifecycle": "Lifecycle",
    "parent": "Parent run",
    "run_id": "Run id",
    "artifact_uri": "Artifacts",
}


def configure(
    columns: Sequence[Key], *, sorted_by: Key | None = None, descending: bool = True
) -> Mapping[str, ColumnConfig]:
    """Return the configuration of the columns, by name; the one that is sorted by has an arrow."""
    arrow = " ↓" if descending else " ↑"
    return {str(key): _configure(key, arrow if key == sorted_by else "") for key in columns}


def height(rows: int) -> int | Literal["content"]:
    """Return the height of a grid with so many rows: all of them, or as many as a screen holds (pixels)."""
    return "content" if rows <= MOST_ROWS else TALLEST


def key_width(names: Iterable[str]) -> int | None:
    """Return the width of a column of names (pixels): as they need it, but leaving room for their values."""
    return KEY_WIDTH if max(map(len, names), default=0) > LONG_KEY else None


def button_label(title: str) -> str:
    """Return a run's name as the label of a button in a grid; one that is written as a list would be a menu."""
    return f"{_WORD_JOINER}{title}" if title.startswith("[") else title


def label(key: Key) -> str:
    """Return what to call a column."""
    return _LABELS.get(key.name, key.name) if key.kind == "attribute" else key.name


def _configure(key: Key, mark: str) -> ColumnConfig:
    name, help_ = f"{label(key)}{mark}", text.code(str(key))
    if key.kind == "metric":
        return st.column_config.NumberColumn(name, help=help_, format="%.6g")
    if key.kind == "attribute" and key.name in {"start_time", "end_time"}:
        return st.column_config.DatetimeColumn(name, help=help_, format="YYYY-MM-DD HH:mm")
    if key.kind == "attribute" and key.name == "duration":
        return st.column_config.NumberColumn(name, help=help_, format="%.1f")
    if key == Key("attribute", "status"):
        return st.column_config.TextColumn(name, help=help_, width=110)
    pinned = key == Key("attribute", "name")
    return st.column_config.TextColumn(name, help=help_, pinned=pinned, width="medium" if pinned else None)
