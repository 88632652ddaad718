"""Of what code a version is that was released: of a commit, or of a working tree with changes that no commit has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Literal

from lean_core.errors import NameRefused, ObjectsError
from lean_core.registry import Version
from lean_core.workbench import Workbench
from pages._ui import release_reading

if TYPE_CHECKING:
    from lean_core.objects import Objects

CodeState = Literal["clean", "dirty", "not known", "no record"]
"""``no record``: it is gone, or can't be read."""
Name = tuple[str, str]
"""A model, and a version of it."""


def find(workbench: Workbench, names: Iterable[Name]) -> Mapping[Name, CodeState]:
    """Return the state of the code of versions, by model and version."""
    return _find(workbench, tuple(sorted(set(names))))


def tell(version: Version) -> CodeState:
    """Say what a version's record tells; unknown is not clean."""
    if version.record is None:
        return "no record"
    dirty = version.record.code.dirty if version.record.code else None
    return "not known" if dirty is None else "dirty" if dirty else "clean"


@release_reading.reader
def _find(workbench: Workbench, names: tuple[Name, ...]) -> dict[Name, CodeState]:
    from lean_core.registry import parallel

    # The registry itself, several at a time where it is on a server: one look into the index would take longer.
    objects = workbench.objects()
    states = parallel.each(partial(_read, objects), names, threads=parallel.threads_for(objects))
    return dict(zip(names, states, strict=True))


def _read(objects: Objects, name: Name) -> CodeState:
    from lean_core.releases.served import read_served

    try:
        return tell(read_served(objects, *name))
    except (NameRefused, ObjectsError):
        return "no record"
