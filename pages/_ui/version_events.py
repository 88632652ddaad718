"""The events of a version's life, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core import clock
from lean_core.registry import Version
from pages._ui import events, text
from pages._ui.workbench import read_known_trail

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_MOST = 50


def draw(workbench: Workbench, version: Version) -> None:
    """Draw what happened to a version, the newest first."""
    trail = read_known_trail(workbench, version.model)
    mine = [known for known in reversed(trail.events) if known.event.version == version.version]
    if not mine and version.record is None:
        st.caption("Nothing, as far as the trail tells: without a record it can't go through a gate.")
    elif not mine:
        name = f"{version.model} {version.version}"
        st.caption("Nothing was recorded of it since it was registered. The next step:")
        st.code(f"lean-mlops gate {name} --env {workbench.settings.environments.order[0]}", language=None)
    st.markdown(events.tell_all(mine[:_MOST], clock.now()))
    if len(mine) > _MOST:
        st.caption(f"{len(mine) - _MOST:,} older ones: `lean-mlops trail {version.model}` tells all.")
    for unreadable in trail.unreadable:
        st.warning(f"An event can't be read, and may be about this version: {text.plain(unreadable.sentence)}.")
