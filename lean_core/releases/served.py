"""A version that served: it may be gone from the registry, and is still what the trail says that it was."""

from __future__ import annotations

from lean_core.errors import NotInRegistry
from lean_core.objects import Objects
from lean_core.registry import Version, read_version


def read_served(objects: Objects, model: str, version: str) -> Version:
    """Read a version that the trail names; one that is gone is incomplete.

    Raises:
        NameRefused, ObjectsError: it can't be read.
    """
    try:
        return read_version(objects, model, version)
    except NotInRegistry:
        problem = "it is not in the registry any more, though it was deployed"
        return Version(model=model, version=version, state="incomplete", problem=problem)
