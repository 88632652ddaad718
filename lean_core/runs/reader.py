"""What a source of runs must be able to do: say what is there, then hand over what is asked for.

A sync asks twice. `scan` is cheap: it lists every run with a fingerprint, or tells what changed, or hands over whatever
may have changed, or says that nothing did. The sync compares with the last import and asks `load` for the new and
changed runs only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncWarning:
    """Something in a source that was passed over, or taken with a doubt."""

    kind: str
    """A short fixed phrase to count by, such as ``run without meta.yaml``."""
    place: str
    """Where: a path or a run id."""
    message: str = ""
    """What was wrong there, where the kind alone does not say it."""
    skipped: bool = True
    """Whether something was left out because of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Every run that a source holds now; what changed is found by comparing fingerprints with the last import's."""

    runs: pa.Table
    """`rows.SCAN`: every run, deleted ones included; without a fingerprint it counts as changed."""
    bookmark: bytes
    """Opaque; handed to the next `scan`."""
    touched: frozenset[str] = frozenset()
    """Keys of runs that changed although their fingerprint may be the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What changed since the bookmark, from a source that can tell by itself."""

    changed: tuple[str, ...]
    """Keys of new and changed runs."""
    gone: tuple[str, ...]
    """Keys of runs that are no longer there."""
    bookmark: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """The rows of a source that may be others than at the last import; the sync finds out which ones are.

    For sources whose params, points and inputs are only ever added, while runs and tags change in place.
    """

    runs: pa.Table
    """`rows.RUN`: of new and changed runs, of all that own a row of the other tables here, and perhaps of some more."""
    tags: pa.Table
    """`rows.TAG`: new and changed ones, and perhaps some more."""
    known_runs: int
    """How many of these runs the last import has, if the source has lost none since."""
    known_tags: int
    """The same of the tags."""
    added: Mapping[str, pa.Table] | None
    """The new rows of params, points and inputs; None where they are too many to hold."""
    owners: frozenset[str]
    """Keys of the runs that have new rows."""
    bookmark: bytes
    read_all: Callable[[], Amendment] | None
    """Hands over every run and tag, to find out which ones the source has lost; None where these are all."""


Found = Listing | Delta | Amendment | None
"""What a scan finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some rows of one table."""

    table: str
    """A key of `rows.OF_RUNS`."""
    rows: pa.RecordBatch
    done: float
    """How much of the load is behind us after this chunk, from 0 to 1, as far as the reader can tell."""


@dataclass(kw_only=True)
class Warnings:
    """The warnings that a reader collects while it works."""

    found: list[SyncWarning] = field(default_factory=list)

    def add(self, kind: str, place: str, message: str = "", *, skipped: bool = True) -> None:
        """Note one."""
        self.found.append(SyncWarning(kind=kind, place=place, message=message, skipped=skipped))


class Reader(Protocol):
    """A source, open for reading. Nothing it does changes the source, not even a time stamp."""

    @property
    def warnings(self) -> Warnings:
        """What was passed over so far."""
        ...

    def state(self) -> str | None:
        """Name the source's present state, in a millisecond or two; None where that takes a real look.

        A source with the state of the last import has the runs of the last import.

        Raises:
            SourceError: as `scan`.
        """
        ...

    def scan(self, bookmark: bytes | None) -> Found:
        """Say which runs there are, or what changed since ``bookmark``, or None: nothing at all changed.

        A `Delta` or `Amendment` is only returned where a bookmark was given; one that is not understood counts as none.

        Raises:
            SourceError: the source is missing, unreachable, forbidden or unreadable.
        """
        ...

    def catalog(self) -> dict[str, pa.Table]:
        """Return the tables of `rows.OF_SOURCE`, whole; a table that the source has not may be left out."""
        ...

    def load(self, run_keys: Sequence[str] | None) -> Iterator[Chunk]:
        """Yield everything about these runs (None: all that `scan` listed), in chunks of up to 65,536 rows."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
