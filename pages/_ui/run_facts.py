"""What is known of one run, as facts and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from lean_core import clock
from lean_core.runs import Models, Run, RunQuery, reference_of
from lean_core.workbench import Workbench
from pages._ui import boundary, grid, keys, text
from pages._ui.workbench import read_models, read_runs, read_selected

COLOURS: dict[str, Literal["green", "blue", "red", "orange"]] = {
    "FINISHED": "green",
    "RUNNING": "blue",
    "SCHEDULED": "blue",
    "FAILED": "red",
    "KILLED": "red",
    "ABANDONED": "orange",
}
_KINDS = {"code": "made in the code", "spark": "a Spark query"}
"""What a dataset without a place is, by the kind of its source."""
MOST_CHILDREN = 20
MOST_PAIRS = 12
"""More of them scroll."""


def draw_head(run: Run) -> None:
    """Draw the run's name with its status, and the way to others."""
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
        st.space("stretch")
        st.page_link(
            "pages/runs.py",
            label="Compare with…",
            icon=":material/compare_arrows:",
            query_params={keys.SELECTED: run.ref},
            help="Opens the page Runs with this run selected: select others there, then compare.",
        )


def draw_facts(run: Run) -> None:
    """Draw where the run comes from and when it was."""
    started = (
        f"{run.start_time:%Y-%m-%d %H:%M:%S} UTC, {text.age(run.start_time, clock.now())}" if run.start_time else None
    )
    left, right = st.columns(2)
    with left:
        _draw_facts(
            {
                "Experiment": run.experiment and text.plain(run.experiment),
                "Source": text.plain(run.source),
                "User": run.user and text.plain(run.user),
                "Run id": text.code(run.run_id),
            }
        )
    with right:
        _draw_facts(
            {
                "Started": started,
                "Took": None if run.seconds is None else text.duration(run.seconds),
                "Commit": run.commit and text.code(run.commit),
            }
        )


def draw_values(run: Run) -> None:
    """Draw metrics, params, tags and datasets side by side."""
    left, right = st.columns(2)
    with left:
        # As text: a grid leaves NaN out, and takes whole numbers above 2^53 for mistakes.
        _draw_pairs("Metrics", {name: text.number(value) for name, value in run.metrics.items()}, align="right")
        st.subheader("Datasets", anchor=False)
        if run.inputs:
            columns = {
                "Name": [each.name for each in run.inputs],
                "Digest": [each.digest for each in run.inputs],
                "Context": [each.context for each in run.inputs],
                "Source": [reference_of(each) or _KINDS.get(each.source_type or "") for each in run.inputs],
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
        _draw_parent(workbench, run.source, run.parent_run_id)
    children = read_runs(
        workbench,
        RunQuery(parent=run.run_id, sources=(run.source,), limit=MOST_CHILDREN, descending=False),
    )
    if children.total:
        _draw_children(run, children.runs, children.total)
    _draw_models(read_models(workbench, run))


def _draw_facts(facts: Mapping[str, str | None]) -> None:
    """Draw facts that are Markdown already."""
    st.markdown("  \n".join(f":gray[{name}] {said or ':gray[not recorded]'}" for name, said in facts.items()))


def _draw_parent(workbench: Workbench, source: str, run_id: str) -> None:
    found = read_selected(workbench, (f"{source}:{run_id}",))
    if found:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("Child of", width="content")
            _open_button(found[0], ":material/arrow_upward:")
    else:
        st.caption(f"Child of {text.code(run_id)}, which was not imported.")


def _draw_children(run: Run, children: Sequence[Run], total: int) -> None:
    more = f", the first {len(children)} of them" if total > len(children) else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{text.count(total, 'child run')}{more}:", width="content")
        for child in children:
            _open_button(child)
        name = run.run_id.replace("'", "''")
        st.page_link(
            "pages/runs.py",
            label="Show as a table",
            icon=":material/table_rows:",
            query_params={keys.FILTER: f"parent = '{name}'", keys.SOURCES: run.source},
        )


def _open_button(run: Run, icon: str | None = None) -> None:
    """Draw a button to another run. A link from a page to itself would leave the browser's URL as it was."""
    st.button(text.plain(run.title), key=f"open-run-{run.ref}", icon=icon, on_click=_open, args=(run.ref,))


@boundary.guarded
def _open(ref: str) -> None:
    st.query_params[keys.SELECTED] = ref
    st.query_params.pop(keys.ARTIFACT, None)


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


def _draw_pairs(title: str, values: Mapping[str, str | None], *, align: Literal["left", "right"] = "left") -> None:
    st.subheader(title, anchor=False)
    if not values:
        st.caption(f"The run logged no {title.lower()}.")
        return
    names = sorted(values)
    st.dataframe(
        {"Key": names, "Value": [values[name] for name in names]},
        hide_index=True,
        height="content" if len(names) <= MOST_PAIRS else 400,
        column_config={
            "Key": st.column_config.TextColumn(width=grid.key_width(names)),
            "Value": st.column_config.TextColumn(alignment=align),
        },
        placeholder="",
        alt=title,
    )
