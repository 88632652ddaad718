"""What was live on a date: the section of the page *Releases* that answers from what was known, and marks the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from lean_core import clock
from lean_core.errors import UsageError
from lean_core.releases import Interval, KnownTrail, Span, Then, live_between, read_span
from lean_core.workbench import Workbench
from pages._ui import boundary, grid, keys, release_code, text
from pages._ui.release_environments import list_environments

NOTHING = "nothing"
_HEADS = ("Version", "Code", "Since (UTC)", "Until (UTC)", "By", "How", "Late")


def draw(workbench: Workbench, trails: Sequence[KnownTrail]) -> None:
    """Draw the question, and for each model and environment its answer."""
    written = _ask()
    if not written.strip():
        st.info("Write a date, such as “3 March” or “last monday”, or pick a day: each model's live version is told.")
        return
    try:
        span = read_span(written, now=clock.now())
    except UsageError as error:
        boundary.show("error", boundary.explain(error))
        return
    st.markdown(f"**{_tell_span(span)}**")
    environments = list_environments(workbench, trails)
    answers = [live_between(trail, name, span.start, span.end) for trail in trails for name in environments]
    _draw_late(answers)
    _draw_answers(workbench, answers)
    for trail in trails:
        if trail.unreadable:
            boundary.show(
                "warning",
                f"{text.count(len(trail.unreadable), 'event')} of {text.code(trail.model)} can't be read, and may say"
                " otherwise: the section Trail names each.",
            )


def _ask() -> str:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        written = st.text_input(
            "What was live?",
            value="now",
            key=keys.THEN,
            bind="query-params",
            width=360,
            placeholder="3 March, yesterday, 2026-03-03 14:05",
            help="A day, a moment or a month, in UTC. Without a year it is the last one that has been.",
        )
        today = clock.now().date()
        st.date_input("Or pick a day", value=None, max_value=today, key=keys.PICKED_DAY, width=160, on_change=_pick)
    return written


@boundary.guarded
def _pick() -> None:
    if day := st.session_state[keys.PICKED_DAY]:
        st.session_state[keys.THEN] = day.isoformat()


def _tell_span(span: Span) -> str:
    if span.end == span.start:
        return f"Declared live at {span.start:%Y-%m-%d %H:%M} UTC"
    return f"Declared live from {span.start:%Y-%m-%d %H:%M} up to {span.end:%Y-%m-%d %H:%M} UTC"


def _draw_late(answers: Iterable[Then]) -> None:
    for answer in answers:
        if answer.told_then is not None:
            then = ", ".join(map(text.code, answer.told_then)) or NOTHING
            where = f"{text.code(answer.model)} in {text.code(answer.environment)}"
            boundary.show("warning", f"{where}: at that time the trail said {then}; the rest came late.")


def _draw_answers(workbench: Workbench, answers: Sequence[Then]) -> None:
    if not any(answer.intervals for answer in answers):
        st.info(
            "Nothing was declared live then. `lean-mlops deploy MODEL VERSION --env ENV` records a deployment, from"
            " which on this question has an answer."
        )
        return
    code = release_code.find(workbench, ((each.model, each.version) for answer in answers for each in answer.intervals))
    rows = [row for answer in answers for row in _rows(answer, code)]
    made = st.column_config.TextColumn(help="Whether it was made from changes that no commit has: dirty.")
    st.dataframe(
        rows,
        hide_index=True,
        height=grid.height(len(rows)),
        column_config={"Code": made},
        placeholder="",
        alt="What was live",
    )
    st.caption("As the trail declares it. Where several versions were live one after another, each has a row.")


def _rows(answer: Then, code: Mapping[release_code.Name, release_code.CodeState]) -> list[dict[str, str]]:
    where = {"Model": answer.model, "Environment": answer.environment}
    if not answer.intervals:
        return [where | dict.fromkeys(_HEADS, "") | {_HEADS[0]: NOTHING}]
    return [
        where | dict(zip(_HEADS, _row(each, code[each.model, each.version]), strict=True)) for each in answer.intervals
    ]


def _row(interval: Interval, code: release_code.CodeState) -> tuple[str, ...]:
    known = f"known since {interval.known_at:%Y-%m-%d %H:%M}" if interval.known_at else "came late"
    return (
        interval.version,
        code,
        f"{interval.start:%Y-%m-%d %H:%M}",
        f"{interval.end:%Y-%m-%d %H:%M}" if interval.end else "still live",
        interval.first.actor,
        interval.first.how or "",
        known if interval.late else "",
    )
