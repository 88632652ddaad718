"""What the sections of the page *Compare* share: the runs, what they are called, and which is the baseline."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lean_core.runs import Run, letters
from lean_core.workbench import Workbench
from pages._ui import grid, keys, text
from pages._ui.workbench import read_selected


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
    refs = [run.ref for run in runs]
    named = tuple(letters(len(runs)))
    chosen = st.query_params.get(keys.BASELINE)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        at = st.selectbox(
            "Baseline",
            range(len(runs)),
            index=refs.index(chosen) if chosen in refs else 0,
            format_func=lambda at: f"{named[at]}  {runs[at].title}",
            help="The run that the others are held against.",
            width=360,
        )
        everything = st.toggle("Show what does not differ, too", key=keys.EVERYTHING, bind="query-params")
    if refs[at] != chosen:
        st.query_params[keys.BASELINE] = refs[at]
    return Compared(workbench=workbench, runs=runs, letters=named, baseline=at, everything=everything)


def draw_runs(compared: Compared) -> None:
    """Draw the runs themselves."""
    runs = compared.runs
    st.dataframe(
        {
            "": list(compared.letters),
            "Run": [run.title for run in runs],
            "Status": [run.status for run in runs],
            "Started (UTC)": [run.start_time for run in runs],
            "Seconds": [run.seconds for run in runs],
            "Experiment": [run.experiment for run in runs],
            "Source": [run.source for run in runs],
            "Commit": [run.commit and run.commit[:10] for run in runs],
        },
        hide_index=True,
        column_config={"Started (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")},
        height=grid.height(len(runs)),
        placeholder="",
        alt="Compared runs",
    )
