"""The events of a version's life, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core import clock
from lean_core.registry import Version
from lean_core.releases import tell
from pages._ui import text
from pages._ui.workbench import read_known_trail

if TYPE_CHECKING:
    from lean_core.registry import Event
    from lean_core.workbench import Workbench

_ICONS = {
    "deployment": ":material/rocket_launch:",
    "gate": ":material/rule:",
    "approval": ":material/thumb_up:",
    "attestation": ":material/checklist:",
    "waiver": ":material/gavel:",
    "withdrawal": ":material/block:",
    "drill": ":material/replay:",
}
_MOST = 50


def draw(workbench: Workbench, version: Version) -> None:
    """Draw what happened to a version, the newest first."""
    trail = read_known_trail(workbench, version.model)
    mine = [known for known in reversed(trail.events) if known.event.version == version.version]
    now = clock.now()
    if not mine and version.record is None:
        st.caption("Nothing, as far as the trail tells: without a record it can't go through a gate.")
    elif not mine:
        name = f"{version.model} {version.version}"
        st.caption("Nothing was recorded of it since it was registered. The next step:")
        st.code(f"lean-mlops gate {name} --env {workbench.settings.environments.order[0]}", language=None)
    with st.container(gap="xsmall"):
        for known in mine[:_MOST]:
            late = " :orange-badge[came late]" if known.late else ""
            when = f"{known.event.at:%Y-%m-%d %H:%M} UTC, {text.age(known.event.at, now)}"
            st.markdown(f"{_icon(known.event)} {text.plain(tell(known.event))}{late}  \n{text.small(when)}")
    if len(mine) > _MOST:
        st.caption(f"{len(mine) - _MOST:,} older ones: `lean-mlops trail {version.model}` tells all.")
    for unreadable in trail.unreadable:
        st.warning(f"An event can't be read, and may be about this version: {text.plain(unreadable.sentence)}.")


def _icon(event: Event) -> str:
    return _ICONS.get(event.kind, ":material/event:")
