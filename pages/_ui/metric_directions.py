"""Which way each metric is better, as a person says: asked once for the whole workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from lean_core.runs import Direction, MetricRow
from lean_core.workbench import Workbench
from pages._ui import actor, boundary, keys, text
from pages._ui.workbench import read_directions

Choice = Direction | Literal["guess"]
_CHOICES: dict[Choice, str] = {"higher": "Higher", "lower": "Lower", "guess": "As guessed"}


def draw(workbench: Workbench, rows: Sequence[MetricRow]) -> None:
    """Let a person say it of one metric or of many; those nobody spoke of come first."""
    unsure = sum(not _is_said(row) for row in rows)
    label = f"Which way is better? {unsure} not confirmed" if unsure else "Which way is better?"
    asked = sorted(rows, key=lambda row: (_is_said(row), row.direction is not None))
    known = {row.key: f"{row.key} ({row.better})" for row in asked}
    key = f"{keys.JUDGED}-{hash(tuple(known))}"
    # The expander has a key of its own: its label changes with each save, and it shall stay open.
    with (
        st.expander(label, icon=":material/swap_vert:", key="which-way"),
        st.form("directions", border=False),
    ):
        st.caption("Said once of a metric, it holds for every comparison in this workspace.")
        # In one row: the menu of the metrics stays open for more of them, and would lie over what stands below.
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.multiselect(
                "Metrics",
                list(known),
                format_func=lambda name: known.get(name, name),
                placeholder="Choose one or many",
                wrap=True,
                key=key,
            )
            st.segmented_control(
                "Better is",
                list(_CHOICES),
                format_func=_CHOICES.__getitem__,
                help="As guessed: forget what was said, and go by the metric's name.",
                key=keys.DIRECTION,
            )
            st.form_submit_button("Save", icon=":material/save:", on_click=_save, args=(workbench, key))


def _is_said(row: MetricRow) -> bool:
    return row.direction is not None and not row.guessed


@boundary.guarded
def _save(workbench: Workbench, key: str) -> None:
    names: list[str] = st.session_state[key]
    choice: Choice | None = st.session_state[keys.DIRECTION]
    if not names or choice is None:
        _tell("Choose metrics, and which way they are better.", icon=":material/info:")
        return
    direction = None if choice == "guess" else choice
    said = read_directions(workbench)
    changed = {name: direction for name in names if said.get(name) != direction}
    if changed:
        workbench.set_directions(changed, actor=actor.name())
        _tell(f"Saved {text.count(len(changed), 'direction')}.", icon=":material/check_circle:")
    else:
        _tell("No direction was changed: it has been said before.", icon=":material/info:")
    st.session_state[key], st.session_state[keys.DIRECTION] = [], None


def _tell(markdown: str, *, icon: str) -> None:
    """Show a message beside the form: the top of the page is out of sight from there."""
    st.toast(markdown, icon=icon)
