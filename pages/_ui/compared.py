"""What the sections of the page *Compare* share: the runs, what they are called, and which is the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lean_core.runs import Run, letters
from lean_core.workbench import Workbench
from pages._ui import boundary, grid, keys, text
from pages._ui.workbench import read_selected

LONGEST_HEAD = 24
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The runs of this page."""

    workbench: Workbench
    runs: tuple[Run, ...]
    letters: tuple[str, ...]
    """A short name each, for the heads of columns."""
    baseline: int
    """Which run the others are held against."""
    everything: bool
    """Whether what does not differ is shown too."""

    def label(self, at: int) -> str:
        """Return the head of a run's column."""
        return f"{self.letters[at]}  {self.runs[at].title}"

    @property
    def labels(self) -> list[str]:
        """Return the heads of all columns."""
        return [self.label(at) for at in range(len(self.runs))]

    def short_label(self, at: int) -> str:
        """Return what a column's head shows of its label: on a telephone a long one is wider than the window."""
        label = self.label(at)
        return label if len(label) <= LONGEST_HEAD else f"{label[: LONGEST_HEAD - 1]}…"


def draw_head(workbench: Workbench) -> Compared | None:
    """Draw which runs are compared and let a person choose the baseline; None where there are too few."""
    wanted = tuple(dict.fromkeys(st.query_params.get_all(keys.SELECTED)))
    runs = tuple(read_selected(workbench, wanted))
    st.page_link(
        "pages/runs.py", label="Back to the runs", icon=":material/arrow_back:", query_params={keys.SELECTED: wanted}
    )
    st.title(f"Compare {text.count(len(runs), 'run')}", anchor=False)
    missing = [ref for ref in wanted if ref not in {run.ref for run in runs}]
    if missing:
        st.warning(f"Not here any more: {', '.join(map(text.code, missing))}.", icon=":material/warning:")
    if len(runs) < 2:  # noqa: PLR2004 - one run differs from nothing
        st.info("Select two or more runs on the page Runs, then compare them here.")
        return None
    for run in runs:
        if run.gone_at is not None:
            st.caption(f"{text.plain(run.title)} is gone from the source: this is what was imported last.")
    named = tuple(letters(len(runs)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        at = _choose_baseline(runs, named)
        everything = st.toggle("Show what does not differ, too", key=keys.EVERYTHING, bind="query-params")
    return Compared(workbench=workbench, runs=runs, letters=named, baseline=at, everything=everything)


def _choose_baseline(runs: Sequence[Run], named: Sequence[str]) -> int:
    """Let a person choose the baseline; the URL holds its reference, so the selectbox is not bound to it.

    Bound, it would hold what is shown: a letter and a name, which another run may have after the next sync.
    """
    refs = [run.ref for run in runs]
    asked = st.query_params.get(keys.BASELINE)
    at = refs.index(asked) if asked in refs else 0
    key = f"{keys.BASELINE}-{refs[at]}"
    return st.selectbox(
        "Baseline",
        range(len(runs)),
        index=at,
        format_func=lambda at: f"{named[at]}  {runs[at].title}",
        help="The run that the others are held against.",
        width=360,
        key=key,
        on_change=_set_baseline,
        args=(key, refs),
    )


@boundary.guarded
def _set_baseline(key: str, refs: Sequence[str]) -> None:
    st.query_params[keys.BASELINE] = refs[st.session_state[key]]


def draw_runs(compared: Compared) -> None:
    """Draw the runs themselves; a click on a name opens the run."""
    runs = compared.runs
    key = f"{keys.OPEN}-compared"
    st.dataframe(
        {
            "": list(compared.letters),
            "Run": [grid.button_label(run.title) for run in runs],
            "Status": [run.status for run in runs],
            "Started (UTC)": [run.start_time for run in runs],
            "Seconds": [run.seconds for run in runs],
            "Experiment": [run.experiment for run in runs],
            "Source": [run.source for run in runs],
            "Commit": [run.commit and run.commit[:10] for run in runs],
        },
        hide_index=True,
        column_config={
            "": st.column_config.TextColumn(width=40, pinned=True),
            "Run": st.column_config.ButtonColumn(
                key=key,
                type="tertiary",
                alignment="left",
                on_click=_open,
                args=(key, [run.ref for run in runs]),
            ),
            "Started (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
            "Seconds": st.column_config.NumberColumn(format="%.1f"),
        },
        height=grid.height(len(runs)),
        placeholder="",
        alt="Compared runs",
    )


@boundary.guarded
def _open(key: str, refs: Sequence[str]) -> None:
    st.session_state[keys.OPEN] = refs[st.session_state[key]["row"]]
