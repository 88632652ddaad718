"""Examine a workspace from its settings outward."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

from lean_core.doctor.disk import check_disk
from lean_core.doctor.finding import Finding
from lean_core.doctor.git import check_git
from lean_core.doctor.registry import RegistryLook, check_registry
from lean_core.doctor.source import check_source
from lean_core.doctor.store import check_store
from lean_core.doctor.telemetry import check_telemetry
from lean_core.errors import SettingsError, UnavailableError
from lean_core.runs import SourceState
from lean_core.settings import FILE_NAME
from lean_core.workbench import Workbench


def examine(folder: Path, *, now: dt.datetime, look: RegistryLook | None = None) -> Iterator[Finding]:
    """Yield what is found, as it is found: a server that does not answer takes its time.

    Args:
        folder: one with a lean.toml.
        now: naive UTC.
        look: how to look at the registry.
    """
    try:
        workbench = Workbench.open(folder)
    except SettingsError as error:
        yield Finding(severity="error", about="settings", message=str(error))
        return
    yield _check_settings(workbench)
    yield check_disk(folder, file_bytes=workbench.file_bytes())
    yield check_store(workbench)
    states = _states(workbench)
    for name in workbench.settings.sources:
        yield from check_source(workbench.source(name), states.get(name), now=now)
    yield from check_git(folder, workbench.repository, settings=workbench.settings)
    yield from check_telemetry(workbench.settings.telemetry, os.environ)
    yield from check_registry(workbench, look or RegistryLook())


def _states(workbench: Workbench) -> dict[str, SourceState]:
    """Return what the store knows of each source: nothing where it can't be read, which `check_store` has said."""
    if not workbench.store.path.exists():  # reading would make it
        return {name: SourceState(name=name, uri="", kind="") for name in workbench.settings.sources}
    try:
        return {state.name: state for state in workbench.sources()}
    except UnavailableError:
        return {}


def _check_settings(workbench: Workbench) -> Finding:
    path, sources = workbench.folder / FILE_NAME, workbench.settings.sources
    if not sources:
        return Finding(
            severity="warning",
            about="settings",
            message=f"{path}: workspace {workbench.name}, no source of runs",
            action='add one: a line [sources.local], and below it uri = "mlflow.db"',
        )
    return Finding(
        severity="ok", about="settings", message=f"{path}: workspace {workbench.name}, sources {', '.join(sources)}"
    )
