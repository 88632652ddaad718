"""A card a model: what is live, how it stands, what the last release did, and what to do next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

import streamlit as st

from pages._ui import checkpoint_action, checkpoint_marks, evidence, keys, text
from pages._ui.checkpoint_look import read_effect

if TYPE_CHECKING:
    from lean_core.checkpoint import Check, Checkpoint
    from lean_core.checkpoint.effect import Effect, Outcome
    from lean_core.workbench import Workbench

MOST = 3
"""Models, side by side: the founders' page is one screen. The others stand in a table below."""
NARROWEST = 300
_TRACKS = 13
_MOST_VALUES = 30
"""Of the line over releases."""
_COLOURS: dict[Outcome, Literal["green", "red", "gray"]] = {
    "better": "green",
    "worse": "red",
    "same": "gray",
    "unknown": "gray",
}


def draw(workbench: Workbench, checkpoint: Checkpoint, now: dt.datetime, *, presenting: bool) -> None:
    """Draw the card of a model."""
    effect = read_effect(workbench, checkpoint.model)
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.subheader(text.plain(checkpoint.model), anchor=False, width="content")
            st.markdown(checkpoint_marks.standing(checkpoint), width="content")
        st.markdown(f"{_say_live(checkpoint, now)}  \n:small[{text.plain(checkpoint.verdict)}]")
        with st.container(gap=None):
            for check in checkpoint.checks:
                _draw_check(checkpoint, check, now)
        _draw_effect(effect, is_doubted=_is_doubted(checkpoint))
        if checkpoint.action:
            (checkpoint_action.tell if presenting else checkpoint_action.draw)(checkpoint.action)
        _draw_links(checkpoint, effect)


def _say_live(checkpoint: Checkpoint, now: dt.datetime) -> str:
    where = text.plain(checkpoint.environment)
    if checkpoint.live is None or checkpoint.since is None:
        return f"Nothing is live in {where}."
    since = f"since {checkpoint.since:%d %b %Y} ({checkpoint_marks.short_age(checkpoint.since, now)})"
    return f"**{text.plain(checkpoint.live)}** is live in {where} {since}."


def _draw_links(checkpoint: Checkpoint, effect: Effect | None) -> None:
    """Draw the way to the next action, and links to what the card rests on."""
    model = checkpoint.model
    with st.container(horizontal=True, gap=None):
        if checkpoint.action:
            checkpoint_action.draw_way(checkpoint.action, key=f"next-{model}")
        evidence.draw(evidence.Link(label="Evidence", page="checkpoint", query={keys.CHECKED_MODEL: model}))
        leads_there = checkpoint.action is not None and checkpoint.action.page.startswith("version?")
        if checkpoint.live is not None and not leads_there:
            query = {keys.MODEL: model, keys.VERSION: checkpoint.live}
            evidence.draw(evidence.Link(label="Version", page="version", query=query))
        if effect is not None and len(effect.releases) > 1:
            before, last = effect.releases[-2:]
            query = {keys.SECTION: "What changed", keys.BEFORE: before.version, keys.AFTER: last.version}
            query |= {keys.RELEASED_MODEL: model, keys.CHANGED_IN: checkpoint.environment}
            evidence.draw(evidence.Link(label="Changes", page="releases", query=query))


def _draw_check(checkpoint: Checkpoint, check: Check, now: dt.datetime) -> None:
    grid = st.grid(_TRACKS, wrap=False, min_column_width=1, gap=(0, 0), vertical_alignment="center")
    with grid.cell(column_span=4):
        st.page_link(
            "pages/checkpoint.py",
            label=f":small[{checkpoint_marks.NAMES[check.name]}]",
            query_params={keys.CHECKED_MODEL: checkpoint.model, keys.CHECK: checkpoint_marks.NAMES[check.name]},
            icon="",
            help=text.plain(f"{check.question} {check.sentence}"),
        )
    with grid.cell(column_span=4):
        st.markdown(f":small[{checkpoint_marks.status(check)}]")
    with grid.cell(column_span=3):
        st.markdown(f":small[{checkpoint_marks.news(check)}]")
    with grid.cell(column_span=2):
        st.markdown(text.small(checkpoint_marks.short_age(check.observed_at, now)), text_alignment="right")


def _is_doubted(checkpoint: Checkpoint) -> bool:
    """Whether the record of the live version, where its metrics stand, is contradicted."""
    return any(check.name == "provenance" and check.status == "contradicted" for check in checkpoint.checks)


def _draw_effect(effect: Effect | None, *, is_doubted: bool) -> None:
    """Draw the metric over the releases; where the last release can't be judged by it, say why."""
    if effect is None:
        st.markdown(":small[:material/show_chart: What the last release did can't be read now.]")
        return
    values = effect.values[-_MOST_VALUES:]
    if effect.yardstick.metric is None or effect.change is None:
        doubt = " Its record is contradicted." if is_doubted else ""
        st.markdown(f":small[:material/show_chart: {text.plain(effect.sentence + doubt)}]")
        return
    before = effect.releases[-2].version
    guess = f", if {effect.yardstick.direction} is better" if effect.yardstick.guessed else ""
    said = "whether better, nobody said" if effect.outcome == "unknown" else f"{effect.outcome} than {before}{guess}"
    if is_doubted:
        said = "but its record is contradicted"
    st.metric(
        text.plain(f"{effect.yardstick.metric} of {effect.releases[-1].version}"),
        f"{values[-1]:.4g}",
        delta=f"{effect.change:+.3g}",
        delta_color="gray" if is_doubted else _COLOURS[effect.outcome],
        delta_description=text.plain(said),
        help=text.plain(effect.sentence),
        chart_data=values,
    )
