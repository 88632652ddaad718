"""Read versions and trails; artifacts are listed and never opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from lean_core.errors import (
    CredentialsMissing,
    CredentialsRefused,
    NameRefused,
    NotInRegistry,
    ObjectsError,
    ObjectsUnreachable,
    RootMissing,
)
from lean_core.objects import ObjectInfo, Objects
from lean_core.registry import parallel
from lean_core.registry.document import LARGEST
from lean_core.registry.layout import Folder, arrange
from lean_core.registry.metrics import parse_metrics
from lean_core.registry.names import TRAIL, check_name, check_path, is_name
from lean_core.registry.record import Unreadable, parse_record
from lean_core.registry.trail import Event, UnreadableEvent, in_order, parse_event
from lean_core.registry.version import File, Version

_INCOMPLETE = (
    "it has files and no version.json, as an interrupted registration leaves them:"
    " register it again to complete it, or adopt what is there"
)
_FOREIGN = "it was never registered, and looks like somebody's own: adopt it, or leave it as it is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What happened to the versions of a model."""

    events: tuple[Event, ...]
    """In the order in which they are folded."""
    unreadable: tuple[UnreadableEvent, ...]
    """Files that are no events we know, by key: any of them may matter."""


def list_models(objects: Objects) -> list[str]:
    """Return the names of the folders that may be models.

    Raises:
        ObjectsError: the registry can't be listed.
    """
    return sorted(name for name in objects.list_folders() if is_name(name))


def read_version(objects: Objects, model: str, version: str) -> Version:
    """Read one version.

    Raises:
        NameRefused: no model or version can be called so.
        NotInRegistry: there is nothing of that name.
        ObjectsError: the registry can't be read.
    """
    check_name(model, what="model")
    check_name(version, what="version")
    folders = arrange(objects.walk(f"{model}/{version}/")).folders
    folder = folders.get((model, version))
    if folder is not None and folder.record is None:  # what it is shows beside the model's other folders
        folder = arrange(objects.walk(f"{model}/")).folders.get((model, version))
    if folder is None:
        raise NotInRegistry(
            f"there is no version {version} of {model} in {objects.uri}: correct the name, or register it first"
        )
    return read_folder(objects, folder)


def read_model(objects: Objects, model: str) -> list[Version]:
    """Read all versions of a model, the newest first.

    Raises:
        NameRefused, NotInRegistry, ObjectsError: as `read_version`.
    """
    check_name(model, what="model")
    layout = arrange(objects.walk(f"{model}/"))
    if model not in layout.models:
        raise NotInRegistry(f"there is no model {model} in {objects.uri}: correct the name, or register it first")
    return newest_first(read_folders(objects, layout.folders.values()))


def read_trail(objects: Objects, model: str) -> Trail:
    """Read the events of a model; one that has none has an empty trail.

    Raises:
        NameRefused, ObjectsError: as `read_version`.
    """
    check_name(model, what="model")
    layout = arrange(objects.walk(f"{model}/{TRAIL}/"))
    return as_trail(read_events(objects, layout.events.get(model, ())))


def read_folders(objects: Objects, folders: Iterable[Folder]) -> Iterator[Version]:
    """Read what lies in folders, several at a time where a server makes each of them wait."""
    return parallel.each(partial(read_folder, objects), folders, threads=parallel.threads_for(objects))


def read_events(objects: Objects, infos: Iterable[ObjectInfo]) -> Iterator[Event | UnreadableEvent]:
    """Read the files of trails."""
    return parallel.each(partial(_read_event, objects), infos, threads=parallel.threads_for(objects))


def read_folder(objects: Objects, folder: Folder) -> Version:
    """Read what lies in a version's folder."""
    files = tuple(File(key=info.key, bytes=info.bytes) for info in sorted(folder.infos, key=lambda info: info.key))
    bare = Version(
        model=folder.model,
        version=folder.version,
        state="foreign" if folder.looks_foreign else "incomplete",
        problem=_FOREIGN if folder.looks_foreign else _INCOMPLETE,
        files=files,
        modified=folder.modified,
        tag=folder.tag,
    )
    if folder.record is None:
        return bare
    content = _read(objects, folder.record)
    if isinstance(content, _Refused):
        return replace(bare, state="unreadable", problem=f"version.json can't be read: {content.sentence}", tag="")
    record = parse_record(content, model=folder.model, version=folder.version)
    if isinstance(record, Unreadable):
        return replace(bare, state="unreadable", problem=record.sentence)
    recorded = replace(bare, state="recorded", problem=None, record=record)
    return _with_metrics(objects, recorded, record.metrics.path) if record.metrics else recorded


def _with_metrics(objects: Objects, version: Version, path: str) -> Version:
    try:
        key = f"{version.model}/{version.version}/{check_path(path)}"
    except NameRefused as error:
        return replace(version, metrics_problem=f"the metrics file can't be read: {error}")
    file = next((file for file in version.files if file.key == key), None)
    if file is None:
        return replace(version, metrics_problem=f"{path} is not there, though the record names it")
    content = _read(objects, file)
    if isinstance(content, _Refused):
        return replace(version, metrics_problem=f"{path} can't be read: {content.sentence}", tag="")
    found = parse_metrics(content, path=path)
    return replace(version, metrics=found.values, metrics_problem=found.problem)


def _read_event(objects: Objects, info: ObjectInfo) -> Event | UnreadableEvent:
    content = _read(objects, info)
    if isinstance(content, _Refused):
        return UnreadableEvent(key=info.key, sentence=f"{info.key} can't be read: {content.sentence}")
    return parse_event(content, key=info.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refused:
    """Why this one object can't be read; another time it may."""

    sentence: str


def _read(objects: Objects, file: ObjectInfo | File) -> bytes | _Refused:
    if file.bytes > LARGEST:
        return _Refused(sentence=f"it has more than {LARGEST:,} bytes, so it is something else under this name")
    try:
        return objects.read(file.key, limit=LARGEST + 1)
    except (ObjectsUnreachable, CredentialsMissing, CredentialsRefused, RootMissing):
        raise  # about all of them
    except (ObjectsError, NameRefused) as error:
        return _Refused(sentence=str(error))


def newest_first(versions: Iterable[Version]) -> list[Version]:
    """Sort versions by when they were made; those of which it is not known come last."""
    return sorted(versions, key=lambda each: (each.since is not None, each.since, each.version), reverse=True)


def as_trail(found: Iterable[Event | UnreadableEvent]) -> Trail:
    """Put what was read in order."""
    events: list[Event] = []
    unreadable: list[UnreadableEvent] = []
    for each in found:
        if isinstance(each, Event):
            events.append(each)
        else:
            unreadable.append(each)
    return Trail(events=tuple(in_order(events)), unreadable=tuple(sorted(unreadable, key=lambda each: each.key)))
