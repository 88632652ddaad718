"""Self-made registries: one JSON file that lists models, versions, or both, in whatever shape.

Nothing is taken from the shape. Every object in the file is looked at, together with the keys that lead to it: is it
about this version, by its own fields, by its key, or by a path in it? If several are that differ, none is believed.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lean_core.registry.foreign import words
from lean_core.registry.foreign.clues import Clues, Found, merge
from lean_core.registry.foreign.entry import plain_path, read_entry

NAMES = ("registry.json", "model_registry.json", "models.json", "model_index.json", "versions.json", "metadata.json")
"""What such files are called, at the root or in a model's folder."""
_CONTAINERS = ("models", "versions", "entries", "modelos")
"""What an object holds that is about several versions: a version that it names is the file's own."""
_MOST = 100_000
_DEEPEST = 8
_LONGEST_PATH = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An object in the file."""

    content: Mapping[str, Any]
    keys: tuple[str, ...]
    """That lead to it; places in lists as ``[3]``."""

    @property
    def place(self) -> str:
        """Name it for a person."""
        return "".join(key if key.startswith("[") else f".{key}" for key in self.keys).removeprefix(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryFile:
    """A self-made registry, with its objects by the versions that they may be about."""

    place: str
    """From the registry's root."""
    model: str | None
    """The model in whose folder it lies; None at the root."""
    entries: Mapping[str, list[Entry]] = field(default_factory=dict)
    pointers: Mapping[str, list[tuple[Entry, str]]] = field(default_factory=dict)
    """Objects that name a version as the one in use, with the key that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The version that is looked for."""

    model: str
    version: str
    files: tuple[str, ...]
    is_only_model: bool
    """Whether the registry has no other model, so that a file without a model's name is about this one."""


def index_file(document: Any, *, place: str, model: str | None) -> RegistryFile:  # noqa: ANN401 - JSON
    """Go through a self-made registry once, for all versions that will be looked for in it."""
    entries: dict[str, list[Entry]] = {}
    pointers: dict[str, list[tuple[Entry, str]]] = {}
    for entry in _walk(document):
        is_container = any(isinstance(entry.content.get(key), Mapping | list) for key in _CONTAINERS)
        for version in () if is_container else dict.fromkeys(_versions_in(entry)):
            entries.setdefault(version, []).append(entry)
        for key in words.POINTERS:
            value = entry.content.get(key)
            if isinstance(value, str | int) and not isinstance(value, bool):
                pointers.setdefault(words.bare_version(str(value)), []).append((entry, key))
    return RegistryFile(place=place, model=model, entries=entries, pointers=pointers)


def read_registry_file(file: RegistryFile, sought: Sought) -> tuple[Clues, str]:
    """Return what a self-made registry says of a version, and a sentence where it says different things."""
    candidates = file.entries.get(words.bare_version(sought.version), [])
    by_path = [entry for entry in candidates if _points_into(entry, sought)]
    chosen = by_path or [entry for entry in candidates if _is_of_model(entry, sought, file)]
    distinct = {json.dumps(entry.content, sort_keys=True, default=str): entry for entry in chosen}
    status = Clues(status=_find_pointer(file, sought))
    if not distinct:
        return status, ""
    if len(distinct) > 1:
        name = f"{sought.model}/{sought.version}"
        return status, f"{file.place} says {len(distinct)} different things of {name}: none of them was believed"
    (entry,) = distinct.values()
    where = f"{file.place}: {entry.place}" if entry.place else file.place
    return merge(status, read_entry(entry.content, where, sought.files)), ""


def _walk(document: Any) -> Iterator[Entry]:  # noqa: ANN401 - whatever JSON holds
    waiting: deque[tuple[Any, tuple[str, ...]]] = deque([(document, ())])
    for _ in range(_MOST):
        if not waiting:
            return
        node, keys = waiting.popleft()
        if isinstance(node, Mapping):
            yield Entry(node, keys)
            below: Any = node.items()
        else:
            below = ((f"[{at}]", value) for at, value in enumerate(node)) if isinstance(node, list) else ()
        if len(keys) < _DEEPEST:
            waiting += [(value, (*keys, key)) for key, value in below if isinstance(value, Mapping | list)]


def _versions_in(entry: Entry) -> Iterator[str]:
    """Yield what an object says that its version is: in a field, by its key, or by a folder in a path."""
    said = {key.casefold(): value for key, value in entry.content.items()}
    for key in words.VERSION:
        value = said.get(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield words.bare_version(str(value))
    if entry.keys and not entry.keys[-1].startswith("["):
        yield words.bare_version(entry.keys[-1])
    for path in _paths_in(entry):
        for _, folder in pairwise(path):
            yield words.bare_version(folder)


def _paths_in(entry: Entry) -> Iterator[list[str]]:
    for value in entry.content.values():
        if isinstance(value, str) and len(value) < _LONGEST_PATH and ("/" in value or "\\" in value):
            yield plain_path(value).split("/")


def _points_into(entry: Entry, sought: Sought) -> bool:
    """Whether a path in an object leads into ``<model>/<version>``."""
    return any((sought.model, sought.version) in pairwise(path) for path in _paths_in(entry))


def _is_of_model(entry: Entry, sought: Sought, file: RegistryFile) -> bool:
    said = {key.casefold(): value for key, value in entry.content.items()}
    if not _names_version(said, entry, sought):
        return False
    named = [said[key] for key in words.MODEL if isinstance(said.get(key), str)]
    if any(words.same_name(name, sought.model) for name in (*named, *entry.keys)):
        return True
    if file.model is not None:
        return True  # it lies in the model's folder; its entries may name the algorithm
    return not named and sought.is_only_model


def _names_version(said: Mapping[str, Any], entry: Entry, sought: Sought) -> bool:
    """Whether an object is about the version by more than a path."""
    own = [said[key] for key in words.VERSION if key in said] + list(entry.keys[-1:])
    return any(words.same_version(value, sought.version) for value in own)


def _find_pointer(file: RegistryFile, sought: Sought) -> Found[str] | None:
    """Return what the file calls the version that it points to, such as ``active``."""
    for entry, key in file.pointers.get(words.bare_version(sought.version), []):
        is_ours = file.model is not None or sought.is_only_model
        if is_ours or any(words.same_name(each, sought.model) for each in entry.keys):
            place = ".".join(part for part in (entry.place, key) if part)
            return Found(key.removesuffix("_version").removesuffix("_model"), f"{file.place}: {place}")
    return None
