"""How fresh the index of the registry is, and what to do where there is no registry or nothing in it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.settings import FILE_NAME
from pages._ui import boundary, keys, registry_work, text
from pages._ui.workbench import read_registry_state

if TYPE_CHECKING:
    from lean_core.registry.index import IndexState
    from lean_core.workbench import Workbench

_TOML = """[registry]
uri = "registry"        # a folder beside lean.toml, or "s3://bucket/prefix"
"""
_REGISTER = "lean-mlops register MODEL 1 --artifact model.joblib --metrics metrics.json --data train=data/train.csv"


def draw_buttons() -> None:
    """Draw what can be asked of the whole registry."""
    st.button(
        "Ask what runs",
        key="observe",
        icon=":material/sensors:",
        help="Asks the running systems by the probes of lean.toml.",
        on_click=_ask,
        args=(keys.OBSERVE,),
    )
    st.button("Refresh", key="refresh", icon=":material/refresh:", type="primary", on_click=_ask, args=(keys.REFRESH,))


def bring_up_to_date(workbench: Workbench) -> None:
    """Read the registry where somebody asked for it, or where it was never read."""
    state = read_registry_state(workbench)
    never = state.state == "never" and state.last_attempt is None
    if not (st.session_state.pop(keys.REFRESH, False) or never):
        return
    with boundary.catch_errors():
        registry_work.carry_out(workbench.refresh_registry, says="Reading the registry")


def draw_state(workbench: Workbench, state: IndexState, now: dt.datetime) -> None:
    """Say where the registry is, and of when what is shown is."""
    place = text.code(workbench.objects().uri)
    if state.last_success is None:
        st.markdown(f"{place} {text.small('never read')}")
    else:
        stale = " :orange-badge[Stale]" if state.state == "stale" else ""
        st.markdown(f"{place} {text.small(f'as of {text.age(state.last_success, now)}')}{stale}")
    if state.message:
        shown = " What is shown is older." if state.last_success else ""
        boundary.show("warning", f"The registry could not be read: {text.plain(state.message)}.{shown}")


def explain_none(workbench: Workbench) -> None:
    """Say how a workspace gets a registry."""
    file = text.code(str(workbench.folder / FILE_NAME))
    boundary.show("info", f"This workspace has no registry yet. Add these lines to {file}, then register a version:")
    st.code(_TOML, language=None)
    st.code(_REGISTER, language=None, wrap_lines=True)


def explain_empty(state: IndexState) -> None:
    """Say how a version gets into the registry."""
    if state.state == "never":
        st.caption("Nothing is known of the registry until it could be read: mend what is said above, then refresh.")
        return
    boundary.show("info", "The registry is empty. This registers the first version of a model:")
    st.code(_REGISTER, language=None, wrap_lines=True)
    st.caption("It finds the commit, the Python and the lock file by itself, and says what it does not find.")


def _ask(key: str) -> None:
    st.session_state[key] = True
