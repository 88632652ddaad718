"""What a reader of an SQLite store remembers between two scans, as bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from lean_core.runs import rows

FORMAT = "sqlite-1"
_KEY = b"bookmark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Where a table ended that only grows: everything after this row is new."""

    rowid: int
    """The greatest one; 0 for an empty table."""
    identity: str
    """What that row says. Another row in its place means that rows were deleted or renumbered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """The state of a store at a scan."""

    stamp: str
    """A digest of the file's state."""
    version: str
    """The schema's, with that of whatever computed the fingerprints."""
    tails: Mapping[str, Tail]
    runs: pa.Table
    """`rows.SCAN`: a fingerprint of everything that MLflow changes in place, tags included."""


def encode(bookmark: Bookmark) -> bytes:
    """Write a bookmark."""
    told = {
        "format": FORMAT,
        "stamp": bookmark.stamp,
        "version": bookmark.version,
        "tails": {name: [tail.rowid, tail.identity] for name, tail in bookmark.tails.items()},
    }
    table = bookmark.runs.replace_schema_metadata({_KEY: json.dumps(told).encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


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
        tails = {name: Tail(rowid=rowid, identity=identity) for name, (rowid, identity) in told["tails"].items()}
        return Bookmark(stamp=told["stamp"], version=told["version"], tails=tails, runs=table.cast(rows.SCAN))
    except (pa.ArrowException, TypeError, ValueError, KeyError, AttributeError, OSError):
        return None
