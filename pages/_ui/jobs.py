"""Long work in the background of the server: it goes on when its page is left, and a second click joins it.

A job belongs to the folder of the workspace that it writes to, and a folder has one job at a time. Every session sees
the same jobs; the last one of a folder stays, with its reports, until the next.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import streamlit as st

from pages._ui import boundary, text

if TYPE_CHECKING:
    from lean_core.runs import SyncReport

REFRESH_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a job is."""

    says: str
    """Markdown; what comes from outside in it has gone through `text`."""
    done: float | None = None
    """From 0 to 1, where that is known."""
    seconds_left: float | None = None


Tell = Callable[[Step], None]
Work: TypeAlias = "Callable[[Tell], Sequence[SyncReport]]"
"""What a job does: it is given where to tell its progress. Every job ends with a sync, and returns its reports."""

_numbers = itertools.count(1)


class Job:
    """Work that has been started."""

    def __init__(self, work: Work, *, says: str) -> None:
        """Start it. ``says`` is shown until it tells its first step."""
        self.number = next(_numbers)
        self.step = Step(says=says)
        self.reports: Sequence[SyncReport] = ()
        self.problem: str | None = None
        """Why it failed, in Markdown."""
        self._ended = threading.Event()
        # A daemon: stopping the server must not wait for a sync, which may be interrupted at any moment.
        threading.Thread(target=self._run, args=(work,), name=f"job-{self.number}", daemon=True).start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return not self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, so long at most, and say whether it came."""
        return self._ended.wait(seconds)

    def _run(self, work: Work) -> None:
        try:
            self.reports = work(self._tell)
        except Exception as error:  # noqa: BLE001 - nobody is above this thread to catch it
            self.problem = boundary.explain(error)
        finally:
            self._ended.set()

    def _tell(self, step: Step) -> None:
        self.step = step


class _Jobs:
    """The newest job of each folder."""

    def __init__(self) -> None:
        self.newest: dict[Path, Job] = {}
        self.lock = threading.Lock()


@st.cache_resource(show_spinner=False)
def _jobs() -> _Jobs:
    return _Jobs()


def start(folder: Path, work: Work, *, says: str) -> Job:
    """Start work on a folder, or return the job that is already at work there."""
    jobs = _jobs()
    with jobs.lock:
        job = jobs.newest.get(folder)
        if job is None or not job.running:
            job = jobs.newest[folder] = Job(work, says=says)
        return job


def newest(folder: Path) -> Job | None:
    """Return the folder's job, running or ended, or None: there was none since the server started."""
    return _jobs().newest.get(folder)


def running(folder: Path) -> Job | None:
    """Return the folder's job while it is at work."""
    job = newest(folder)
    return job if job is not None and job.running else None


@boundary.fragment(run_every=REFRESH_SECONDS)
def watch(job: Job) -> None:
    """Draw a running job's progress, live; run the page again when the job has ended."""
    if not job.running:
        st.rerun()
    step = job.step
    left = f" · about {text.duration(step.seconds_left)} left" if step.seconds_left is not None else ""
    if step.done is None:
        st.markdown(f":material/progress_activity: {step.says}{left}")
    else:
        st.progress(min(max(step.done, 0.0), 1.0), text=f"{step.says}{left}")
