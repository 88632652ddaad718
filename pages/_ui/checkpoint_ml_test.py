"""The ML Test Score of a model, where lean.toml asks for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import grid, text

if TYPE_CHECKING:
    from lean_core.checkpoint.ml_test import MlTestScore


def draw(score: MlTestScore, now: dt.datetime) -> None:
    """Draw the points of each section, and the tests one by one."""
    from lean_core.checkpoint.ml_test import SECTIONS

    st.markdown(
        f"**{score.total:g} points**, those of the weakest section: {text.plain(score.meaning)}.  \n"
        + text.small(" · ".join(f"{section} {score.points(section):g} of 7" for section in SECTIONS))
    )
    answers = score.answers
    st.dataframe(
        {
            "Test": [answer.test.id for answer in answers],
            "Points": [answer.points for answer in answers],
            "What must be so": [answer.test.asks for answer in answers],
            "What is known": [answer.sentence for answer in answers],
            "Age": [text.age(answer.evidence.observed_at, now) if answer.evidence else "" for answer in answers],
            "Source": [answer.evidence.source if answer.evidence else "" for answer in answers],
            "To claim it": [answer.command for answer in answers],
        },
        hide_index=True,
        height=grid.height(len(answers)),
        column_config={
            "Test": st.column_config.TextColumn(pinned=True, width=120),
            "What must be so": st.column_config.TextColumn(width=360),
            "What is known": st.column_config.TextColumn(width=300),
        },
        placeholder="",
        alt="ML Test Score",
    )
    st.caption("A point for what a machine did, half a point for what a person claims.")
