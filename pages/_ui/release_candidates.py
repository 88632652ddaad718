"""The versions that an environment can go back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lean_core.releases import Candidate
from pages._ui import release_marks, text
from pages._ui.release_code import CodeState

TALLEST = 420
"""Pixels; the table scrolls where there is more."""
_MOST_IN_VIEW = 6


def draw(candidates: Sequence[Candidate], code: Mapping[str, CodeState]) -> None:
    """Draw a row a version, the one that served last first; its cells wrap, so a reason can be read whole.

    Args:
        candidates: what can be gone back to.
        code: of what each version was made.
    """
    rows = [
        {
            "Version": _name(each, code.get(each.version)),
            "Served (UTC)": _served(each),
            "Rested on": release_marks.say_basis(each.basis),
        }
        for each in candidates
    ]
    st.table(
        rows,
        border="horizontal",
        hide_index=True,
        height=TALLEST if len(rows) > _MOST_IN_VIEW else "content",
        alt="Versions to go back to",
    )


def _name(candidate: Candidate, code: CodeState | None) -> str:
    taken = release_marks.badge("orange", "rolled back") if candidate.rolled_back else ""
    marks = (release_marks.basis(candidate.basis), release_marks.code(code), taken)
    return " ".join([f"**{text.plain(candidate.version)}**", *filter(None, marks)])


def _served(candidate: Candidate) -> str:
    deployment = candidate.deployment
    how = f": {text.code(deployment.how)}" if deployment.how else ""
    span = f"{candidate.served_from:%Y-%m-%d %H:%M} to {candidate.served_until:%Y-%m-%d %H:%M}"
    return f"{span}, by {text.plain(deployment.actor)}{how}"
