"""What is live now: all models by environments, and one of them in detail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import streamlit as st

from lean_core.releases import Live, Matrix, MatrixCell, MatrixRow, waived_checks
from pages._ui import release_marks, text
from pages._ui.release_marks import Known

TALLEST = 460
_MOST_IN_VIEW = 8
"""Models; the table scrolls where there are more."""
_CODE = {
    "dirty": ":orange[It was made from changes that no commit has: nobody can make it again.]",
    "not known": ":gray[Whether it was made from changes that no commit has is not known.]",
    "no record": ":orange[Its record is gone, or can't be read.]",
}


def draw_matrix(matrix: Matrix, known: Known) -> None:
    """Draw a row a model and a column an environment."""
    rows = [
        {"Model": f"**{text.plain(row.model)}**"}
        | {text.plain(cell.state.environment): _cell(cell, known) for cell in row.cells}
        for row in matrix.rows
    ]
    height: Literal["content"] | int = TALLEST if len(rows) > _MOST_IN_VIEW else "content"
    st.table(rows, border="horizontal", hide_index=True, height=height, alt="What is declared live")


def _cell(cell: MatrixCell, known: Known) -> str:
    live = cell.state.live
    marks = release_marks.marks(cell, known)
    if live is None:
        return f"{text.small('nothing')} {marks}".strip()
    since = text.small(f"since {live.since:%Y-%m-%d %H:%M} by {text.plain(live.by)}")
    return f"**{text.plain(live.version)}** {marks} {since}"


def draw(row: MatrixRow, known: Known) -> None:
    """Draw a card an environment."""
    with st.grid(3, min_column_width=300):
        for cell in row.cells:
            with st.container(border=True):
                _draw_card(cell, known)


def _draw_card(cell: MatrixCell, known: Known) -> None:
    live = cell.state.live
    version = text.plain(live.version) if live else ":gray[nothing]"
    where = text.small(text.plain(cell.state.environment))
    st.markdown(f"{where}\n#### {version} {release_marks.marks(cell, known)}")
    facts = [*_facts(live, known)] if live else ["No deployment that succeeded is recorded."]
    st.markdown("  \n".join(f":small[{fact}]" for fact in (*facts, *_remarks(cell, known)) if fact))


def _facts(live: Live, known: Known) -> Iterator[str]:
    yield f"Since {live.since:%Y-%m-%d %H:%M} UTC ({text.age(live.since, known.now)}), by {text.plain(live.by)}"
    yield f"How: {text.code(live.how)}" if live.how else "How: not recorded"
    yield f"Rests on: {release_marks.say_basis(live.basis)}"
    for check in waived_checks(live, known.now):
        yield f":{'violet' if check.state == 'in force' else 'orange'}[{text.plain(check.sentence)}]"


def _remarks(cell: MatrixCell, known: Known) -> Iterator[str]:
    state, live = cell.state, cell.state.live
    code = known.code.get((state.model, live.version)) if live else None
    if code in _CODE:
        yield _CODE[code]
    if live is not None and live.withdrawn is not None:
        withdrawn = live.withdrawn
        yield f":red[Withdrawn by {text.plain(withdrawn.actor)}: {text.plain(withdrawn.reason)}]"
    if live is not None and live.late:
        yield ":orange[It rests on an event that came late: who asked before was told something else.]"
    if live is not None and live.deployment.skipped:
        yield f"It never served {text.plain(' or '.join(live.deployment.skipped))} before."
    if state.failed:
        last = state.failed[-1]
        attempts = text.count(len(state.failed), "attempt")
        yield (
            f":red[{attempts} failed since, the last one of {text.plain(last.version)}"
            f" on {last.at:%Y-%m-%d %H:%M} UTC by {text.plain(last.actor)}.]"
        )
    for doubt in state.doubts:
        yield f":orange[Not sure: {text.plain(doubt)}]"
    yield _observed(cell, known)


def _observed(cell: MatrixCell, known: Known) -> str:
    observation = release_marks.current(cell)
    if observation is None:
        if cell.observation is not None:
            return ":gray[Another version was declared since the running system was asked: ask again.]"
        return ":gray[Observed: not asked yet.]" if cell.state.live else ""
    said = text.plain(observation.sentence)
    colour = {"agree": "green", "disagree": "red", "undeclared": "orange"}.get(observation.state, "gray")
    is_named = observation.asked is None or observation.asked in observation.sentence
    where = "" if is_named else f" Asked {text.code(str(observation.asked))}"
    return f":{colour}[{said}]{where} :gray[{text.age(observation.observed_at, known.now)}]"
