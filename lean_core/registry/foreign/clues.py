"""What files that are not ours tell of a version, each fact with the place where it was found."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from lean_core.registry.record import Data

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A fact, and where it was found."""

    value: T
    where: str
    """A file, or a file and the place in it: ``registry.json: models[2]``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """Facts about a version; None and empty where nothing was found."""

    artifact: Found[str] | None = None
    """From the version's folder; ``.`` is the folder itself."""
    format: Found[str] | None = None
    sha256: Found[str] | None = None
    """What a file says that the artifact's is: to be compared."""
    commit: Found[str] | None = None
    """A full hash, or the beginning of one."""
    repo: Found[str] | None = None
    data: tuple[Found[Data], ...] = ()
    metrics: Found[str] | None = None
    """The metrics file, from the version's folder."""
    metric_values: Found[Mapping[str, float]] | None = None
    """Metrics that stand somewhere else than in a metrics file."""
    params: Found[Mapping[str, Any]] | None = None
    python: Found[str] | None = None
    lock_file: Found[str] | None = None
    """From the version's folder."""
    run_id: Found[str] | None = None
    owner: Found[str] | None = None
    note: Found[str] | None = None
    made_at: Found[str] | None = None
    """As it is written, since half of those who write ``Z`` mean their own time."""
    status: Found[str] | None = None
    """What somebody's file calls it: ``production``, ``active``, …"""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return self == Clues()


def merge(*clues: Clues) -> Clues:
    """Put clues together; of each fact the first one counts, and data of different names are all kept."""
    merged: dict[str, Any] = {}
    for each in clues:
        for field in dataclasses.fields(Clues):
            value = getattr(each, field.name)
            if field.name == "data":
                known = {found.value.name for found in merged.get("data", ())}
                fresh = tuple(found for found in value if found.value.name not in known)
                merged["data"] = (*merged.get("data", ()), *fresh)
            elif value is not None:
                merged.setdefault(field.name, value)
    return Clues(**merged)
