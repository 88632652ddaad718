"""Making a workspace in the background: of what lies in a folder, or of the demo."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.errors import SettingsError
from lean_core.settings import create_settings
from pages._ui import boundary, jobs, keys, sync, text
from pages._ui.workbench import is_workspace, open_folder, start_folder

if TYPE_CHECKING:
    from lean_core.runs import Detected, SyncReport

DEMO = "demo"
"""The demo's folder, in the start folder."""


@boundary.guarded
def use_folder(folder: Path) -> None:
    """Make a workspace of a folder in the background; the page follows it."""
    _follow(folder, lambda tell: _use_folder(folder, tell))


@boundary.guarded
def make_demo() -> None:
    """Make the demo workspace in the background; the page follows it."""
    folder = start_folder() / DEMO
    _follow(folder, lambda tell: _make_demo(folder, tell))


@boundary.guarded
def open_existing(folder: Path) -> None:
    """Open a workspace that is there."""
    open_folder(folder)


def _follow(folder: Path, work: jobs.Work) -> None:
    if is_workspace(folder) and not jobs.running(folder):
        open_folder(folder)
        return
    jobs.start(folder, work, says="Starting")
    st.session_state[keys.SETUP] = str(folder)


def look(folder: Path) -> Detected:
    """Look what lies in a folder that a workspace can be made of."""
    from lean_core.runs import detect

    return detect(folder, tracking_uri=os.environ.get("MLFLOW_TRACKING_URI"))


def _use_folder(folder: Path, tell: jobs.Tell) -> Sequence[SyncReport]:
    _write_settings(look(folder))
    return sync.sync(folder, None, tell)


def _make_demo(folder: Path, tell: jobs.Tell) -> Sequence[SyncReport]:
    from lean_core.demo import create_demo

    create_demo(folder, progress=lambda says, done: tell(jobs.Step(says=text.plain(says), done=done)))
    return sync.sync(folder, None, tell)


def _write_settings(found: Detected) -> None:
    from lean_core.runs import starter_toml

    # Whoever was faster, perhaps `lean-mlops init`, wrote what counts.
    with contextlib.suppress(SettingsError):
        create_settings(found.folder, starter_toml(found))


def followed() -> jobs.Job | None:
    """Return the job that makes this session's workspace, while it runs; when it has ended, open what it made."""
    if keys.SETUP not in st.session_state:
        return None
    folder = Path(st.session_state[keys.SETUP])
    if job := jobs.running(folder):
        return job
    del st.session_state[keys.SETUP]
    if job := jobs.newest(folder):
        boundary.notify(*(("error", job.problem) if job.problem else sync.summarize(job.reports)))
    if is_workspace(folder):
        open_folder(folder)
    return st.rerun()
