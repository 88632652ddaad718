"""Read versions and trails; artifacts are listed and never opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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
from lean_core.registry.metrics import NO_METRICS, MetricValues, parse_metrics
from lean_core.registry.names import TRAIL, check_name, check_path, is_name, record_key
from lean_core.registry.record import Record, Unreadable, parse_record
from lean_core.registry.trail import Event, UnreadableEvent, in_order, parse_event
from lean_core.registry.upload import parse_upload
from lean_core.registry.version import File, State, Version

_FOREIGN = "it has files that nobody registered: adopt it, or leave it as it is"


ABOUT_ALL = (ObjectsUnreachable, CredentialsMissing, CredentialsRefused, RootMissing)
"""Errors that are not about one object, so that trying the next one would only take longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What happened to the versions of a model."""

    events: tuple[Event, ...]
    """In the order in which they are folded."""
    known_at: Mapping[str, dt.datetime] = field(default_factory=dict)
    """When the file of each event was written, by the event's id. Naive UTC; the event's own time is what its actor
    says, and may be long before."""
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
    folder = arrange(objects.walk(f"{model}/{version}/")).folders.get((model, version))
    if folder is None:
        raise NotInRegistry(
            f"there is no version {version} of {model} in {objects.uri}: correct the name, or register it first"
        )
    return read_folder(objects, folder)


def read_record(objects: Objects, model: str, version: str) -> Record | None:
    """Read the record of a version and nothing else; None where there is none that can be used.

    Raises:
        ObjectsError: the registry can't be read.
    """
    try:
        content = objects.read(record_key(model, version), limit=LARGEST)
    except ABOUT_ALL:
        raise
    except (ObjectsError, NameRefused):
        return None
    found = parse_record(content, model=model, version=version)
    return None if isinstance(found, Unreadable) else found


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
    infos = layout.events.get(model, [])
    return as_trail(zip(read_events(objects, infos), (info.modified for info in infos), strict=True))


def read_folders(objects: Objects, folders: Iterable[Folder]) -> Iterator[Version]:
    """Read what lies in folders, several at a time where a server makes each of them wait."""
    return parallel.each(partial(read_folder, objects), folders, threads=parallel.threads_for(objects))


def read_events(objects: Objects, infos: Iterable[ObjectInfo]) -> Iterator[Event | UnreadableEvent]:
    """Read the files of trails."""
    return parallel.each(partial(_read_event, objects), infos, threads=parallel.threads_for(objects))


def read_folder(objects: Objects, folder: Folder) -> Version:
    """Read what lies in a version's folder."""
    found = _look(objects, folder)
    return Version(
        model=folder.model,
        version=folder.version,
        state=found.state,
        problem=found.problem,
        record=found.record,
        content=found.content,
        metrics=found.metrics.values,
        metrics_problem=found.metrics.problem,
        files=tuple(sorted([File(info.key, info.bytes) for info in folder.infos])),
        modified=folder.modified,
        lasting=found.lasting,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the record and the metrics file of a folder say."""

    state: State
    problem: str | None = None
    record: Record | None = None
    content: bytes = b""
    metrics: MetricValues = NO_METRICS
    lasting: bool = True
    """Whether looking again finds the same, as long as no file changes."""


def _look(objects: Objects, folder: Folder) -> _Found:
    if folder.record is None:
        upload = folder.upload
        return _explain_incomplete(objects, upload) if upload else _Found(state="foreign", problem=_FOREIGN)
    content = _read(objects, folder.record)
    if isinstance(content, _Refused):
        return _Found(state="unreadable", problem=f"version.json can't be read: {content.sentence}", lasting=False)
    record = parse_record(content, model=folder.model, version=folder.version)
    if isinstance(record, Unreadable):
        return _Found(state="unreadable", problem=record.sentence, content=content)
    if record.metrics is None:
        return _Found(state="recorded", record=record, content=content)
    metrics, lasting = _read_metrics(objects, folder, record.metrics.path), True
    if isinstance(metrics, _Refused):
        metrics, lasting = MetricValues(problem=f"{record.metrics.path} can't be read: {metrics.sentence}"), False
    return _Found(state="recorded", record=record, content=content, metrics=metrics, lasting=lasting)


def _explain_incomplete(objects: Objects, upload: ObjectInfo) -> _Found:
    content = _read(objects, upload)
    begun = None if isinstance(content, _Refused) else parse_upload(content)
    by = f" by {begun}" if begun else ""
    problem = f"it was begun{by} and is not finished: the command that began it goes on where it was interrupted"
    return _Found(state="incomplete", problem=problem, lasting=not isinstance(content, _Refused))


def _read_metrics(objects: Objects, folder: Folder, path: str) -> MetricValues | _Refused:
    try:
        key = folder.prefix + check_path(path)
    except NameRefused as error:
        return MetricValues(problem=f"the metrics file can't be read: {error}")
    for info in folder.infos:
        if info.key == key:
            content = _read(objects, info)
            return content if isinstance(content, _Refused) else parse_metrics(content, path=path)
    return MetricValues(problem=f"{path} is not there, though the record names it")


def _read_event(objects: Objects, info: ObjectInfo) -> Event | UnreadableEvent:
    content = _read(objects, info)
    if isinstance(content, _Refused):
        return UnreadableEvent(key=info.key, sentence=f"{info.key} can't be read: {content.sentence}")
    return parse_event(content, key=info.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refused:
    """Why this one object can't be read; another time it may."""

    sentence: str


def _read(objects: Objects, info: ObjectInfo) -> bytes | _Refused:
    if info.refused:
        return _Refused(sentence=info.refused)
    if info.bytes > LARGEST:
        return _Refused(sentence=f"it has more than {LARGEST:,} bytes, so it is something else under this name")
    try:
        return objects.read(info.key, limit=max(info.bytes, 1))
    except ABOUT_ALL:
        raise
    except (ObjectsError, NameRefused) as error:
        return _Refused(sentence=str(error))


def newest_first(versions: Iterable[Version]) -> list[Version]:
    """Sort versions by when they were made; those of which it is not known come last."""
    return sorted(versions, key=lambda each: (each.since is not None, each.since, each.version), reverse=True)


def as_trail(found: Iterable[tuple[Event | UnreadableEvent, dt.datetime | None]]) -> Trail:
    """Put what was read, each with the time of its file, in order."""
    events: list[Event] = []
    known_at: dict[str, dt.datetime] = {}
    unreadable: list[UnreadableEvent] = []
    for each, modified in found:
        if isinstance(each, Event):
            events.append(each)
            if modified is not None:
                known_at[each.id] = modified
        else:
            unreadable.append(each)
    in_key_order = tuple(sorted(unreadable, key=lambda each: each.key))
    return Trail(events=tuple(in_order(events)), known_at=known_at, unreadable=in_key_order)
