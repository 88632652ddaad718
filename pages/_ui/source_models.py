"""What is registered in the sources' own model registries, such as MLflow's: not the registry of the workspace."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lean_core.runs import ListedVersion
from lean_core.workbench import Workbench
from pages._ui import boundary, grid, keys, text
from pages._ui.workbench import read_registered_versions

ROWS_A_PAGE = 50
_TURNED = "source-models-page"


def draw(workbench: Workbench) -> None:
    """Draw one page of the versions, each with the way to the run that made it."""
    page = st.session_state.get(_TURNED) or 1
    found = read_registered_versions(workbench, ROWS_A_PAGE, (page - 1) * ROWS_A_PAGE)
    if found.total and not found.versions:  # fewer than before
        found = read_registered_versions(workbench, ROWS_A_PAGE, 0)
    if not found.total:
        st.caption("No source has a registered model. `mlflow.register_model` makes one; then sync.")
        return
    key = f"{keys.OPEN}-registered"
    st.dataframe(
        [_row(version) for version in found.versions],
        key=f"source-models-{page}",
        hide_index=True,
        height=grid.height(len(found.versions)),
        column_config={
            "Run": st.column_config.ButtonColumn(
                key=key,
                type="tertiary",
                alignment="left",
                on_click=_open,
                args=(key, [version.ref for version in found.versions]),
            ),
            "Created (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
        },
        placeholder="",
        alt="MLflow models",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"{text.count(found.total, 'registered version')}, as of the last sync, in the sources' own registries. "
            "Click a run to open it. Into the registry of this workspace: "
            "`lean-mlops register MODEL VERSION --from-mlflow NAME`.",
            width="content",
        )
        if found.total > ROWS_A_PAGE:
            st.space("stretch")
            st.pagination(-(-found.total // ROWS_A_PAGE), key=_TURNED, width=320)


def _row(version: ListedVersion) -> dict[str, object]:
    return {
        "Model": version.model,
        "Version": version.version,
        "Stage": version.stage if version.stage != "None" else None,
        "Aliases": ", ".join(version.aliases),
        "Run": version.run and grid.button_label(version.run),
        "Source": version.source,
        "Created (UTC)": version.created_at,
    }


@boundary.guarded
def _open(key: str, refs: Sequence[str | None]) -> None:
    if ref := refs[st.session_state[key]["row"]]:
        st.session_state[keys.OPEN] = ref
