"""Verify a registry, a model of it, or one version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from lean_core.errors import NotInRegistry
from lean_core.git import find_commits
from lean_core.objects import Objects
from lean_core.registry.data_state import DataPlaces, compare_data, look_for_data
from lean_core.registry.layout import Layout, arrange, list_all
from lean_core.registry.names import check_name
from lean_core.registry.read import Trail, as_trail, read_events, read_folders
from lean_core.registry.step import Tell, counted
from lean_core.registry.trail import Event, UnreadableEvent
from lean_core.registry.verify.finding import Finding
from lean_core.registry.verify.hashes import Claim, check_hashes, claims_of
from lean_core.registry.verify.layout import check_layout
from lean_core.registry.verify.references import References, check_commits, check_data
from lean_core.registry.verify.trail import check_trail
from lean_core.registry.verify.version import check_version
from lean_core.registry.version import State
from lean_core.wording import count

Depth = Literal["records", "hashes"]
"""How far a verification goes: what records and listings tell, or every byte of what they describe too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is verified: everything, a model, or one of its versions."""

    model: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What records point to, as far as it is at hand."""

    repository: Path
    """Where commits are looked up."""
    data: DataPlaces


def verify_registry(objects: Objects, scope: Scope, *, depth: Depth, outside: Outside, tell: Tell) -> Iterator[Finding]:
    """Yield what is found, as it is found; the last finding says what was looked at.

    Args:
        objects: the registry.
        scope: what to verify.
        depth: how far to go.
        outside: where commits and data are looked up.
        tell: called with the progress; what it raises interrupts the verification.

    Raises:
        NameRefused, NotInRegistry: there can be, or is, nothing of the names that ``scope`` says.
        ObjectsError: the registry can't be read.
    """
    layout = _list(objects, scope, tell)
    folders = [folder for _, folder in sorted(layout.folders.items()) if scope.version in {None, folder.version}]
    if scope.version is None:
        yield from check_layout(layout)
    states, references, claims = _states_of(layout), References(), list[Claim]()
    for version in counted(read_folders(objects, folders), "reading versions", total=len(folders), tell=tell):
        yield from check_version(version)
        states[version.model][version.version] = version.state
        references.note(version)
        if depth == "hashes":
            claims += claims_of(version)
    trails = _read_trails(objects, layout, scope, tell)
    for model, trail in trails.items():
        yield from check_trail(trail, states.get(model, {}))
    if references.commits:
        yield from check_commits(references.commits, find_commits(outside.repository, references.commits))
    look = compare_data if depth == "hashes" else look_for_data
    yield from check_data(references.data, partial(look, places=outside.data))
    if depth == "hashes":
        yield from check_hashes(objects, claims, tell=tell)
    recorded = [folder.model for folder in folders if states[folder.model][folder.version] == "recorded"]
    yield _sum_up(objects, recorded, trails, depth)


def _list(objects: Objects, scope: Scope, tell: Tell) -> Layout:
    if scope.model is None:
        return arrange(counted(list_all(objects), "listing", tell=tell))
    check_name(scope.model, what="model")
    layout = arrange(counted(objects.walk(f"{scope.model}/"), "listing", tell=tell))
    if scope.model not in layout.models:
        raise NotInRegistry(f"there is no model {scope.model} in {objects.uri}: correct the name, or register it first")
    if scope.version is not None and (scope.model, check_name(scope.version, what="version")) not in layout.folders:
        raise NotInRegistry(
            f"there is no version {scope.version} of {scope.model} in {objects.uri}:"
            " correct the name, or register it first"
        )
    return layout


def _read_trails(objects: Objects, layout: Layout, scope: Scope, tell: Tell) -> dict[str, Trail]:
    """Return the trails by model; of one version, the events about it and those that can't be read."""
    infos = [info for listed in layout.events.values() for info in listed]
    events = list(counted(read_events(objects, infos), "reading events", total=len(infos), tell=tell))
    found: dict[str, list[tuple[Event | UnreadableEvent, dt.datetime | None]]] = {}
    for info, event in zip(infos, events, strict=True):
        if scope.version is None or isinstance(event, UnreadableEvent) or event.version == scope.version:
            found.setdefault(info.key.partition("/")[0], []).append((event, info.modified))
    return {model: as_trail(each) for model, each in found.items()}


def _states_of(layout: Layout) -> dict[str, dict[str, State]]:
    """Return what the listing lets expect of each version, by model."""
    states: dict[str, dict[str, State]] = {}
    for folder in layout.folders.values():
        expected: State = "recorded" if folder.record else "incomplete" if folder.upload else "foreign"
        states.setdefault(folder.model, {})[folder.version] = expected
    return states


def _sum_up(objects: Objects, recorded: Sequence[str], trails: Mapping[str, Trail], depth: Depth) -> Finding:
    """Say what was looked at; ``recorded`` has the model of each version that exists."""
    events = sum(len(trail.events) for trail in trails.values())
    how = "with the hashes of their files" if depth == "hashes" else "without the hashes of their files"
    return Finding(
        severity="ok",
        subject="record",
        where=objects.uri,
        what=f"{count(len(recorded), 'version')} of {count(len(set(recorded)), 'model')} and"
        f" {count(events, 'event')} checked, {how}",
    )
