"""What is known of one run, as facts and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from lean_core import clock
from lean_core.runs import Models, Run, RunQuery
from lean_core.workbench import Workbench
from pages._ui import grid, keys, text
from pages._ui.workbench import read_models, read_runs

COLOURS: dict[str, Literal["green", "blue", "red", "orange"]] = {
    "FINISHED": "green",
    "RUNNING": "blue",
    "SCHEDULED": "blue",
    "FAILED": "red",
    "KILLED": "red",
    "ABANDONED": "orange",
}
MOST_CHILDREN = 50
MOST_PAIRS = 12
"""More of them scroll."""


def draw_head(run: Run) -> None:
    """Draw the run's name with its status."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(text.plain(run.title), anchor=False, width="content")
        if run.status is None:
            st.badge("status unknown", color="gray")
        else:
            st.badge(run.status, color=COLOURS[run.status])
        if run.gone_at is not None:
            st.badge(f"gone from the source since {run.gone_at:%Y-%m-%d}", color="orange")
        elif run.lifecycle == "deleted":
            st.badge("deleted at the source", color="orange")


def draw_facts(run: Run) -> None:
    """Draw where the run comes from and when it was."""
    started = (
        f"{run.start_time:%Y-%m-%d %H:%M:%S} UTC, {text.age(run.start_time, clock.now())}" if run.start_time else None
    )
    facts = {
        "Run id": run.run_id,
        "Source": run.source,
        "Experiment": run.experiment,
        "Started": started,
        "Took": None if run.seconds is None else text.duration(run.seconds),
        "User": run.user,
        "Commit": run.commit,
        "Artifacts": run.artifact_uri,
    }
    st.markdown(
        "  \n".join(f"**{name}**: {text.code(said) if said else 'not recorded'}" for name, said in facts.items())
    )


def draw_values(run: Run) -> None:
    """Draw metrics, params, tags and datasets side by side."""
    left, right = st.columns(2)
    with left:
        _draw_pairs("Metrics", run.metrics, number=True)
        st.subheader("Datasets", anchor=False)
        if run.inputs:
            columns = {
                "name": [each.name for each in run.inputs],
                "digest": [each.digest for each in run.inputs],
                "context": [each.context for each in run.inputs],
                "source": [each.source for each in run.inputs],
            }
            st.dataframe(columns, hide_index=True, placeholder="", alt="Datasets", height=grid.height(len(run.inputs)))
        else:
            st.caption("The run did not say which data it read: `mlflow.log_input` does.")
    with right:
        _draw_pairs("Params", run.params)
        _draw_pairs("Tags", run.tags)


def draw_relatives(workbench: Workbench, run: Run) -> None:
    """Draw the run's parent and children, and the models that came out of it."""
    if run.parent_run_id:
        st.page_link(
            "pages/run.py",
            label=f"Parent run {text.code(run.parent_run_id[:8])}",
            icon=":material/arrow_upward:",
            query_params={keys.SELECTED: f"{run.source}:{run.parent_run_id}"},
        )
    children = read_runs(
        workbench,
        RunQuery(parent=run.run_id, sources=(run.source,), limit=MOST_CHILDREN, descending=False),
    )
    if children.total:
        st.caption(f"{text.count(children.total, 'child run')} of it:")
        with st.container(horizontal=True, gap="small"):
            for child in children.runs:
                st.page_link("pages/run.py", label=text.plain(child.title), query_params={keys.SELECTED: child.ref})
    _draw_models(read_models(workbench, run))


def _draw_models(models: Models) -> None:
    for version in models.registered:
        said = [f"stage {version.stage}"] if version.stage and version.stage != "None" else []
        said += [f"alias {alias}" for alias in version.aliases]
        st.markdown(
            f":material/deployed_code: Registered as {text.code(version.model)} version {text.code(version.version)}"
            + (f" ({text.plain(', '.join(said))})" if said else "")
        )
    for model in models.logged:
        st.markdown(
            f":material/deployed_code: Logged model {text.code(model.name or model.model_id)}"
            f" ({text.plain(model.status or 'status unknown')})"
        )


def _draw_pairs(title: str, values: Mapping[str, float | str | None], *, number: bool = False) -> None:
    st.subheader(title, anchor=False)
    if not values:
        st.caption(f"The run logged no {title.lower()}.")
        return
    names = sorted(values)
    config = {"value": st.column_config.NumberColumn(format="%.6g")} if number else {}
    st.dataframe(
        {"key": names, "value": [values[name] for name in names]},
        hide_index=True,
        height="content" if len(names) <= MOST_PAIRS else 400,
        column_config=config,
        placeholder="",
        alt=title,
    )
