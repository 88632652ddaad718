"""What a reader of a PostgreSQL store remembers between two scans, as bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

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


def encode(bookmark: Bookmark) -> bytes:
    """Write a bookmark."""
    told = {"format": FORMAT, **asdict(bookmark.moment)}
    table = bookmark.runs.replace_schema_metadata({_KEY: json.dumps(told).encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def decode(data: bytes | None) -> Bookmark | None:
    """Read a bookmark; None for none, and for one that is not understood."""
    if data is None:
        return None
    try:
        with pa.ipc.open_stream(data) as reader:
            table = reader.read_all()
        told = json.loads(table.schema.metadata[_KEY])
        if told["format"] != FORMAT:
            return None
        moment = Moment(
            identity=tuple(told["identity"]),
            snapshot=told["snapshot"],
            oldest=told["oldest"],
            next=told["next"],
            dropped=tuple(told["dropped"]),
        )
        return Bookmark(moment=moment, runs=table.cast(RUNS))
    except (pa.ArrowException, TypeError, ValueError, KeyError, AttributeError, OSError):
        return None
