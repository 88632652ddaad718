"""The table of a model's versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.registry import FIELDS, Version, present_fields, primary_metric
from pages._ui import boundary, grid, keys, registry_models, registry_verify, text
from pages._ui.workbench import read_environments

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_TABLE = "versions"
_MOST_PROBLEMS = 20


def draw(workbench: Workbench, versions: Sequence[Version], now: dt.datetime) -> None:
    """Draw the versions, the newest first; a click on a name opens the version's page."""
    if not versions:
        st.caption("There is no version's folder: only the trail names this model.")
        return
    model = versions[0].model
    recorded = (version.metrics for version in versions if version.state == "recorded")
    metric = primary_metric(recorded, judged=workbench.judged_metrics(model))
    verified = registry_verify.find(workbench, model)
    columns: dict[str, list[str]] = {
        "Version": [grid.button_label(version.version) for version in versions],
        "Live in": [", ".join(live_in(workbench, version)) for version in versions],
        "State": [version.state for version in versions],
        "Fields": [_say_fields(version) for version in versions],
        "Metric": [registry_models.say_metric(metric, version) for version in versions],
        "Dirty": [say_dirty(version) for version in versions],
        "Verified": [registry_verify.say(verified, version, now) for version in versions],
        "Age": [text.age(version.since, now) if version.since else "not known" for version in versions],
        "Owner": [(version.record.owner if version.record else None) or "none" for version in versions],
        "Size": [text.size(version.bytes) for version in versions],
    }
    key = f"{_TABLE}-{hash((model, tuple(columns['Version'])))}"
    name = st.column_config.ButtonColumn(
        "Version",
        key=f"{key}-name",
        type="tertiary",
        alignment="left",
        pinned=True,
        width=120,
        on_click=boundary.guarded(_open),
        args=(f"{key}-name", [(model, version.version) for version in versions]),
    )
    st.dataframe(
        columns,
        key=key,
        hide_index=True,
        height=grid.height(len(versions)),
        column_config={
            "Version": name,
            "Fields": st.column_config.TextColumn(help=f"How many of the seven are there: {', '.join(FIELDS)}."),
            "Dirty": st.column_config.TextColumn(help="Whether it was made from changes that no commit has."),
        },
        placeholder="",
        alt="Versions",
    )
    st.caption("Click a version to open it.")


def draw_problems(versions: Sequence[Version]) -> None:
    """Say what is wrong with versions that are there by half; foreign ones have a form of their own."""
    problems = [version for version in versions if version.problem and version.state in {"incomplete", "unreadable"}]
    for version in problems[:_MOST_PROBLEMS]:
        level: boundary.Level = "error" if version.state == "unreadable" else "warning"
        name = text.code(version.version)
        boundary.show(level, f"Version {name} is {version.state}: {text.plain(version.problem or '')}.")
    if len(problems) > _MOST_PROBLEMS:
        st.caption(f"{len(problems) - _MOST_PROBLEMS:,} more have problems: `lean-mlops doctor` lists all.")


def live_in(workbench: Workbench, version: Version) -> list[str]:
    """Return the environments where a version is declared live, the last of the order first."""
    states = read_environments(workbench, version.model)
    return [state.environment for state in reversed(states) if state.live and state.live.version == version.version]


def say_dirty(version: Version) -> str:
    """Say whether a version was made from uncommitted changes; unknown is not clean."""
    code = version.record.code if version.record else None
    if code is None or code.dirty is None:
        return "not known"
    return "dirty" if code.dirty else "clean"


def _say_fields(version: Version) -> str:
    if version.record is None:
        return "no record"
    present = present_fields(version.record)
    missing = [name for name in FIELDS if name not in present]
    return f"{len(present)} of {len(FIELDS)}" + (f" · no {', '.join(missing)}" if missing else "")


def _open(key: str, names: Sequence[tuple[str, str]]) -> None:
    st.session_state[keys.OPEN_VERSION] = names[st.session_state[key]["row"]]
