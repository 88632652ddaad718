"""The table of models."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.registry import Version, primary_metric
from lean_core.releases import MatrixCell
from pages._ui import boundary, grid, keys, release_code, release_marks, text
from pages._ui.workbench import read_environments, read_registry_versions

if TYPE_CHECKING:
    from lean_core.registry.index import Model
    from lean_core.releases import Observation
    from lean_core.workbench import Workbench

NO_PROBE = release_marks.badge("gray", "no probe")
_TABLE = "models"
_MARKS = {
    "agree": "✓ {observed}",
    "disagree": "✗ runs {observed}",
    "undeclared": "? runs {observed}",
    "unobservable": "? not seen",
}


def observe_if_asked(workbench: Workbench) -> None:
    """Ask the running systems what they run, where somebody asked for it; the answers stay with the session."""
    if not st.session_state.pop(keys.OBSERVE, False):
        return
    with boundary.catch_errors(), st.spinner("Asking what runs…"):
        found = workbench.observe(workbench.indexed_trails())
        st.session_state.setdefault(keys.OBSERVED, {})[str(workbench.folder)] = found


def observations(workbench: Workbench) -> Mapping[tuple[str, str], Observation]:
    """Return what was observed in this session, by model and environment."""
    found: Mapping[tuple[str, str], Observation] = st.session_state.get(keys.OBSERVED, {}).get(
        str(workbench.folder), {}
    )
    return found


def draw(workbench: Workbench, models: Sequence[Model], now: dt.datetime) -> None:
    """Draw the models; a click on a name chooses one."""
    last = workbench.settings.environments.order[-1]
    names = [model.name for model in models]
    seen = observations(workbench)
    rows = [_row(workbench, model, last, now) for model in models]
    if seen:
        for model, row in zip(models, rows, strict=True):
            row["Observed"] = say_observation(seen.get((model.name, last)))
    st.dataframe(
        {head: [row[head] for row in rows] for head in _heads(rows[0])},
        key=_TABLE,
        hide_index=True,
        height=grid.height(len(rows)),
        column_config={
            "Model": st.column_config.ButtonColumn(
                "Model",
                key=f"{_TABLE}-name",
                type="tertiary",
                alignment="left",
                pinned=True,
                width=150,
                on_click=boundary.guarded(_choose),
                args=(f"{_TABLE}-name", names),
            ),
            "Live": st.column_config.TextColumn(f"Live in {last}"),
            "Over versions": st.column_config.LineChartColumn(
                width=110, help="The metric that most versions have, from the oldest version to the newest."
            ),
        },
        placeholder="",
        alt="Models",
    )
    st.caption("Click a name to see a model's versions.")


def say_contents(model: Model) -> str:
    """Say how many folders a model has, by what they are."""
    parts = [text.count(model.versions, "version")]
    parts += [
        f"{number} {state}"
        for number, state in (
            (model.incomplete, "incomplete"),
            (model.foreign, "foreign"),
            (model.unreadable, "unreadable"),
        )
        if number
    ]
    return " · ".join([*parts, text.size(model.bytes)])


def draw_live(workbench: Workbench, model: str, versions: Sequence[Version]) -> None:
    """Draw what is declared live of a model in each environment, and what the running systems say, where asked."""
    seen = observations(workbench)
    made = {version.version: release_code.tell(version) for version in versions}
    lines = []
    for state in read_environments(workbench, model):
        cell = MatrixCell(state=state, observation=seen.get((model, state.environment)))
        where, live = text.plain(state.environment), state.live.version if state.live else None
        declared = f":green-badge[:material/rocket_launch: {text.plain(live)} live in {where}]" if live else ""
        marks = [
            declared or release_marks.badge("gray", f"nothing live in {state.environment}"),
            release_marks.code(made.get(live, "no record")) if live else "",
            *release_marks.doubts(state),
            *(release_marks.observed(cell) if cell.observation or not seen else [NO_PROBE]),
        ]
        lines.append(" ".join(mark for mark in marks if mark))
    st.markdown("  \n".join(lines))


def say_observation(seen: Observation | None) -> str:
    """Say what was seen, in a few characters; of what was not asked, there is no probe."""
    if seen is None or seen.asked is None:
        return "no probe"
    return _MARKS[seen.state].format(observed=seen.observed or "something else")


def say_metric(metric: str | None, version: Version | None) -> str:
    """Say a version's value of a metric, or an empty text."""
    if version is None or metric is None or metric not in version.metrics:
        return ""
    return f"{metric} {text.number(version.metrics[metric])}"


def _row(workbench: Workbench, model: Model, last: str, now: dt.datetime) -> dict[str, object]:
    versions = [version for version in read_registry_versions(workbench, model.name) if version.state == "recorded"]
    metric = primary_metric((each.metrics for each in versions), judged=workbench.judged_metrics(model.name))
    values = [version.metrics.get(metric, math.nan) for version in reversed(versions)] if metric else []
    state = next(state for state in read_environments(workbench, model.name) if state.environment == last)
    live = state.live.version if state.live else "none"
    return {
        "Model": grid.button_label(model.name),
        "Live": f"{live} (not sure)" if state.doubts else live,
        "Newest": model.newest or "none",
        "Age": text.age(model.newest_at, now) if model.newest_at else "",
        "Versions": model.versions,
        "Incomplete": model.incomplete,
        "Foreign": model.foreign,
        "Unreadable": model.unreadable,
        "Metric": say_metric(metric, versions[0] if versions else None),
        "Over versions": [value for value in values if math.isfinite(value)],
        "Size": text.size(model.bytes),
    }


def _heads(row: Mapping[str, object]) -> list[str]:
    heads = list(row)
    if "Observed" in row:
        heads.remove("Observed")
        heads.insert(heads.index("Live") + 1, "Observed")
    return heads


def _choose(key: str, names: Sequence[str]) -> None:
    st.query_params[keys.MODEL] = names[st.session_state[key]["row"]]
