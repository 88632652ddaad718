"""Bring in what people have: a file is read, its columns are mapped, and what would happen is shown before it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.debt import FIELDS
from pages._ui import actor, boundary, debt_grid, debt_reading, keys, text

if TYPE_CHECKING:
    from lean_core.debt.exchange import Plan, Table
    from lean_core.workbench import Workbench

_LEFT_OUT = "(leave out)"
LARGEST = 2
"""Megabytes of a file."""


def draw(workbench: Workbench) -> None:
    """Draw the file, the mapping, and the plan."""
    st.caption(
        "A CSV, a Markdown file (tables, headings with bold labels, attribute tables), a decision record, or JSON."
        " Nothing is kept before you say so."
    )
    uploaded = st.file_uploader(
        "File", type=["csv", "tsv", "md", "markdown", "txt", "json"], key=keys.DEBT_FILE, max_upload_size=LARGEST
    )
    if uploaded is None:
        return
    with boundary.catch_errors():
        from lean_core.debt.exchange import plan_import

        table = workbench.read_debt_file(uploaded.name, uploaded.getvalue())
        mapping = _draw_mapping(table)
        plan = plan_import(table, mapping, debt_reading.read_items(workbench))
        _draw_plan(plan)
        writes = len(plan.new) + len(plan.changed)
        st.button(
            f"Import {text.count(writes, 'item')}",
            key="import-debt",
            type="primary",
            icon=":material/download:",
            disabled=not writes,
            on_click=_import,
            args=(workbench, plan),
        )


def _draw_mapping(table: Table) -> Mapping[str, str | None]:
    from lean_core.debt.exchange import guess_mapping

    guessed = guess_mapping(table)
    rows = text.count(len(table.rows), "row")
    st.markdown(f"Read as **{table.kind}**: {rows}. Which column is which field?")
    chosen: dict[str, str | None] = {}
    with st.grid(4, min_column_width=180):
        for column in table.columns:
            options = [_LEFT_OUT, *FIELDS, "id"]
            at = options.index(guessed.get(column) or _LEFT_OUT) if (guessed.get(column) or _LEFT_OUT) in options else 0
            picked = st.selectbox(text.plain(column), options, index=at, key=f"map-{table.kind}-{column}")
            chosen[column] = None if picked == _LEFT_OUT else picked
    return chosen


def _draw_plan(plan: Plan) -> None:
    with st.grid(4, min_column_width=120):
        st.metric("New", len(plan.new), border=True)
        st.metric("Changed", len(plan.changed), border=True)
        st.metric("As they are", len(plan.same), border=True)
        st.metric("Refused", len(plan.refused), border=True)
    rows = [
        {
            "What": "new",
            "ID": draft.id or "next free",
            "Title": str(draft.fields.get("title", "")),
            "Line": draft.line,
            "Not understood": " ".join(problem.sentence for problem in draft.problems),
        }
        for draft in plan.new
    ]
    rows += [
        {
            "What": "changed",
            "ID": each.item.id,
            "Title": each.item.title,
            "Line": each.draft.line,
            "Not understood": f"changes {', '.join(each.changes)}",
        }
        for each in plan.changed
    ]
    if rows:
        st.dataframe(rows, hide_index=True, alt="What the import would do")
    for merged in plan.merged:
        st.markdown(f":material/merge: {text.plain(merged.sentence)}")
    for refused in plan.refused:
        st.markdown(f":red[:material/block: line {refused.line}: {text.plain(refused.reason)}]")
    for note in plan.notes:
        st.markdown(text.small(f":material/info: {text.plain(note)}"))


@boundary.guarded
def _import(workbench: Workbench, plan: Plan) -> None:
    report = workbench.import_debt(plan, actor=actor.name())
    debt_grid.begin_anew()
    debt_reading.forget()
    if report.conflicts:
        first = report.conflicts[0]
        boundary.notify(
            "warning",
            f"Nothing was imported: {text.plain(first.by)} changed {text.code(first.field)} of {text.plain(first.id)}"
            " since the file was written. Export the log anew, and make your changes there.",
        )
        return
    added, changed = text.count(len(report.added), "new item"), len(report.changed)
    boundary.notify("success", f"Imported {added}, and changed {changed}.")
