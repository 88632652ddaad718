"""What the page *Releases* rests on: the registry itself, kept for half a minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import streamlit as st

from lean_core import clock
from lean_core.releases import KnownTrail, Observation
from lean_core.workbench import Workbench
from pages._ui import keys
from pages._ui.workbench import keep

if TYPE_CHECKING:
    from streamlit.runtime.caching.cache_utils import CachedFunc

    from lean_core.registry import Version
    from lean_core.releases.case import Case

_P = ParamSpec("_P")
_Read = TypeVar("_Read")
Observations = dict[tuple[str, str], Observation]


def edition(workbench: Workbench) -> tuple[str, str]:
    """Return what an answer counts for, however the workspace's file changes."""
    return (str(workbench.folder), repr(workbench.settings))


def reader(read: Callable[_P, _Read]) -> CachedFunc[_P, _Read]:
    """Decorate a function that reads the registry, which has other writers and tells nobody that it changed."""
    return keep("Reading the registry…", seconds=30, entries=32, edition=edition)(read)


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
