"""Bring the index up to date.

A refresh lists the registry once, reads what is new or changed, and writes all of it in one
transaction: whatever interrupts it leaves the last complete state.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lean_core import __version__, clock
from lean_core.errors import ObjectsError
from lean_core.objects import ObjectInfo, Objects
from lean_core.registry.index import table
from lean_core.registry.layout import Layout, arrange, list_all
from lean_core.registry.read import read_events, read_folders
from lean_core.registry.step import Tell, counted
from lean_core.registry.trail import Event, UnreadableEvent
from lean_core.registry.version import Version
from lean_core.store import Store

if TYPE_CHECKING:
    import duckdb

_refreshing = threading.Lock()
"""Two sessions that refresh at once would read the same, and DuckDB would refuse the later one's transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshReport:
    """How a refresh went."""

    state: Literal["ok", "unchanged", "failed"]
    """``failed``: the registry could not be read, and the last index stays."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    """These four count folders of versions."""
    events: int = 0
    """New, changed and gone files of trails."""
    seconds: float = 0.0
    error: str | None = None


def refresh_index(store: Store, objects: Objects, *, tell: Tell) -> RefreshReport:
    """Bring the index up to what the registry holds now.

    Args:
        store: the workspace's.
        objects: the registry.
        tell: called with the progress; what it raises interrupts the refresh.

    Raises:
        StoreError: the workspace's file can't be used.
    """
    began = time.monotonic()
    with _refreshing:
        with store.write() as cursor:
            table.declare(cursor, objects.uri, reader=__version__, now=clock.now())
            versions = table.tags(cursor, "registry_version", reader=__version__)
            events = table.tags(cursor, "registry_event", reader=__version__)
        try:
            found = _look(objects, versions=versions, events=events, tell=tell)
        except ObjectsError as error:
            with store.write() as cursor:
                table.mark_failed(cursor, str(error))
            return RefreshReport(state="failed", error=str(error), seconds=time.monotonic() - began)
        with store.write() as cursor:
            _replace(cursor, found)
            table.mark_read(cursor, reader=__version__, now=clock.now())
    new = sum((each.model, each.version) not in versions for each, _ in found.versions)
    return RefreshReport(
        state="ok" if found.outdated_versions or found.outdated_events else "unchanged",
        new=new,
        changed=len(found.versions) - new,
        unchanged=found.folders - len(found.versions),
        gone=len(found.outdated_versions) - len(found.versions),
        events=len(found.outdated_events),
        seconds=time.monotonic() - began,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is to be written."""

    folders: int
    """How many there are in all."""
    versions: list[tuple[Version, str]]
    outdated_versions: set[table.Key]
    """Rows to take away: of changed and gone ones. New ones too, which another process may have written by now."""
    events: list[tuple[Event | UnreadableEvent, ObjectInfo]]
    outdated_events: set[table.Key]


def _look(objects: Objects, *, versions: dict[table.Key, str], events: dict[table.Key, str], tell: Tell) -> _Found:
    layout = arrange(counted(list_all(objects), "listing", tell=tell))
    tags = {key: folder.tag for key, folder in layout.folders.items()}
    outdated = [key for key, tag in tags.items() if _is_other(versions.get(key), tag)]
    infos = [info for key, info in _files_of_trails(layout).items() if _is_other(events.get(key), info.tag)]
    folders = [layout.folders[key] for key in outdated]
    read = counted(read_folders(objects, folders), "reading versions", total=len(folders), tell=tell)
    read_too = counted(read_events(objects, infos), "reading events", total=len(infos), tell=tell)
    return _Found(
        folders=len(layout.folders),
        versions=[(version, tags[key]) for version, key in zip(read, outdated, strict=True)],
        outdated_versions=set(outdated) | (versions.keys() - tags.keys()),
        events=list(zip(read_too, infos, strict=True)),
        outdated_events={_key(info) for info in infos} | (events.keys() - _files_of_trails(layout).keys()),
    )


def _is_other(known: str | None, tag: str) -> bool:
    return not known or known != tag


def _files_of_trails(layout: Layout) -> dict[table.Key, ObjectInfo]:
    return {_key(info): info for infos in layout.events.values() for info in infos}


def _key(info: ObjectInfo) -> table.Key:
    return info.key.partition("/")[0], info.key


def _replace(cursor: duckdb.DuckDBPyConnection, found: _Found) -> None:
    if found.outdated_versions:
        table.remove(cursor, "registry_version", found.outdated_versions)
    if found.versions:
        table.insert_versions(cursor, found.versions)
    if found.outdated_events:
        table.remove(cursor, "registry_event", found.outdated_events)
    if found.events:
        table.insert_events(cursor, found.events)
