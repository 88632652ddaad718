"""A version's record: its state, its fields, its metrics, and its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import streamlit as st

from lean_core import clock
from lean_core.registry import Record, Version
from pages._ui import grid, keys, registry_versions, text
from pages._ui.workbench import read_environments, read_selected

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

Colour = Literal["green", "blue", "red", "orange", "gray"]
_STATES: dict[str, Colour] = {"recorded": "blue", "incomplete": "orange", "foreign": "gray", "unreadable": "red"}
_SHORT = 12


def draw_head(workbench: Workbench, version: Version) -> None:
    """Draw the version's name with what is most important of it."""
    live = registry_versions.live_in(workbench, version)
    doubts = any(state.doubts for state in read_environments(workbench, version.model))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(f"{text.plain(version.model)} {text.plain(version.version)}", anchor=False, width="content")
        for environment in live:
            st.badge(f"live in {text.plain(environment)}", color="green", icon=":material/rocket_launch:")
        if not live:
            st.badge("not live", color="gray")
        if doubts:
            st.badge("the trail has files that can't be read", color="orange")
        st.badge(version.state, color=_STATES[version.state])
        dirty = registry_versions.say_dirty(version)
        if version.record and dirty != "clean":
            orange = dirty == "dirty"
            st.badge("dirty" if orange else "dirty or clean: not known", color="orange" if orange else "gray")
    if version.problem:
        st.warning(f"{text.plain(version.problem)}.", icon=":material/warning:")


def draw_fields(workbench: Workbench, version: Version) -> None:
    """Draw what the record says."""
    record = version.record
    if record is None:
        return
    left, right = st.columns(2)
    with left:
        _draw_facts({"Artifact": _artifact(record), "Code": _code(record), "Data": _data(record)})
    with right:
        _draw_facts(
            {
                "Owner": record.owner and text.plain(record.owner),
                "Note": record.note and text.plain(record.note),
                "Registered": _made(record),
                "Environment": _environment(record),
            }
            | ({"Adopted": _adopted(record)} if record.adopted else {})
            | ({"From MLflow": _mlflow(record)} if record.mlflow else {})
        )
    _draw_run(workbench, record)
    if record.params:
        with st.expander(f"Params ({len(record.params)})"):
            _draw_pairs("Params", {name: str(value) for name, value in record.params.items()})


def draw_metrics(version: Version) -> None:
    """Draw the values of the metrics file."""
    if version.metrics:
        _draw_pairs("Metrics", {name: text.number(value) for name, value in version.metrics.items()}, align="right")
    elif version.record is None:
        st.caption("None are known of a version without a record.")
    elif not version.metrics_problem:
        st.caption("It has no metrics: `lean-mlops register … --metrics FILE` adds them to the next version.")
    if version.metrics_problem:
        st.warning(f"{text.plain(version.metrics_problem)}.", icon=":material/warning:")


def draw_raw(version: Version) -> None:
    """Draw the record's file as it lies there."""
    if version.content:
        with st.expander("version.json", icon=":material/data_object:"):
            st.code(version.content.decode("utf-8", errors="replace"), language=None, height="content", wrap_lines=True)


def _made(record: Record) -> str | None:
    by = f" by {text.plain(record.created_by)}" if record.created_by else ""
    at = record.created_at
    return f"{at:%Y-%m-%d %H:%M} UTC, {text.age(at, clock.now())}{by}" if at else None


def _artifact(record: Record) -> str | None:
    artifact = record.artifact
    if artifact is None:
        return None
    size = f" {text.size(artifact.bytes)}" if artifact.bytes is not None else ""
    kind = f" {text.plain(artifact.format)}" if artifact.format else ""
    digest = f" sha256 {text.code(artifact.sha256[:_SHORT])}" if artifact.sha256 else " without a hash"
    return f"{text.code(artifact.path)}{kind}{size}{digest}"


def _code(record: Record) -> str | None:
    code = record.code
    if code is None or not (code.commit or code.repo):
        return None
    commit = text.code(code.commit[:_SHORT]) if code.commit else "commit not recorded"
    state = {True: ", with changes that no commit has", False: ", clean", None: ", dirty or clean: not known"}
    return commit + state[code.dirty] + (f", of {text.code(code.repo)}" if code.repo else "")


def _data(record: Record) -> str | None:
    return ", ".join(f"{text.plain(each.name)} = {text.code(each.ref or 'not said where')}" for each in record.data)


def _environment(record: Record) -> str | None:
    environment = record.environment
    if environment is None:
        return None
    lock = f"lock file {text.code(environment.lockfile)}" if environment.lockfile else "no lock file"
    return f"Python {text.plain(environment.python or 'not recorded')}, {lock}"


def _adopted(record: Record) -> str:
    return f"a folder that was there before: {text.plain(record.adopted.kind)}" if record.adopted else ""


def _mlflow(record: Record) -> str:
    version = record.mlflow
    if version is None:
        return ""
    aliases = f", alias {text.plain(', '.join(version.aliases))}" if version.aliases else ""
    return f"{text.plain(version.model)} {text.plain(version.version)} of {text.plain(version.source)}{aliases}"


def _draw_run(workbench: Workbench, record: Record) -> None:
    if record.run is None:
        return
    ref = f"{record.run.source}:{record.run.run_id}"
    found = read_selected(workbench, (ref,))
    if found:
        title = text.plain(found[0].title)
        query = {keys.SELECTED: ref}
        st.page_link("pages/run.py", label=f"Run {title}", icon=":material/table_rows:", query_params=query)
    else:
        st.caption(f"It came out of run {text.code(ref)}, which is not imported here: `lean-mlops sync`.")


def _draw_facts(facts: Mapping[str, str | None]) -> None:
    """Draw facts that are Markdown already."""
    st.markdown("  \n".join(f":gray[{name}] {said or ':orange[missing]'}" for name, said in facts.items()))


def _draw_pairs(title: str, values: Mapping[str, str], *, align: Literal["left", "right"] = "left") -> None:
    st.dataframe(
        {"Key": list(values), "Value": list(values.values())},
        hide_index=True,
        height=grid.height(len(values)),
        column_config={"Value": st.column_config.TextColumn(alignment=align)},
        placeholder="",
        alt=title,
    )
