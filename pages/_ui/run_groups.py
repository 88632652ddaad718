"""Runs in groups that agree in all params but some, such as the seed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lean_core.runs import MOST_GROUPS, RunQuery, group_table
from lean_core.workbench import Workbench
from pages._ui import grid, keys, text
from pages._ui.workbench import read_groups

MOST_METRICS = 4
_COLUMNS_A_METRIC = 3
_USUAL = ("seed", "random_state", "random_seed", "fold")


def draw(workbench: Workbench, query: RunQuery, known: Mapping[str, tuple[str, ...]]) -> None:
    """Draw the groups with mean, standard deviation and count of each metric."""
    left, right = st.columns(2)
    but = left.multiselect(
        "Same in all params but",
        known["param"],
        default=[name for name in _USUAL if name in known["param"]],
        key=keys.BUT,
        bind="query-params",
        help="Runs that agree in every other param are one group.",
    )
    metrics = right.multiselect(
        "Metrics", known["metric"], default=known["metric"][:MOST_METRICS], key=keys.METRICS, bind="query-params"
    )
    groups = read_groups(workbench, query, tuple(but), tuple(metrics))
    several = sum(group.n > 1 for group in groups)
    largest = "The largest " if len(groups) == MOST_GROUPS else ""
    st.caption(
        f"{largest}{text.count(len(groups), 'group')}, {several:,} of them with more than one run. sd is the standard "
        "deviation with n - 1 in the denominator; one run shows no spread, and NaN and infinities are not counted in n."
    )
    table = group_table(groups, metrics)
    size, *names = table.column_names
    params = names[len(metrics) * _COLUMNS_A_METRIC :]
    measured = {f"{metric} {what}" for metric in metrics for what in ("mean", "sd")}
    st.dataframe(
        table,
        hide_index=True,
        # What a group is comes first: nothing else is in view on a telephone.
        column_order=[size, *params, *(name for name in names if name not in params)],
        height=grid.height(len(groups)),
        column_config={name: grid.number_column(name, table[name].to_pylist()) for name in measured},
        placeholder="",
        alt="Groups of runs",
    )
