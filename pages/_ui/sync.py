"""Syncs in the background, and what they said at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import boundary, jobs, text

if TYPE_CHECKING:
    from lean_core.runs import SyncProgress, SyncReport

_COUNTS = ("Imported", "Changed", "Unchanged", "Deleted", "Of these gone")
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
    """Draw what a sync did, source by source."""
    for report in reports:
        if report.error:
            boundary.show("warning", f"{text.code(report.source)} {text.plain(report.error)}")
    st.dataframe(
        [
            {
                "Source": report.source,
                "Result": {"ok": "synced", "unchanged": "nothing changed"}.get(report.state, report.state),
                "Imported": report.imported,
                "Changed": report.changed,
                "Unchanged": report.unchanged,
                "Deleted": report.deleted,
                "Of these gone": report.gone,
                "Skipped": ", ".join(f"{number:,} × {kind}" for kind, number in report.skipped.items()) or "nothing",
                "Took": text.duration(report.seconds),
            }
            for report in reports
        ],
        column_config={name: st.column_config.NumberColumn(format="localized") for name in _COUNTS},
        hide_index=True,
        alt="What the last sync did",
    )
