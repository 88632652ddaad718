"""How a model's checks went over time, as it was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core.checkpoint.check import NAMES
from pages._ui import checkpoint_marks, grid, text
from pages._ui.checkpoint_look import read_trend

if TYPE_CHECKING:
    from lean_core.workbench import Workbench


def draw(workbench: Workbench, model: str) -> None:
    """Draw how many questions were answered, and how each stood at each recorded look."""
    scores = read_trend(workbench, model)
    if not scores:
        st.markdown(f"Nothing is recorded of {text.plain(model)} yet.")
        return
    answered = [sum(status == "answered" for status in score.statuses.values()) for score in scores]
    if len(scores) > 1:
        st.line_chart(
            {"Time (UTC)": [score.at for score in scores], "Questions answered": answered},
            x="Time (UTC)",
            y="Questions answered",
            height=220,
        )
    newest = list(reversed(list(zip(scores, answered, strict=True))))
    st.dataframe(
        {
            "Recorded (UTC)": [score.at for score, _ in newest],
            "Answered": [count for _, count in newest],
            "Score": [score.score for score, _ in newest],
        }
        | {checkpoint_marks.NAMES[name]: [score.statuses.get(name, "") for score, _ in newest] for name in NAMES},
        hide_index=True,
        height=grid.height(len(newest)),
        column_config={"Recorded (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", width=140)},
        placeholder="",
        alt="Trend",
    )
    st.caption("A look is recorded where it finds something else than the one before, and once a day.")
