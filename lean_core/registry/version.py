"""A version as it is found in the registry: its record, its files, its metrics, or what keeps it from having them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from lean_core.errors import NameRefused
from lean_core.registry.names import RECORD, UPLOAD, check_path
from lean_core.registry.record import Record

State = Literal["recorded", "incomplete", "foreign", "unreadable"]
"""What a version's folder is.

- ``recorded``: it has a record that can be used; only then the version exists.
- ``incomplete``: a registration was begun (``upload.json`` says by whom), and left no record yet.
- ``foreign``: files, and nothing by which a registration could be told: somebody's own.
- ``unreadable``: it has a record that can't be used.
"""


class File(NamedTuple):
    """A file of a version; a tuple, since several times as many as versions are made, in a third of the time."""

    key: str
    """From the registry's root."""
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What is known of a version without loading its artifact."""

    model: str
    version: str
    state: State
    problem: str | None = None
    """A sentence with what is wrong and what to do, in every state but ``recorded``."""
    record: Record | None = None
    """In the state ``recorded``."""
    content: bytes = field(default=b"", repr=False)
    """``version.json`` as it lies there, whether or not it can be used."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """The values of the metrics file, in its order; NaN and infinities are possible."""
    metrics_problem: str | None = None
    """What is wrong with the metrics file that the record names; its other values can be used."""
    files: tuple[File, ...] = ()
    """All of them, the record included, by key."""
    modified: dt.datetime | None = None
    """When the newest of the files was written. Naive UTC."""
    lasting: bool = True
    """Whether looking again finds the same as long as no file changes; not so where one could not be read this time."""

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return sum(file.bytes for file in self.files)

    @property
    def since(self) -> dt.datetime | None:
        """When it was made, as its record says; else when its newest file was written."""
        return self.record.created_at if self.record and self.record.created_at else self.modified


def files_at(version: Version, path: str) -> tuple[File, ...]:
    """Return the files that a path of the record means: one, or all in a folder, or none where it leads elsewhere.

    Args:
        version: whose files.
        path: from the version's folder; ``.`` is the folder itself, without what the registry keeps in it.
    """
    try:
        plain = check_path(path)
    except NameRefused:
        return ()
    folder = f"{version.model}/{version.version}/"
    ours = (f"{folder}{RECORD}", f"{folder}{UPLOAD}")
    place = folder if plain == "." else f"{folder}{plain}/"
    return tuple([file for file in version.files if f"{file.key}/".startswith(place) and file.key not in ours])
