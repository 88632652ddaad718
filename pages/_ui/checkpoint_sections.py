"""The five questions, each with its answer and what it rests on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import checkpoint_action, checkpoint_evidence, checkpoint_marks, keys, text

if TYPE_CHECKING:
    from lean_core.checkpoint import Check, Checkpoint
    from lean_core.workbench import Workbench


def draw(workbench: Workbench, checkpoint: Checkpoint, now: dt.datetime) -> None:
    """Draw all of them, or the one that the URL asks for."""
    opened = st.segmented_control(
        "Questions",
        list(checkpoint_marks.NAMES.values()),
        key=keys.CHECK,
        bind="query-params",
        label_visibility="collapsed",
    )
    for check in checkpoint.checks:
        if opened in {None, checkpoint_marks.NAMES[check.name]}:
            with st.container(border=True, gap="small"):
                _draw_check(workbench, check, now, is_opened=opened is not None)


def _draw_check(workbench: Workbench, check: Check, now: dt.datetime, *, is_opened: bool) -> None:
    with st.container(gap="xxsmall"):
        st.markdown(
            f"**{check.number}. {check.question}** &nbsp; {checkpoint_marks.status_badge(check)}"
            f" {checkpoint_marks.news_badge(check)}"
        )
        st.markdown(text.plain(check.sentence))
        observed = f"oldest part seen {text.age(check.observed_at, now)}" if check.observed_at else "nothing observed"
        st.markdown(text.small(f"Scores {check.score:g} · {observed}"))
    # An answer of several parts is those parts, one after another.
    if details := [detail for detail in check.details if detail not in check.sentence]:
        st.markdown("\n".join(f"- {text.plain(detail)}" for detail in details))
    if check.evidence:
        label = text.count(len(check.evidence), "piece") + " of evidence"
        with st.expander(label, expanded=is_opened, icon=":material/folder_open:"):
            checkpoint_evidence.draw(workbench, check.evidence, now)
    if check.action:
        checkpoint_action.draw(check.action)
        checkpoint_action.draw_way(check.action, key=f"action-{check.name}")
