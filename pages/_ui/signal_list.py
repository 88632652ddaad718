"""The signals, class by class: a row each, and a sentence for each that is not well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lean_core.signals import CLASSES, Class, Signal
from pages._ui import boundary, grid, keys, signal_marks, text

_CHARACTER = 6.2
"""Pixels of a character of text in a grid, on average."""
_LINE_WIDTH = 110
_WIDEST_OWNER = 160
_Table = dict[str, list[Any]]


def draw(signals: Sequence[Signal], now: dt.datetime) -> None:
    """Draw them in the order in which a customer notices."""
    # Of all tables together, so that their columns stand below each other.
    widths = {head: _width(head, cells) for head, cells in _tabulate(signals, now).items()}
    for class_ in CLASSES:
        if found := [each for each in signals if each.class_ == class_]:
            with st.container(gap="xsmall"):
                st.subheader(signal_marks.CLASSES[class_], anchor=False)
                _draw_table(class_, found, now, widths)
                for each in found:
                    if each.state != "ok":
                        _draw_sentence(each)


def say_head(signals: Sequence[Signal], now: dt.datetime) -> str:
    """Say how many are not well, and of when that is."""
    return f"{signal_marks.summarize(signals)} {text.small(f'as of {now:%Y-%m-%d %H:%M:%S} UTC')}"


def draw_unwatched(signals: Sequence[Signal]) -> None:
    """Say which classes no signal is of."""
    missing = [
        words for class_, words in signal_marks.CLASSES.items() if all(each.class_ != class_ for each in signals)
    ]
    if missing:
        st.caption(f"Nothing watches: {', '.join(missing).lower()}.")


def open_one(signal: Signal) -> None:
    """Show a signal alone."""
    key, other = (keys.SIGNAL, keys.JOB) if signal.kind == "signal" else (keys.JOB, keys.SIGNAL)
    st.query_params[key] = signal.name
    st.query_params.pop(other, None)


def _tabulate(signals: Sequence[Signal], now: dt.datetime) -> _Table:
    return {
        "Signal": [grid.button_label(each.name) for each in signals],
        "State": [signal_marks.word(each.state) for each in signals],
        "Value": [signal_marks.value(each) for each in signals],
        "Readings": [list(each.line) if len(each.line) > 1 else [] for each in signals],  # one number is no line
        "Age": [signal_marks.age(each, now) for each in signals],
        "Model": [each.model or "" for each in signals],
        "Owner": [each.owner for each in signals],
        "Allowed": [each.judged_by for each in signals],
    }


def _width(head: str, cells: Sequence[object]) -> int:
    if head == "Readings":
        return _LINE_WIDTH
    longest = max([len(head), *(len(str(cell)) for cell in cells)])
    width = round(longest * _CHARACTER) + grid.EDGES
    return min(width, _WIDEST_OWNER) if head == "Owner" else width


def _draw_table(class_: Class, signals: Sequence[Signal], now: dt.datetime, widths: Mapping[str, int]) -> None:
    config = st.column_config
    key = f"{keys.SIGNAL_TABLE}-{class_}"
    columns: dict[str, Any] = {head: config.TextColumn(width=width) for head, width in widths.items()} | {
        "Signal": config.ButtonColumn(
            "Signal",
            key=f"{key}-name",
            type="tertiary",
            alignment="left",
            pinned=True,
            width=widths["Signal"],
            on_click=_open,
            args=(f"{key}-name", tuple(signals)),
        ),
        "Value": config.TextColumn(width=widths["Value"], alignment="right"),
        "Readings": config.LineChartColumn(
            width=widths["Readings"], help="The last numbers, up to 50, the newest on the right."
        ),
        "Age": config.TextColumn(width=widths["Age"], help="Since the source knew the value."),
    }
    st.dataframe(
        _tabulate(signals, now),
        key=key,
        hide_index=True,
        height="content",
        column_config=columns,
        placeholder="",
        alt=signal_marks.CLASSES[class_],
    )


@boundary.guarded
def _open(key: str, signals: Sequence[Signal]) -> None:
    open_one(signals[st.session_state[key]["row"]])


def _draw_sentence(signal: Signal) -> None:
    runbook = f" {signal_marks.link('Runbook', signal.runbook)}" if signal.runbook else ""
    said = f"**{text.plain(signal.name)}** {signal_marks.sentence(signal.status.sentence)}{runbook}"
    st.markdown(f"{signal_marks.badge(signal.state)} {said}")
