"""The environments that the sections of the page *Releases* let a person choose from."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from lean_core.releases import KnownTrail, environments_in
from lean_core.workbench import Workbench


def list_environments(workbench: Workbench, trails: Iterable[KnownTrail]) -> list[str]:
    """Return the environments of lean.toml in promotion order, then those that only the trails name."""
    named = (name for trail in trails for name in environments_in(trail))
    return list(dict.fromkeys([*workbench.settings.environments.order, *named]))


def choose_environment(workbench: Workbench, key: str) -> str:
    """Let a person choose an environment of lean.toml: the last in promotion order, unless they say otherwise."""
    order = workbench.settings.environments.order
    return st.selectbox("Environment", order, index=len(order) - 1, key=key, bind="query-params", width=200)
