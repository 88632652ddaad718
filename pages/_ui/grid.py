"""How columns of runs are drawn in a grid."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import streamlit as st

from lean_core.runs import Cell, Key, Sheet
from pages._ui import text

if TYPE_CHECKING:
    from streamlit.elements.lib.column_types import ColumnConfig

ROW_HEIGHT = 35
NAME_WIDTH = 190
"""Of a run's name, which stays in view: a telephone has room for another column beside it."""
LONG_KEY = 28
"""Characters."""
KEY_WIDTH = 200
DIGIT_WIDTH = 8
"""Pixels of a character of a number, and a bit."""
EDGES = 24
"""Pixels left and right of a cell's text."""
MOST_OF_A_HEAD = 22
"""Characters of a head that its column has room for, where its numbers need less."""
WHOLE = 2.0**53
"""A grid takes whole numbers beyond it for mistakes."""
_SIX_DIGITS = "%.6g"
_LEAST_PLAIN = 1e-6
"""A browser writes smaller numbers with an exponent."""
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


def configure(sheet: Sheet, *, sorted_by: Key | None = None, descending: bool = True) -> Mapping[str, ColumnConfig]:
    """Return the configuration of a sheet's columns, by name; the one that is sorted by has an arrow."""
    arrow = " ↓" if descending else " ↑"
    return {str(key): _configure(key, arrow if key == sorted_by else "", sheet.column(key)) for key in sheet.columns}


def can_show(values: Iterable[float | None]) -> bool:
    """Say whether a grid can show these numbers as numbers: it takes NaN and large whole numbers for mistakes."""
    return all(value is None or (math.isfinite(value) and abs(value) <= WHOLE) for value in values)


def spell(sheet: Sheet) -> Sheet:
    """Return the sheet with metrics as text where a grid can't show one of the column's numbers."""
    odd = {
        at
        for at, key in enumerate(sheet.columns)
        if key.kind == "metric" and not can_show([_number(row[at]) for row in sheet.rows])
    }
    rows = [tuple(_say(cell) if at in odd else cell for at, cell in enumerate(row)) for row in sheet.rows]
    return replace(sheet, rows=tuple(rows)) if odd else sheet


def number_column(
    head: str, values: Iterable[float | None], *, help_: str | None = None, least: int = 0
) -> ColumnConfig:
    """Return a column of numbers with six digits that has room for each: by itself, a grid looks at the first rows.

    Args:
        head: what stands above it.
        values: all that are in it.
        help_: what the head's tooltip says.
        least: pixels that it has anyway; without, it has room for its head.
    """
    longest = max((len(shown(value)) for value in values if value is not None), default=0)
    width = max(least, number_width("" if least else head, longest))
    return st.column_config.NumberColumn(head, help=help_, format=_SIX_DIGITS, width=width)


def number_width(head: str, longest: int) -> int:
    """Return the width (pixels) of a column whose longest number has so many characters."""
    return max(longest, min(len(head), MOST_OF_A_HEAD)) * DIGIT_WIDTH + EDGES


def shown(value: float) -> str:
    """Return a finite number as a browser writes it with six digits: with an exponent only below a millionth."""
    six = f"{value:.6g}"
    if 0 < abs(value) < _LEAST_PLAIN:
        digits, _, exponent = six.partition("e")
        return f"{digits}e{int(exponent)}"
    return f"{Decimal(six):f}"


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


def _configure(key: Key, mark: str, cells: Sequence[Cell]) -> ColumnConfig:
    name, help_ = f"{label(key)}{mark}", text.code(str(key))
    if key.kind == "metric":
        if any(isinstance(cell, str) for cell in cells):
            width = number_width(name, max(len(cell) for cell in cells if isinstance(cell, str)))
            return st.column_config.TextColumn(name, help=help_, alignment="right", width=width)
        return number_column(name, map(_number, cells), help_=help_)
    if key.kind == "attribute" and key.name in {"start_time", "end_time"}:
        return st.column_config.DatetimeColumn(name, help=help_, format="YYYY-MM-DD HH:mm")
    if key.kind == "attribute" and key.name == "duration":
        longest = max((len(f"{cell:.1f}") for cell in cells if isinstance(cell, float)), default=0)
        return st.column_config.NumberColumn(name, help=help_, format="%.1f", width=number_width(name, longest))
    if key == Key("attribute", "status"):
        return st.column_config.TextColumn(name, help=help_, width=110)
    pinned = key == Key("attribute", "name")
    return st.column_config.TextColumn(name, help=help_, pinned=pinned, width="medium" if pinned else None)


def _number(cell: Cell) -> float | None:
    return cell if isinstance(cell, float) else None


def _say(cell: Cell) -> Cell:
    return text.number(cell) if isinstance(cell, float) else cell
