"""Recognise what a folder without a record is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lean_core.errors import AlreadyThere, NameRefused, NotInRegistry, ObjectsError
from lean_core.objects import Objects
from lean_core.registry import parallel
from lean_core.registry.foreign.clues import Clues, merge
from lean_core.registry.foreign.documents import LARGEST_JSON, LARGEST_YAML, parse_json, parse_yaml
from lean_core.registry.foreign.files import model_files, read_files
from lean_core.registry.foreign.formats import read_card, read_dvc, read_mlmodel, read_pin
from lean_core.registry.foreign.gto import ARTIFACTS, GtoTags, read_gto, read_tags
from lean_core.registry.foreign.look import Look
from lean_core.registry.foreign.registry_file import NAMES, RegistryFile, Sought, index_file, read_registry_file
from lean_core.registry.layout import Folder, arrange, list_all
from lean_core.registry.names import check_name
from lean_core.registry.read import list_models
from lean_core.registry.record import FIELDS

_NAMED = 4
Kind = Literal["MLflow model", "pin", "DVC", "GTO", "registry file", "model card", "files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A version's folder without a record, and what is known of it."""

    model: str
    version: str
    kind: Kind
    """What it was made by, as far as it shows; ``files``: nobody in particular."""
    clues: Clues
    missing: tuple[str, ...]
    """Which of the seven `FIELDS` nothing was found for."""
    problems: tuple[str, ...]
    """Sentences: what can't be read, is ambiguous or contradicts itself."""
    files: Mapping[str, int]
    """Sizes by path from the folder."""

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return sum(self.files.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFolders:
    """What lies in a registry and is no version of it."""

    folders: tuple[Foreign, ...]
    """Those that can be adopted, by model and version."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Folders whose names the convention does not allow, with how many files; they can be adopted once renamed."""
    strays: tuple[str, ...] = ()
    """Files beside the folders, which belong to no version."""
    problems: tuple[str, ...] = ()


def find_foreign(objects: Objects, *, repository: Path | None) -> ForeignFolders:
    """Return everything in a registry that could be adopted.

    Args:
        objects: the registry.
        repository: in whose tags GTO may have named versions.

    Raises:
        ObjectsError: the registry can't be listed.
    """
    layout = arrange(list_all(objects))
    strays = sorted(info.key for info in layout.strays if not info.refused)
    around = _look_around(objects, strays, models=layout.models, repository=repository)
    foreign = [
        folder for _, folder in sorted(layout.folders.items()) if folder.record is None and folder.upload is None
    ]
    found = parallel.each(
        lambda folder: _recognise(objects, around, folder), foreign, threads=parallel.threads_for(objects)
    )
    known = {file.place for file in around.files} | ({ARTIFACTS} if around.artifacts is not None else set())
    return ForeignFolders(
        folders=tuple(found),
        refused=dict(layout.refused),
        strays=tuple(key for key in strays if key not in known),
        problems=tuple(around.problems),
    )


def recognise(objects: Objects, model: str, version: str, *, repository: Path | None) -> Foreign:
    """Return what one folder without a record is.

    Raises:
        NameRefused: no model or version can be called so.
        NotInRegistry: there is no such folder.
        AlreadyThere: it has a record, or is being uploaded.
        ObjectsError: the registry can't be read.
    """
    check_name(model, what="model")
    check_name(version, what="version")
    folder = arrange(objects.walk(f"{model}/{version}/")).folders.get((model, version))
    if folder is None:
        raise NotInRegistry(f"there is no folder {model}/{version} in {objects.uri}: correct the name")
    if folder.record is not None:
        raise AlreadyThere(f"{model}/{version} has a record already: there is nothing to adopt")
    if folder.upload is not None:
        raise AlreadyThere(
            f"{model}/{version} is a registration that was interrupted: repeat the command that began it, which goes on"
        )
    places = [name for prefix in ("", f"{model}/") for name in _there(objects, prefix)]
    around = _look_around(objects, places, models=list_models(objects), repository=repository)
    return _recognise(objects, around, folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What lies outside of the versions' folders and tells of them."""

    files: tuple[RegistryFile, ...]
    artifacts: Any
    tags: GtoTags
    models: tuple[str, ...]
    problems: list[str]


def _there(objects: Objects, prefix: str) -> Iterator[str]:
    for name in (*NAMES, ARTIFACTS):
        if objects.stat(f"{prefix}{name}") is not None:
            yield f"{prefix}{name}"


def _look_around(objects: Objects, places: list[str], *, models: list[str], repository: Path | None) -> _Around:
    problems: list[str] = []
    files = []
    artifacts = None
    for place in places:
        folder, _, name = place.rpartition("/")
        try:
            if name in NAMES and folder.count("/") == 0:
                document = parse_json(_read(objects, place, LARGEST_JSON))
                files.append(index_file(document, place=place, model=folder or None))
            elif place == ARTIFACTS:
                artifacts = parse_yaml(_read(objects, place, LARGEST_YAML).decode("utf-8", errors="replace"))
        except (ValueError, ObjectsError, NameRefused) as error:
            problems.append(f"{place} {error}")
    tags = read_tags(repository) if repository else GtoTags()
    return _Around(files=tuple(files), artifacts=artifacts, tags=tags, models=tuple(models), problems=problems)


def _read(objects: Objects, place: str, limit: int) -> bytes:
    content = objects.read(place, limit=limit + 1)
    if len(content) > limit:
        raise ValueError(f"has more than {limit:,} bytes and was not read")
    return content


def _recognise(objects: Objects, around: _Around, folder: Folder) -> Foreign:
    files = {info.key.removeprefix(folder.prefix): info.bytes for info in folder.infos if not info.refused}
    refused = [f"{info.key.removeprefix(folder.prefix)}: {info.refused}" for info in folder.infos if info.refused]
    look = Look(objects=objects, model=folder.model, version=folder.version, files=files, problems=refused)
    paths = tuple(sorted(files))
    only = around.models == (folder.model,)
    sought = Sought(model=folder.model, version=folder.version, files=paths, is_only_model=only)
    listed = Clues()
    for file in around.files:
        if file.model in {None, folder.model}:
            clues, problem = read_registry_file(file, sought)
            listed = merge(listed, clues)
            look.problems.extend([problem] if problem else [])
    gto = read_gto(folder.model, folder.version, tags=around.tags, artifacts=around.artifacts, files=paths)
    sources: dict[Kind, Clues] = {
        "MLflow model": read_mlmodel(look),
        "pin": read_pin(look),
        "DVC": read_dvc(look),
        "GTO": gto,
        "registry file": listed,
        "model card": read_card(look),
        "files": read_files(look),
    }
    clues = merge(*sources.values())
    return Foreign(
        model=folder.model,
        version=folder.version,
        kind=next((kind for kind, each in sources.items() if not each.is_empty), "files"),
        clues=clues,
        missing=_missing(clues),
        problems=(*look.problems, *_ambiguities(clues, files), *around.problems),
        files=files,
    )


def _ambiguities(clues: Clues, files: Mapping[str, int]) -> Iterator[str]:
    models = model_files(files)
    if clues.artifact is None and len(models) > 1:
        named = ", ".join(models[:_NAMED]) + (", …" if len(models) > _NAMED else "")
        yield f"several files may be the model ({named}): --artifact PATH says which"


def _missing(clues: Clues) -> tuple[str, ...]:
    found = {
        "artifact": clues.artifact,
        "folder": True,
        "commit": clues.commit,
        "data": any(each.value.ref for each in clues.data),
        "metrics": clues.metrics,
        "owner": clues.owner,
        "note": clues.note,
    }
    return tuple(name for name in FIELDS if not found[name])
