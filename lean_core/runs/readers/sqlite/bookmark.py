"""What a reader of an SQLite store remembers between two scans, as bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from lean_core.runs.readers.sqlite.mutable import Mutable

FORMAT = "sqlite-2"
_ARRAYS = ("runs", "tags", "owners")
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
    """The schema's, with that of what hashed the rows."""
    tails: Mapping[str, Tail]
    mutable: Mutable


def encode(bookmark: Bookmark) -> bytes:
    """Write a bookmark: one row with a list for each array, which costs no more than copying them."""
    state = bookmark.mutable
    told = {
        "format": FORMAT,
        "stamp": bookmark.stamp,
        "version": bookmark.version,
        "tails": {name: [tail.rowid, tail.identity] for name, tail in bookmark.tails.items()},
        "counts": state.counts,
    }
    arrays = {name: pa.array(getattr(state, name)) for name in _ARRAYS}
    lists = [pa.ListArray.from_arrays([0, len(values)], values) for values in (state.keys, *arrays.values())]
    row = pa.RecordBatch.from_arrays(lists, names=["keys", *arrays])
    row = row.replace_schema_metadata({_KEY: json.dumps(told).encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, row.schema) as writer:
        writer.write_batch(row)
    return bytes(sink.getvalue())


def decode(data: bytes | None) -> Bookmark | None:
    """Read a bookmark; None for none, and for one that is not understood."""
    if data is None:
        return None
    try:
        with pa.ipc.open_stream(data) as reader:
            row = reader.read_next_batch()
        told = json.loads(row.schema.metadata[_KEY])
        if told["format"] != FORMAT:
            return None
        arrays = {name: row[name].flatten().to_numpy() for name in _ARRAYS}
        counts = {table: tuple(numbers) for table, numbers in told["counts"].items()}
        return Bookmark(
            stamp=told["stamp"],
            version=told["version"],
            tails={name: Tail(rowid=rowid, identity=identity) for name, (rowid, identity) in told["tails"].items()},
            mutable=Mutable(keys=row["keys"].flatten(), counts=counts, **arrays),
        )
    except (pa.ArrowException, TypeError, ValueError, KeyError, AttributeError, OSError, StopIteration):
        return None
