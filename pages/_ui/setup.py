"""Making a workspace in the background: of what lies in a folder, or of the demo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.errors import UnavailableError
from lean_core.settings import FILE_NAME
from pages._ui import boundary, jobs, keys, sync, text
from pages._ui.workbench import is_workspace, open_folder, start_folder

if TYPE_CHECKING:
    from lean_core.runs import SyncReport

DEMO = "demo"
"""The demo's folder, in the start folder."""


@boundary.guarded
def use_folder(folder: Path) -> None:
    """Make a workspace of a folder in the background; the page follows it."""
    _follow(folder, lambda tell: _settle(folder, tell))


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
    if is_workspace(folder) and jobs.newest(folder) is None:
        open_folder(folder)
        return
    jobs.start(folder, work, says="Starting")
    st.session_state[keys.SETUP] = str(folder)


def _make_demo(folder: Path, tell: jobs.Tell) -> Sequence[SyncReport]:
    from lean_core.demo import create_demo

    create_demo(folder, progress=lambda says, done: tell(jobs.Step(says=text.plain(says), done=done)))
    return _settle(folder, tell)


def _settle(folder: Path, tell: jobs.Tell) -> Sequence[SyncReport]:
    """Write the settings that fit what lies in the folder, and import it."""
    from lean_core.runs import detect, starter_toml

    try:
        with (folder / FILE_NAME).open("x", encoding="utf-8") as file:
            file.write(starter_toml(detect(folder)))
    except FileExistsError:
        pass  # somebody was faster, perhaps `lean-mlops init`: theirs counts
    except OSError as error:
        raise UnavailableError(
            f"can't write {FILE_NAME} in {folder} ({error.strerror}): make the folder writable, "
            "or start the app for another one"
        ) from None
    return sync.sync(folder, None, tell)


def followed() -> jobs.Job | None:
    """Return the job that makes this session's workspace, while it runs; when it has ended, open what it made."""
    if keys.SETUP not in st.session_state:
        return None
    folder = Path(st.session_state[keys.SETUP])
    job = jobs.newest(folder)
    if job is not None and job.running:
        return job
    del st.session_state[keys.SETUP]
    if job is not None and job.problem:
        boundary.notify("error", job.problem)
    elif job is not None:
        boundary.notify(*sync.summarize(job.result))
    if is_workspace(folder):
        open_folder(folder)
    st.rerun()
