"""What a reader of an SQLite store remembers between two scans, as bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lean_core.runs.readers.sqlite.leaves import Leaves

FORMAT = "sqlite-3"
_END_OF_HEAD = b"\n"


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
    """The schema's."""
    dropped: str
    """A digest of which experiments are deleted: that counts for their runs, whose own rows don't say it."""
    tails: Mapping[str, Tail]
    counts: Mapping[str, int]
    """How many rows the tables have that change in place."""
    leaves: Mapping[str, Leaves]
    """Of the same tables; none where they could not be read."""


def encode(bookmark: Bookmark) -> bytes:
    """Write a bookmark: a line of JSON, then the numbers of the leaves."""
    head = {
        "format": FORMAT,
        "stamp": bookmark.stamp,
        "version": bookmark.version,
        "dropped": bookmark.dropped,
        "tails": {name: [tail.rowid, tail.identity] for name, tail in bookmark.tails.items()},
        "counts": bookmark.counts,
        "leaves": {
            name: {"count": len(leaves.numbers), "rows": leaves.rows, "chains": list(leaves.chains.items())}
            for name, leaves in bookmark.leaves.items()
        },
    }
    numbers = (leaves.numbers.astype("<u8").tobytes() for leaves in bookmark.leaves.values())
    return b"".join([json.dumps(head).encode(), _END_OF_HEAD, *numbers])


def decode(data: bytes | None) -> Bookmark | None:
    """Read a bookmark; None for none, and for one that is not understood."""
    if data is None:
        return None
    text, _, packed = data.partition(_END_OF_HEAD)
    try:
        head = json.loads(text)
        if head["format"] != FORMAT:
            return None
        leaves = {}
        for name, told in head["leaves"].items():
            numbers = np.frombuffer(packed, "<u8", told["count"]).astype(np.uint64)
            packed = packed[numbers.nbytes :]
            leaves[name] = Leaves(numbers=numbers, chains=dict(told["chains"]), rows=told["rows"])
        return Bookmark(
            stamp=head["stamp"],
            version=head["version"],
            dropped=head["dropped"],
            tails={name: Tail(rowid=rowid, identity=identity) for name, (rowid, identity) in head["tails"].items()},
            counts=head["counts"],
            leaves=leaves,
        )
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
