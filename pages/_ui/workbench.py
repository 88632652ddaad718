"""Which workspace is open, and cached readers of what is in it.

A session keeps the workspace that it opened. A new session opens the one that was opened last in this server, else
the folder that the server was started for. A folder without lean.toml is no workspace yet: while there is none, the
router shows the welcome page.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lean_core.settings import FILE_NAME, choose_folder
from pages._ui import keys

if TYPE_CHECKING:
    from streamlit.runtime.caching.cache_utils import CachedFunc

    from lean_core.registry import Version
    from lean_core.registry.foreign import Foreign
    from lean_core.registry.index import IndexState, Model
    from lean_core.releases import EnvironmentState, KnownTrail
    from lean_core.runs import (
        Direction,
        Environment,
        Group,
        MetricHistory,
        Missing,
        Models,
        Note,
        Run,
        RunPage,
        RunQuery,
        SavedView,
        SourceState,
        SyncWarning,
        VersionPage,
    )
    from lean_core.signals import Reading, Unread
    from lean_core.signals.heartbeats import Heartbeat
    from lean_core.signals.log.sample import Sample
    from lean_core.store import JournalEntry, TableCount
    from lean_core.workbench import Workbench
    from lean_core.workbench.signals import Signals

_P = ParamSpec("_P")
_Read = TypeVar("_Read")
_WAITING = "Reading `lean.duckdb`. While another program has it open, this waits for it."
_MOST_ENTRIES = 2_000
"""How many entries of a folder are looked at for workspaces: more is a home folder or a data set."""


def start_folder() -> Path:
    """Return the folder that the app was started for: ``-- --workspace PATH``, LEAN_WORKSPACE, or the current one."""
    folder, _ = choose_folder(_argument(sys.argv[1:]), os.environ)
    return folder.resolve()


def _argument(arguments: list[str]) -> str | None:
    for at, argument in enumerate(arguments):
        if argument == "--workspace" and at + 1 < len(arguments):
            return arguments[at + 1]
        if argument.startswith("--workspace="):
            return argument.partition("=")[2]
    return None


def is_workspace(folder: Path) -> bool:
    """Say whether a folder has a lean.toml."""
    return (folder / FILE_NAME).is_file()


@st.cache_resource(show_spinner=False)
def _opened_last() -> list[Path]:
    return []


def open_folder(folder: Path) -> None:
    """Make a folder the open workspace of this session, and of every session from now on."""
    st.session_state[keys.FOLDER] = str(folder)
    st.session_state[keys.OPENED] = True
    st.session_state.pop(keys.SETUP, None)
    _opened_last()[:] = [folder]


def current_folder() -> Path | None:
    """Return the folder of the open workspace, or None: there is none yet."""
    if keys.SETUP in st.session_state:
        return None
    kept = [Path(st.session_state[keys.FOLDER])] if keys.FOLDER in st.session_state else []
    for folder in (*kept, *_opened_last(), start_folder()):
        if is_workspace(folder):
            st.session_state[keys.FOLDER] = str(folder)
            return folder
    st.session_state.pop(keys.FOLDER, None)
    return None


def keep_open() -> contextlib.AbstractContextManager[None]:
    """Keep the open workspace's file open while a page is drawn: each of its readers would open it anew.

    Raises:
        StoreError: what was written can't be brought into the file.
    """
    from lean_core.store import Store
    from lean_core.workbench import STORE_NAME

    folder = current_folder()
    return Store(folder / STORE_NAME).kept() if folder else contextlib.nullcontext()


def list_workspaces() -> list[Path]:
    """Return the workspaces in the start folder and right below it: the start folder first, then by name."""
    start = start_folder()
    try:
        with os.scandir(start) as entries:
            below = [Path(entry) for _, entry in zip(range(_MOST_ENTRIES), entries, strict=False) if entry.is_dir()]
    except OSError:
        below = []
    return [folder for folder in (start, *sorted(below)) if is_workspace(folder)]


def open_workbench() -> Workbench:
    """Return the open workspace. Edits of lean.toml count from the next run of the page on.

    Raises:
        SettingsError: lean.toml has a mistake.
    """
    folder = current_folder()
    if folder is None:
        raise LookupError("no workspace is open: the router shows the welcome page then")
    return _open_in(folder)


def open_first() -> Workbench | None:
    """Return the workspace that a first visit opens, or None: there is none yet.

    Raises:
        SettingsError: lean.toml has a mistake.
    """
    folder = start_folder()
    return _open_in(folder) if is_workspace(folder) else None


def _open_in(folder: Path) -> Workbench:
    stat = (folder / FILE_NAME).stat()
    return _open(str(folder), (stat.st_mtime_ns, stat.st_size))


@st.cache_resource(max_entries=8, show_spinner=False)
def _open(folder: str, edition_of_settings: tuple[int, int]) -> Workbench:  # noqa: ARG001 - part of the cache's key
    from lean_core.workbench import Workbench

    return Workbench.open(Path(folder))


def _edition(workbench: Workbench) -> tuple[str, str, str]:
    return (str(workbench.folder), repr(workbench.settings), workbench.version())


def keep(
    says: str, *, seconds: float, entries: int, edition: Callable[[Workbench], object]
) -> Callable[[Callable[_P, _Read]], CachedFunc[_P, _Read]]:
    """Make a decorator of functions that read from a workbench, by which their answers are kept for a time.

    Args:
        says: what the page says while it waits: Streamlit shows a spinner after half a second. Without a page there is
            nobody to tell: reading ahead, and tests.
        seconds: how long an answer is kept.
        entries: how many are, at most.
        edition: what must be the same of the workbench for an answer to count.
    """
    cached = st.cache_data(
        ttl=dt.timedelta(seconds=seconds),
        max_entries=entries,
        show_spinner=False,
        hash_funcs={"lean_core.workbench.Workbench": edition},
    )

    def decorate(read: Callable[_P, _Read]) -> CachedFunc[_P, _Read]:
        @functools.wraps(read)
        def read_patiently(*args: _P.args, **kwargs: _P.kwargs) -> _Read:
            on_page = get_script_run_ctx(suppress_warning=True) is not None
            with st.spinner(says) if on_page else contextlib.nullcontext():
                return read(*args, **kwargs)

        return cached(read_patiently)

    return decorate


def reader(read: Callable[_P, _Read]) -> CachedFunc[_P, _Read]:
    """Decorate a function that reads from the workbench's file: its answer counts until the file changes."""
    return keep(_WAITING, seconds=600, entries=64, edition=_edition)(read)


@reader
def read_sources(workbench: Workbench) -> list[SourceState]:
    """Return the sources with the state of each."""
    return workbench.sources()


@reader
def read_warnings(workbench: Workbench, source: str) -> list[SyncWarning]:
    """Return what the last sync of a source passed over or doubted."""
    return workbench.warnings(source)


@reader
def read_contents(workbench: Workbench) -> list[TableCount]:
    """Return the tables of the workspace's file."""
    return workbench.contents()


@reader
def read_runs(workbench: Workbench, query: RunQuery) -> RunPage:
    """Return the page of runs that a query asks for."""
    return workbench.runs(query)


@reader
def read_keys(workbench: Workbench) -> dict[str, tuple[str, ...]]:
    """Return which metrics, params and tags there are."""
    return dict(workbench.keys())


@reader
def read_experiments(workbench: Workbench) -> list[str]:
    """Return the names of the experiments."""
    return workbench.experiments()


@reader
def read_views(workbench: Workbench) -> list[SavedView]:
    """Return the saved views."""
    return workbench.views()


@reader
def read_groups(workbench: Workbench, query: RunQuery, but: tuple[str, ...], metrics: tuple[str, ...]) -> list[Group]:
    """Return the runs in groups that agree in all params but some."""
    return workbench.groups(query, but=but, metrics=metrics)


@reader
def read_selected(workbench: Workbench, refs: tuple[str, ...]) -> list[Run]:
    """Return runs by reference; unknown ones are left out."""
    return workbench.load(refs)


@reader
def read_histories(workbench: Workbench, refs: tuple[str, ...]) -> list[MetricHistory]:
    """Return all values of all metrics of runs."""
    return workbench.histories(refs)


@reader
def read_directions(workbench: Workbench) -> dict[str, Direction]:
    """Return which way each metric is better, as somebody said."""
    return workbench.directions()


@reader
def read_models(workbench: Workbench, run: Run) -> Models:
    """Return the models that came out of a run."""
    return workbench.models(run)


@reader
def read_registered_versions(workbench: Workbench, limit: int, offset: int) -> VersionPage:
    """Return a page of what is registered in the sources' own model registries."""
    return workbench.registered_versions(limit=limit, offset=offset)


@reader
def read_note(workbench: Workbench, ref: str) -> Note | None:
    """Return the note on a run."""
    return workbench.note(ref)


@reader
def read_changes(workbench: Workbench, noun: str, subject: str) -> list[JournalEntry]:
    """Return what was changed of one thing, newest first."""
    return workbench.changes(noun, subject)


@keep("Reading the environment…", seconds=600, entries=64, edition=_edition)
def read_environment_of(workbench: Workbench, run: Run) -> Environment | Missing:
    """Return the Python and packages of a run, as its artifacts tell."""
    return workbench.environment(run)


# The registry, as its index knows it


@reader
def read_registry_state(workbench: Workbench) -> IndexState:
    """Return how far the index of the registry can be trusted."""
    return workbench.registry_state()


@reader
def read_registry_models(workbench: Workbench) -> list[Model]:
    """Return the models in the registry."""
    return workbench.registry_models()


@reader
def read_registry_versions(workbench: Workbench, model: str) -> list[Version]:
    """Return the versions of a model, the newest first."""
    return workbench.registry_versions(model)


@reader
def read_known_trail(workbench: Workbench, model: str) -> KnownTrail:
    """Return what happened to the versions of a model."""
    from lean_core.releases import know

    return know(model, workbench.registry_trail(model))


@reader
def read_environments(workbench: Workbench, model: str) -> tuple[EnvironmentState, ...]:
    """Return what is declared live of a model, in promotion order."""
    from lean_core.releases import fold_environments

    return fold_environments(read_known_trail(workbench, model), workbench.settings.environments.order)


@reader
def read_foreign(workbench: Workbench, model: str, version: str) -> Foreign:
    """Return what a folder without a record is; the registry itself is asked."""
    return workbench.foreign_folder(model, version)


# Signals, as they were read last


# Half a minute only: states depend on the time, and beats lie in a registry that tells nobody that it changed.
@keep("Hearing what jobs say…", seconds=30, entries=16, edition=_edition)
def read_signals(workbench: Workbench) -> Signals:
    """Return every signal with its last reading and its state; nothing is asked but the heartbeats."""
    return workbench.signals()


@keep(_WAITING, seconds=30, entries=32, edition=_edition)
def read_signal_history(workbench: Workbench, name: str, days: int) -> list[Reading]:
    """Return a signal's readings of the last days, newest first."""
    return workbench.signal_history(name, days)


@keep("Looking into the log…", seconds=600, entries=4, edition=_edition)
def read_signal_rows(workbench: Workbench, name: str, at: dt.datetime, limit: int) -> Sample | Unread | None:
    """Return rows that a reading was made of; None where its telemetry has none at hand."""
    return workbench.sample_signal(name, at, limit)


@keep("Hearing what jobs say…", seconds=30, entries=8, edition=_edition)
def read_heartbeats(workbench: Workbench) -> list[Heartbeat]:
    """Return what is known of all jobs."""
    return workbench.heartbeats()
