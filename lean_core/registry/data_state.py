"""Whether the data that a record refers to is still there, and still the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lean_core.errors import LeanError
from lean_core.registry.data_reference import find_local
from lean_core.registry.hashing import hash_file, hash_folder
from lean_core.registry.record import Data
from lean_core.settings import redact, scheme_of

_SHA256 = "sha256:"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataState:
    """What a reference to data leads to."""

    state: Literal["there", "absent", "missing", "changed", "unknown"]
    """``absent``: not on this machine, which another one may have; ``missing``: gone for everybody."""
    sentence: str = ""
    """What to say of it, unless it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPlaces:
    """Where data may lie."""

    folders: tuple[Path, ...]
    """From which relative paths count; the first one that has it wins."""
    exists: Callable[[str], bool]
    """Whether there is an object at an ``s3://`` URI, or anything below it; raises a `LeanError` if it can't tell."""


def look_for_data(data: Data, places: DataPlaces) -> DataState:
    """Look whether data is there, without reading it."""
    scheme = scheme_of(data.ref)
    shown = f"data {data.name!r}: {redact(data.ref)}"
    if scheme in {None, "file"} and "://" not in data.ref.removeprefix("file://"):
        if _find(data, places) is not None:
            return DataState(state="there")
        return DataState(state="absent", sentence=f"{shown} is not on this machine")
    if scheme != "s3":
        return DataState(state="unknown", sentence=f"{shown} can't be looked up from here")
    try:
        there = places.exists(data.ref)
    except LeanError as error:
        return DataState(state="unknown", sentence=f"{shown} could not be looked up: {error}")
    return (
        DataState(state="there") if there else DataState(state="missing", sentence=f"{shown} does not exist any more")
    )


def compare_data(data: Data, places: DataPlaces) -> DataState:
    """Look whether data is there, and of data on this machine whether it has the digest that was recorded."""
    found = look_for_data(data, places)
    path = _find(data, places) if found.state == "there" and scheme_of(data.ref) in {None, "file"} else None
    if path is None or not (data.digest or "").startswith(_SHA256):
        return found
    shown = f"data {data.name!r}: {path}"
    try:
        digest = _SHA256 + (hash_folder(path) if path.is_dir() else hash_file(path))
    except (OSError, LeanError):
        return DataState(state="unknown", sentence=f"{shown} can't be read: check its permissions")
    if digest == data.digest:
        return found
    return DataState(state="changed", sentence=f"{shown} is not what it was: it has {digest}, not {data.digest}")


def _find(data: Data, places: DataPlaces) -> Path | None:
    return next((path for folder in places.folders if (path := find_local(data, folder)) is not None), None)
