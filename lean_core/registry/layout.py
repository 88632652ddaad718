"""What lies where in a registry, from a listing alone: nothing is read for it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lean_core.objects import ObjectInfo, Objects
from lean_core.registry.names import RECORD, TRAIL, UPLOAD, is_name

HIDDEN = "."
"""How names begin that are no models and no versions."""


@dataclass(slots=True, kw_only=True)
class Folder:
    """A folder where a version may lie."""

    model: str
    version: str
    infos: list[ObjectInfo] = field(default_factory=list)
    record: ObjectInfo | None = None
    upload: ObjectInfo | None = None
    """Where it is noted who began to register it."""

    @property
    def prefix(self) -> str:
        """What the keys of its files begin with."""
        return f"{self.model}/{self.version}/"

    @property
    def modified(self) -> dt.datetime:
        """When its newest file was written."""
        return max([info.modified for info in self.infos])

    @property
    def tag(self) -> str:
        """Changes whenever one of its files does, or comes, or goes."""
        digest = hashlib.blake2b(digest_size=16)
        for key, tag in sorted((info.key, info.tag) for info in self.infos):
            digest.update(f"{key}\0{tag}\0".encode(errors="surrogatepass"))
        return digest.hexdigest()


@dataclass(slots=True, kw_only=True)
class Layout:
    """A listing, put in order."""

    folders: dict[tuple[str, str], Folder] = field(default_factory=dict)
    """By model and version, both with names that the convention allows."""
    events: dict[str, list[ObjectInfo]] = field(default_factory=dict)
    """By model: the files of its trail."""
    refused: dict[str, int] = field(default_factory=dict)
    """Folders (``model/`` or ``model/version/``) whose names the convention does not allow, with how many files."""
    strays: list[ObjectInfo] = field(default_factory=list)
    """Files that lie where the convention has none: beside models, beside versions, or among the events."""

    @property
    def models(self) -> list[str]:
        """The names of models that have a version's folder or a trail."""
        return sorted({model for model, _ in self.folders} | set(self.events))

    def of(self, model: str) -> list[Folder]:
        """Return a model's folders."""
        return [folder for folder in self.folders.values() if folder.model == model]


def list_all(objects: Objects) -> Iterator[ObjectInfo]:
    """List a registry, what is hidden at its root perhaps left out: a year of heartbeats is thousands of files.

    Raises:
        ObjectsError: it can't be listed.
    """
    return objects.walk(without=HIDDEN)


def arrange(infos: Iterable[ObjectInfo]) -> Layout:
    """Put a listing in order: of the whole registry, or of whole models. What is hidden is passed over."""
    layout = Layout()
    for info in infos:
        model, _, rest = info.key.partition("/")
        second, deeper, name = rest.partition("/")
        folder = layout.folders.get((model, second)) if deeper else None
        if folder is None and not (folder := _place(layout, info, model, second)):
            continue
        folder.infos.append(info)
        if name == RECORD:
            folder.record = info
        elif name == UPLOAD:
            folder.upload = info
    return layout


def _place(layout: Layout, info: ObjectInfo, model: str, second: str) -> Folder | None:
    """Return a version's folder of which this is the first file; put a file of no version where it belongs."""
    name = info.key[len(model) + len(second) + 2 :]
    if model.startswith(HIDDEN) or second.startswith(HIDDEN):
        return None  # .git, .dvc, .DS_Store, .ipynb_checkpoints: another tool's own
    if not name or (second == TRAIL and not _is_event(name)):
        layout.strays.append(info)
    elif second == TRAIL and is_name(model):
        layout.events.setdefault(model, []).append(info)
    elif is_name(model) and is_name(second):
        folder = layout.folders[model, second] = Folder(model=model, version=second)
        return folder
    else:
        refused = f"{model}/{second}/" if is_name(model) else f"{model}/"
        layout.refused[refused] = layout.refused.get(refused, 0) + 1
    return None


def _is_event(name: str) -> bool:
    return name.endswith(".json") and "/" not in name
