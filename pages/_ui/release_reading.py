"""What the page *Releases* rests on: the registry itself, kept for half a minute."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from lean_core import clock
from lean_core.releases import KnownTrail, Observation
from lean_core.workbench import Workbench
from pages._ui import keys

if TYPE_CHECKING:
    from lean_core.registry import Version
    from lean_core.releases.case import Case

Observations = dict[tuple[str, str], Observation]


def _edition(workbench: Workbench) -> tuple[str, str]:
    return (str(workbench.folder), repr(workbench.settings))


reader = st.cache_data(
    ttl=dt.timedelta(seconds=30),
    max_entries=32,
    show_spinner="Reading the registry…",
    hash_funcs={"lean_core.workbench.Workbench": _edition},
)
"""The registry has other writers, and says to nobody that it changed: so an answer is kept for a time."""


@reader
def read_trails(workbench: Workbench) -> tuple[list[KnownTrail], dt.datetime]:
    """Return what happened to every model, and when that was read."""
    return workbench.trails(), clock.now()


@reader
def read_versions(workbench: Workbench, model: str) -> list[Version]:
    """Return the versions of a model, the newest first; none where only a probe names it."""
    from lean_core.errors import NotInRegistry

    try:
        return workbench.versions(model)
    except NotInRegistry:
        return []


@reader
def read_case(workbench: Workbench, model: str, version: str, environment: str) -> Case:
    """Return what is known about a version that wants into an environment."""
    return workbench.case(model, version, environment)


def forget() -> None:
    """Let the next run of the page read the registry again."""
    for each in (read_trails, read_versions, read_case):
        each.clear()


def observations(workbench: Workbench) -> Observations:
    """Return what the running systems said when this session asked them last."""
    folder, found = st.session_state.get(keys.OBSERVATIONS, ("", {}))
    return dict(found) if folder == str(workbench.folder) else {}


def ask(workbench: Workbench) -> None:
    """Ask the running systems what they run, and keep the answers."""
    forget()
    trails, _ = read_trails(workbench)
    with st.spinner("Asking the running systems…"):
        st.session_state[keys.OBSERVATIONS] = (str(workbench.folder), workbench.observe(trails))
