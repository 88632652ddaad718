"""Syncs in the background, and what they said at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import boundary, jobs, text

if TYPE_CHECKING:
    from lean_core.runs import SyncProgress, SyncReport

_COUNTS = {
    "Imported": "Runs that were not known before",
    "Changed": "Runs that the source changed since the last sync",
    "Unchanged": "Runs that are as they were at the last sync",
    "Deleted": "Runs newly found deleted at the source or gone from it; they stay here, marked",
    "Gone": "Those of the deleted that the source no longer has at all",
}
_RESULTS = {"ok": "synced", "unchanged": "nothing changed"}
_PHASES = {"looking": "looking for what changed", "importing": "importing", "finishing": "putting in place"}


def start(folder: Path, sources: Sequence[str] | None = None) -> jobs.Job:
    """Sync sources of a workspace (None: all) in the background, or join the job that is at work on it."""
    return jobs.start(folder, lambda tell: sync(folder, sources, tell), says="Starting the sync")


def sync(folder: Path, sources: Sequence[str] | None, tell: jobs.Tell) -> Sequence[SyncReport]:
    """Sync, telling the progress: the part of a job that another job may be made of."""
    from lean_core.workbench import Workbench

    return Workbench.open(folder).sync(sources, progress=lambda progress: tell(_step(progress)))


def _step(progress: SyncProgress) -> jobs.Step:
    phase = _PHASES.get(progress.phase, progress.phase)
    if progress.phase != "importing":
        return jobs.Step(says=f"{text.code(progress.source)} · {phase}")
    says = f"{text.code(progress.source)} · {phase} {text.count(progress.runs, 'run')}"
    return jobs.Step(says=says, done=progress.done, seconds_left=progress.seconds_left)


def summarize(reports: Sequence[SyncReport]) -> tuple[boundary.Level, str]:
    """Say in one sentence how a sync went."""
    failed = [report for report in reports if report.state == "failed"]
    seconds = text.duration(sum(report.seconds for report in reports))
    counts = {
        "new run": sum(report.imported for report in reports),
        "changed run": sum(report.changed for report in reports),
        "deleted run": sum(report.deleted for report in reports),
    }
    news = ", ".join(text.count(number, noun) for noun, number in counts.items() if number) or "nothing new"
    synced = f"Synced {text.count(len(reports) - len(failed), 'source')} in {seconds}: {news}."
    if not failed:
        return "success", synced
    names = ", ".join(text.code(report.source) for report in failed)
    could_not = f"Could not sync {names}: the page Workspace says why."
    return "warning", could_not if len(failed) == len(reports) else f"{synced} {could_not}"


def draw_reports(reports: Sequence[SyncReport]) -> None:
    """Draw what a sync did, source by source; why one failed is said where the source is drawn."""
    st.dataframe(
        [_row(report) for report in reports],
        column_config={
            name: st.column_config.NumberColumn(format="localized", help=why) for name, why in _COUNTS.items()
        },
        hide_index=True,
        placeholder="–",  # noqa: RUF001 - a dash
        alt="What the last sync did",
    )


def _row(report: SyncReport) -> dict[str, str | int | None]:
    source = {"Source": report.source, "Result": _RESULTS.get(report.state, report.state)}
    took = {"Took": text.duration(report.seconds)}
    if report.state == "failed":
        return {**source, **dict.fromkeys(_COUNTS), "Skipped": None, **took}
    counts = (report.imported, report.changed, report.unchanged, report.deleted, report.gone)
    skipped = ", ".join(f"{number:,} {kind}" for kind, number in report.skipped.items()) or "nothing"
    return {**source, **dict(zip(_COUNTS, counts, strict=True)), "Skipped": skipped, **took}
