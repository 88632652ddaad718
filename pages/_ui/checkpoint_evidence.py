"""Pieces of evidence: what each says, what kind it is, how old, and where it can be opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import checkpoint_marks, evidence, text

if TYPE_CHECKING:
    from lean_core.checkpoint import Evidence
    from lean_core.workbench import Workbench

_REPOSITORY = "repository:"
_MOST = 20_000
"""Bytes of a file."""
_LINES = 25
_TALLEST = 480


def draw(workbench: Workbench, pieces: Sequence[Evidence], now: dt.datetime) -> None:
    """Draw a row a piece."""
    for piece in pieces:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_tell(piece, now), width="stretch")
            way = evidence.find_way(piece.source)
            if isinstance(way, evidence.Link):
                evidence.draw(way)
        if isinstance(way, evidence.Command):
            st.code(way.line, language=None)
        elif piece.source.startswith(_REPOSITORY):
            _draw_file(workbench, piece.source.removeprefix(_REPOSITORY))


def _tell(piece: Evidence, now: dt.datetime) -> str:
    observed = f"{piece.observed_at:%Y-%m-%d %H:%M} UTC, {text.age(piece.observed_at, now)}"
    about = [f"{'claimed' if piece.kind == 'attested' else 'seen'} {observed}"]
    if piece.by:
        about.append(f"by {text.plain(piece.by)}")
    if piece.is_stale(now):
        about.append(f":orange[:material/history: was good until {piece.good_until:%Y-%m-%d %H:%M} UTC]")
    elif piece.good_until is not None:
        about.append(f"good until {piece.good_until:%Y-%m-%d %H:%M} UTC")
    source = f"{text.code(piece.source)}{f' {text.code(piece.digest)}' if piece.digest else ''}"
    said = f"{checkpoint_marks.kind(piece.kind)} {text.plain(piece.claim)}"
    return "  \n".join([said, text.small(" · ".join(about)), f":small[{source}]"])


def _draw_file(workbench: Workbench, name: str) -> None:
    """Draw how a file of the repository begins; its name rarely tells that it is text: Makefile, Procfile."""
    root = workbench.repository.resolve()
    path = (root / name).resolve()
    if not (path.is_file() and path.is_relative_to(root)):
        return
    with path.open("rb") as file:
        begins = file.read(_MOST)
    with st.expander(f"How {text.code(name)} begins", icon=":material/draft:"):
        if b"\0" in begins:
            st.caption("Not shown: it is no text.")
            return
        written = begins.decode("utf-8", errors="replace")
        is_long = written.count("\n") > _LINES
        st.code(written, language=None, height=_TALLEST if is_long else "content", wrap_lines=True)
        if len(begins) == _MOST:
            st.caption(f"The first {text.size(_MOST)}.")
