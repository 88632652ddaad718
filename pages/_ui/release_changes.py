"""What changed between two versions, or between what was live on two dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from lean_core import clock
from lean_core.errors import UsageError
from lean_core.releases import KnownTrail, find_intervals, read_span
from lean_core.releases.difference import Chosen, Difference, choose_by_date
from lean_core.workbench import Workbench
from pages._ui import asked, boundary, keys, text
from pages._ui.release_difference import draw_difference
from pages._ui.release_environments import choose_environment
from pages._ui.release_reading import read_versions
from pages._ui.workbench import reader

VERSIONS, DATES = "Two versions", "Two dates"
_Pair = tuple[Chosen, Chosen]


def draw(workbench: Workbench, trail: KnownTrail) -> None:
    """Draw the choice of two sides, and what lies between them."""
    _explain_unknown(workbench, trail)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            "Compare", [VERSIONS, DATES], default=VERSIONS, key=keys.CHANGED_BY, bind="query-params", required=True
        )
        environment = choose_environment(workbench, keys.CHANGED_IN)
        written = _choose_dates() if by == DATES else _choose_versions(workbench, trail, environment)
    pair = _find_pair(trail, environment, written) if by == DATES else _as_pair(written)
    if pair is None:
        return
    difference = _read(
        workbench,
        trail,
        pair,
        environment,
        tuple((each.version, each.deployment.id if each.deployment else None) for each in pair),
        (trail.model, len(trail.events), trail.events[-1].event.id if trail.events else ""),
    )
    st.markdown(
        f"What changed from {text.code(difference.first.name)} to {text.code(difference.second.name)} of"
        f" {text.code(trail.model)}, as released to {text.code(environment)}:"
    )
    draw_difference(difference, key="changes")


def _explain_unknown(workbench: Workbench, trail: KnownTrail) -> None:
    asked.explain_unknown(keys.CHANGED_IN, workbench.settings.environments.order, "environment")
    if keys.BEFORE in st.query_params or keys.AFTER in st.query_params:
        names = _list_versions(workbench, trail)
        for key in (keys.BEFORE, keys.AFTER):
            asked.explain_unknown(key, names, "version", of=trail.model)


def _choose_versions(workbench: Workbench, trail: KnownTrail, environment: str) -> tuple[str | None, str | None]:
    """Let a person choose; else it is what is live, held against what was live before."""
    names = _list_versions(workbench, trail)
    stays = [each.version for each in find_intervals(trail, environment)[-2:]]
    usual = stays if len(stays) == 2 else [None, None]  # noqa: PLR2004 - before and now
    options: tuple[tuple[Literal["From", "To"], str, str | None], ...] = (
        ("From", keys.BEFORE, usual[0]),
        ("To", keys.AFTER, usual[1]),
    )
    first, second = (
        st.selectbox(
            label,
            names,
            index=names.index(version) if version in names else None,
            key=key,
            bind="query-params",
            width=200,
            placeholder="A version",
        )
        for label, key, version in options
    )
    return first, second


def _list_versions(workbench: Workbench, trail: KnownTrail) -> list[str]:
    """Return the versions of a model, the newest first, then those that only the trail names."""
    named = (known.event.version for known in reversed(trail.events))
    return list(dict.fromkeys([*(each.version for each in read_versions(workbench, trail.model)), *named]))


def _choose_dates() -> tuple[str | None, str | None]:
    help_ = "A day, a moment or a month, in UTC: 3 March, yesterday, 2026-03-03 14:05."
    first = st.text_input(
        "Live on", key=keys.BEGIN, bind="query-params", width=200, help=help_, placeholder="last monday"
    )
    second = st.text_input("And on", value="now", key=keys.END, bind="query-params", width=200, help=help_)
    return first, second


def _as_pair(names: tuple[str | None, str | None]) -> _Pair | None:
    first, second = names
    if first is None or second is None:
        st.info("Choose two versions: what differs is shown first, then what is not known, then what is the same.")
        return None
    return Chosen(version=first), Chosen(version=second)


def _find_pair(trail: KnownTrail, environment: str, written: tuple[str | None, str | None]) -> _Pair | None:
    first, second = ((each or "").strip() for each in written)
    if not first or not second:
        st.info("Write two dates: what was live on the first is held against what was live on the second.")
        return None
    found: list[Chosen] = []
    for each in (first, second):
        try:
            chosen = choose_by_date(trail, environment, read_span(each, now=clock.now()))
        except UsageError as error:
            boundary.show("error", boundary.explain(error))
            return None
        if chosen is None:
            where = f"{text.code(trail.model)} in {text.code(environment)}"
            boundary.show("info", f"Nothing was declared live of {where} on {text.plain(each)}: write a later date.")
            return None
        found.append(chosen)
    return found[0], found[1]


@reader
def _read(
    workbench: Workbench,
    _trail: KnownTrail,
    _pair: _Pair,
    environment: str,
    which: Sequence[tuple[str, str | None]],  # noqa: ARG001
    edition: tuple[str, int, str],  # noqa: ARG001
) -> Difference:
    # Of the trail and the pair, the last two tell the cache all that matters.
    return workbench.difference(_trail, _pair, environment)
