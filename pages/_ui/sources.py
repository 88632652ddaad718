"""Sources of runs, drawn: the state of each, and a button that syncs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import boundary, sync, text

if TYPE_CHECKING:
    from lean_core.runs import SourceState


@boundary.guarded
def start_sync(folder: Path, names: Sequence[str] | None) -> None:
    """Sync sources (None: all) in the background."""
    sync.start(folder, names)


def draw(source: SourceState, *, folder: Path, busy: bool, now: dt.datetime) -> None:
    """Draw one source as a row; ``busy`` while a sync is under way."""
    with st.container(border=True, gap="xsmall"):
        name, numbers, button = st.columns([5, 4, 1], vertical_alignment="center")
        name.markdown(f"**{text.plain(source.name)}** {_badge(source)}  \n{text.small(text.plain(source.uri))}")
        numbers.markdown(_contents(source, now))
        button.button(
            "Sync",
            key=f"sync-{source.name}",
            on_click=start_sync,
            args=(folder, [source.name]),
            disabled=busy,
            width="stretch",
        )
        if source.message:
            st.markdown(text.small(f":material/error: {text.plain(source.message)}"))


def _badge(source: SourceState) -> str:
    if source.state == "ok":
        return ":green-badge[Synced]"
    if source.state == "stale":
        return ":orange-badge[Stale]"
    return ":red-badge[Failed]" if source.message else ":gray-badge[Not synced]"


def _contents(source: SourceState, now: dt.datetime) -> str:
    if source.last_success is None:
        return text.small("Nothing imported yet")
    parts = [text.count(source.runs, "run"), text.count(source.experiments, "experiment")]
    if source.warnings:
        parts.append(text.count(source.warnings, "warning"))
    return f"{' · '.join(parts)}  \n{text.small(f'Last synced {text.age(source.last_success, now)}')}"
