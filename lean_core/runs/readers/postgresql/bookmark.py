"""What a reader of a PostgreSQL store remembers between two scans, as bytes."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

FORMAT = "postgresql-1"
_KEY = b"bookmark"
RUNS = pa.schema([("run_key", pa.string()), ("tags", pa.int64())])
"""Every run with the number of its tags: a deleted tag leaves no other trace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment in the life of a database."""

    identity: tuple[str, ...]
    """The cluster, its timeline, the database, the tables and the version of the schema."""
    snapshot: str
    """Which transactions are visible, in PostgreSQL's own notation."""
    oldest: int
    """The oldest transaction that was still running; all before it are visible or were rolled back."""
    next: int
    """The number that the next transaction would get."""
    dropped: tuple[str, ...]
    """The deleted experiments, which count for their runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """The state of a store at a scan."""

    moment: Moment
    runs: pa.Table
    """`RUNS`."""
