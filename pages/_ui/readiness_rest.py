"""Below the fold of the page *Readiness*: the other models, releases over time, waivers and triggers that fired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import boundary, checkpoint_marks, evidence, grid, keys, text
from pages._ui.checkpoint_look import read_effect

if TYPE_CHECKING:
    from lean_core.checkpoint import Checkpoint
    from lean_core.debt import Item
    from lean_core.debt.trigger import TriggerState
    from lean_core.registry import Waiver
    from lean_core.workbench import Workbench

_OTHERS = "other-models"
_MOST_RELEASES = 200


def draw_others(others: Sequence[Checkpoint], now: dt.datetime) -> None:
    """Draw the models that have no card, most urgent first."""
    if not others:
        return
    st.subheader(f"{text.count(len(others), 'more model')}", anchor=False)
    names = [each.model for each in others]
    rows = {
        "Model": [grid.button_label(name) for name in names],
        "Live": [each.live or "nothing" for each in others],
        "Stands": [checkpoint_marks.standing_word(each) for each in others],
        "Answered": [sum(check.status == "answered" for check in each.checks) for each in others],
        "What limits it": [each.limit.worst if each.limit else "" for each in others],
        "Age": [text.age(each.since, now) if each.since else "" for each in others],
    }
    st.dataframe(
        rows,
        key=_OTHERS,
        hide_index=True,
        height=grid.height(len(others)),
        column_config={
            "Model": st.column_config.ButtonColumn(
                "Model",
                key=f"{_OTHERS}-name",
                type="tertiary",
                alignment="left",
                pinned=True,
                width=150,
                on_click=boundary.guarded(_open),
                args=(f"{_OTHERS}-name", names),
            ),
            "Answered": st.column_config.NumberColumn("Answered", help="Of the five questions.", width=90),
            "What limits it": st.column_config.TextColumn(width=460),
        },
        placeholder="",
        alt="More models",
    )


def _open(key: str, names: Sequence[str]) -> None:
    st.session_state[keys.OPEN_CHECKPOINT] = names[st.session_state[key]["row"]]


def draw_releases(workbench: Workbench, models: Sequence[str]) -> None:
    """Draw what was released when, of the models with a card, newest first."""
    st.subheader("Releases", anchor=False)
    effects = [(model, effect) for model in models if (effect := read_effect(workbench, model)) is not None]
    released = sorted(
        ((model, effect, release) for model, effect in effects for release in effect.releases),
        key=lambda each: each[2].since,
        reverse=True,
    )[:_MOST_RELEASES]
    if not released:
        st.markdown("Nothing was released yet." if effects else "They can't be read now.")
        return
    st.dataframe(
        {
            "Since (UTC)": [release.since for _, _, release in released],
            "Model": [model for model, _, _ in released],
            "Version": [release.version for _, _, release in released],
            "How": ["rollback" if release.went_back else "release" for _, _, release in released],
            "By": [release.by for _, _, release in released],
            "Metric": [effect.yardstick.metric or "" for _, effect, _ in released],
            "Value": ["" if release.value is None else text.number(release.value) for _, _, release in released],
        },
        hide_index=True,
        height=grid.height(len(released)),
        column_config={
            "Since (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", width=140),
            "Value": st.column_config.TextColumn(alignment="right"),
        },
        placeholder="",
        alt="Releases",
    )
    evidence.draw(evidence.link_to("releases?section=Trail", "The trail of all models"))


def draw_waivers(waivers: Sequence[Waiver] | None, now: dt.datetime) -> None:
    """Draw the checks that somebody let a version pass without; None: the registry can't be read."""
    st.subheader("Open waivers", anchor=False)
    if not waivers:
        st.markdown("They can't be read now." if waivers is None else "No waiver is in force.")
    for waiver in waivers or ():
        where = f" for {text.plain(waiver.environment)}" if waiver.environment else ""
        st.markdown(
            f":material/gavel: {text.code(waiver.check)} of {text.plain(waiver.model)} {text.plain(waiver.version)}"
            f"{where}, waived by {text.plain(waiver.by)}: {text.plain(waiver.reason)}  \n"
            + text.small(f"until {waiver.expires_at:%Y-%m-%d %H:%M} UTC, {_left(waiver.expires_at, now)}")
        )


def draw_triggers(triggers: Sequence[TriggerState], items: Sequence[Item], now: dt.datetime) -> None:
    """Draw the triggers that fired, and those that can't be evaluated: these are not silent."""
    st.subheader("Fired triggers", anchor=False)
    titles = {item.id: item.title for item in items}
    told = [state for state in triggers if state.state in {"fired", "cannot evaluate"}]
    if not told:
        st.markdown("No trigger has fired.")
    for state in told:
        colour, icon = ("red", "alarm") if state.state == "fired" else ("orange", "help")
        with st.container(gap=None):
            st.markdown(
                f":{colour}[:material/{icon}: {state.state}] **{text.plain(titles.get(state.item, state.item))}**  \n"
                f"{text.code(state.expression)}: {text.plain(state.sentence)}  \n"
                + text.small(f"since {state.since:%Y-%m-%d %H:%M} UTC, {text.age(state.since, now)}")
            )
            evidence.draw(evidence.link_to(f"debt?item={state.item}", state.item))
    snoozed = sum(state.state == "snoozed" for state in triggers)
    if snoozed:
        st.markdown(text.small(f"{text.count(snoozed, 'trigger')} snoozed: the debt log says until when."))


def _left(until: dt.datetime, now: dt.datetime) -> str:
    days = (until - now).days
    return f"{text.count(days, 'day')} left" if days else "less than a day left"
