"""The head of the pages *Readiness* and *Checkpoint*: how old a page is, and of which day it tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core import clock
from pages._ui import boundary, checkpoint_look, checkpoint_marks, keys, readiness_empty, text
from pages._ui.checkpoint_look import read_checkpoints_at

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from lean_core.checkpoint import Checkpoint, Look
    from lean_core.workbench import Workbench


def draw(title: str) -> DeltaGenerator:
    """Draw the title and the button; return the place for how old the page is."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        age = st.empty()
        st.space("stretch")
        draw_button()
    return age


def draw_button() -> None:
    """Draw the button that looks again."""
    st.button(
        "Look again",
        icon=":material/refresh:",
        on_click=boundary.guarded(checkpoint_look.forget),
        help="What was found is kept for a minute.",
    )


def look_or_explain(workbench: Workbench, age: DeltaGenerator) -> Look:
    """Look, and draw what there is to say of it; where there is no model to tell of, explain that and end the page.

    Args:
        workbench: what is looked at.
        age: the place for how old the look is.
    """
    if workbench.settings.registry is None:
        readiness_empty.explain_no_registry(workbench)
        st.stop()
    look = checkpoint_look.read_look(workbench)
    _say_age(age, look, clock.now())
    checkpoint_look.draw_notes(look)
    if not look.checkpoints:
        readiness_empty.explain_none(workbench, look)
        st.stop()
    return look


def choose_model(models: Sequence[str]) -> str:
    """Let a person choose the model; the URL says which one is chosen."""
    asked = st.query_params.get(keys.CHECKED_MODEL, models[0])
    if asked not in models:
        boundary.show("info", f"There is no model {text.code(asked)}, which the address asks for: choose another.")
    st.session_state[keys.CHOSEN_MODEL] = asked if asked in models else models[0]
    return st.selectbox("Model", models, key=keys.CHOSEN_MODEL, width=260, on_change=_choose)


def _choose() -> None:
    st.query_params[keys.CHECKED_MODEL] = st.session_state[keys.CHOSEN_MODEL]


def ask_when() -> dt.datetime | None:
    """Ask of which day is to be told; None: of now."""
    written = st.text_input(
        "As known on",
        key=keys.KNOWN_ON,
        bind="query-params",
        width=260,
        placeholder="now; or 3 March, yesterday",
        help="What the workbench had found by then, as it was recorded. A day counts up to its end (UTC).",
    )
    if not written.strip():
        return None
    from lean_core.releases import read_span

    now = clock.now()
    return min(read_span(written, now=now).end, now)


def find(workbench: Workbench, look: Look, model: str, moment: dt.datetime | None) -> Checkpoint | None:
    """Return a model's checks, as they are or as they were recorded; None, and say so, where nothing was."""
    if moment is None:
        return look.checkpoint(model)
    found = next((each for each in read_checkpoints_at(workbench, moment) if each.model == model), None)
    if found is None:
        boundary.show(
            "info",
            f"Nothing was recorded of {text.plain(model)} by {moment:%Y-%m-%d %H:%M} UTC: nobody had looked yet."
            " Each look at this page, or by `lean-mlops checkpoint`, is recorded where it finds something else.",
        )
        return None
    boundary.show(
        "info", f"As known on {moment:%Y-%m-%d %H:%M} UTC: the look that was recorded at {found.at:%Y-%m-%d %H:%M} UTC."
    )
    return found


def draw_verdict(checkpoint: Checkpoint, now: dt.datetime) -> None:
    """Draw how the model stands, and what limits it."""
    where = text.plain(checkpoint.environment)
    live = f"Nothing is live in {where}"
    if checkpoint.live is not None and checkpoint.since is not None:
        since = f"since {checkpoint.since:%Y-%m-%d} ({text.age(checkpoint.since, now)})"
        live = f"Version **{text.plain(checkpoint.live)}** is live in {where} {since}"
    limit = checkpoint.limit
    limited = f" · limited by question {limit.number}" if limit else ""
    st.markdown(
        f"{checkpoint_marks.standing(checkpoint)} {text.plain(checkpoint.verdict)}  \n"
        + text.small(f"{live} · score {checkpoint.score:g} of 1{limited}")
    )


def _say_age(place: DeltaGenerator, look: Look, now: dt.datetime) -> None:
    """Say when was looked."""
    place.markdown(text.small(f"As of {look.at:%Y-%m-%d %H:%M} UTC, {text.age(look.at, now)}"), width="content")
