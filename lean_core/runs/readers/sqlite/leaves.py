"""The leaves of a table in an SQLite file, each with a number for all that it says, read without SQLite.

A row that changed makes its leaf another one, so that of a table in which little changed only a few rows have to be
looked at. Hashing the leaves of 500,000 rows takes 25 ms of processor time, reading the rows themselves six times
that. The format is SQLite's own and fixed: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b, shake_128
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
"""Numbers of pages."""
Numbers = NDArray[np.uint64]
"""Hashes."""

INTERIOR, LEAF = 5, 13
_CELLS = {INTERIOR: 12, LEAF: 8}
"""Where the places of the cells are in a page."""
_MORE = 128
"""The bit that says that a packed number has another byte."""
_PAGES_AT_ONCE = 128
_DEEPEST = 20


class OddFileError(Exception):
    """The file is not as the format says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """What a table's leaves said at a moment."""

    numbers: Numbers
    """Of each leaf, in the order of the rows."""
    chains: Mapping[int, int]
    """A number for what is elsewhere of a leaf's long values, by the leaf's own; only of leaves with such values."""
    rows: int
    """How many there are in all leaves."""


NOTHING = Leaves(numbers=np.zeros(0, np.uint64), chains={}, rows=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The leaves that there are, and which rows may be others than before."""

    leaves: Leaves
    ranges: tuple[tuple[int, int], ...]
    """Of row numbers, both included, in order."""


def look(file: BinaryIO, root: int, before: Leaves = NOTHING) -> Look:
    """Read all leaves of the table whose tree has this root.

    Args:
        file: open for reading, without a buffer.
        root: the page's number.
        before: what an earlier look found.

    Raises:
        OddFileError: this is not a table as the format describes it.
        OSError: the file can't be read.
    """
    pages = _Pages(file)
    try:
        places = _find_leaves(pages, root)
        numbers, rows = _hash_leaves(pages, places)
        is_new = ~np.isin(numbers, before.numbers)
        may_continue = is_new | np.isin(numbers, np.array(list(before.chains), np.uint64))
        chains = _hash_chains(pages, places[may_continue], numbers[may_continue])
        others = [number for number, chain in chains.items() if before.chains.get(number) != chain]
        changed = is_new | np.isin(numbers, np.array(others, np.uint64))
        ranges = tuple(_find_ranges(pages, places, np.flatnonzero(changed)))
    except IndexError:
        raise OddFileError from None
    return Look(leaves=Leaves(numbers=numbers, chains=chains, rows=rows), ranges=ranges)


class _Pages:
    """The pages of a file, by their numbers, which begin with 1."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        header = file.read(100)
        size = int.from_bytes(header[16:18], "big")
        self.size = 65_536 if size == 1 else size
        self.usable = self.size - header[20]
        if self.usable < 480:  # noqa: PLR2004 - the format's own
            raise OddFileError

    def read(self, place: int) -> bytes:
        """Return a page."""
        return bytes(self._read_into(bytearray(self.size), place))

    def read_all(self, places: Places) -> Iterator[bytearray]:
        """Yield pages, up to `_PAGES_AT_ONCE` in a buffer; neighbours are read at once."""
        for first in range(0, len(places), _PAGES_AT_ONCE):
            some = places[first : first + _PAGES_AT_ONCE]
            buffer = bytearray(len(some) * self.size)
            view = memoryview(buffer)
            starts = np.flatnonzero(np.diff(some, prepend=-1) != 1)
            ends = np.append(starts[1:], len(some))
            for place, start, end in zip(some[starts].tolist(), starts.tolist(), ends.tolist(), strict=True):
                self._read_into(view[start * self.size : end * self.size], place)
            yield buffer

    def _read_into(self, buffer: bytearray | memoryview, place: int) -> bytearray | memoryview:
        if place < 2:  # noqa: PLR2004 - the first page is the schema's
            raise OddFileError
        self._file.seek((place - 1) * self.size)
        if self._file.readinto(buffer) < len(buffer):  # type: ignore[attr-defined]  # an unbuffered file has it
            raise OddFileError
        return buffer


def _find_leaves(pages: _Pages, root: int) -> Places:
    """Return the leaves in the order of the rows."""
    level = np.array([root], np.int64)
    for _ in range(_DEEPEST):
        if pages.read(int(level[0]))[0] == LEAF:  # and so are all others of a level
            return level
        level = np.concatenate([_children(pages.read(place)) for place in level.tolist()])
    raise OddFileError


def _children(page: bytes) -> Places:
    if page[0] != INTERIOR:
        raise OddFileError
    count = _count(page)
    cells = np.frombuffer(page, ">u2", count, _CELLS[INTERIOR]).astype(np.int64)
    four = np.frombuffer(page, np.uint8)[cells[:, None] + np.arange(4)].astype(np.int64)
    return np.append(four @ (1 << np.array([24, 16, 8, 0])), int.from_bytes(page[8:12], "big"))


def _count(page: bytes) -> int:
    """Return how many cells a page has."""
    return page[3] << 8 | page[4]


def _hash_leaves(pages: _Pages, places: Places) -> tuple[Numbers, int]:
    """Return a number for each leaf, and how many rows there are.

    A universal hash, twice 32 bits: the upper halves of sums of the leaf's 32-bit words, each multiplied by a random
    number of its own. It takes half the time of SHA-1, and most of it without Python's lock.
    """
    factors = _factors(pages.size // 4)
    numbers, rows = [], 0
    for some in pages.read_all(places):
        found = np.frombuffer(some, np.uint8).reshape(-1, pages.size)
        if (found[:, 0] != LEAF).any():
            raise OddFileError
        rows += int(found[:, 3].sum(dtype=np.int64) << 8) + int(found[:, 4].sum(dtype=np.int64))
        words = found.view("<u4").astype(np.uint64)
        upper, lower = (np.einsum("ij,j->i", words, each) >> np.uint64(32) for each in factors)
        numbers.append(upper << np.uint64(32) | lower)
    return np.concatenate([np.zeros(0, np.uint64), *numbers]), rows


@cache
def _factors(words: int) -> Numbers:
    return np.frombuffer(shake_128(b"leaves").digest(2 * 8 * words), "<u8").astype(np.uint64).reshape(2, words)


def _find_ranges(pages: _Pages, places: Places, changed: Places) -> Iterator[tuple[int, int]]:
    """Return which rows are in the changed leaves; neighbours make one range."""
    cuts = np.flatnonzero(np.diff(changed, prepend=-2) != 1)
    starts, ends = places[changed[cuts]], places[changed[np.append(cuts[1:] - 1, -1)]] if len(changed) else cuts
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        first = pages.read(start)
        last = first if end == start else pages.read(end)
        if _count(last):  # an empty table has one leaf, an empty one
            yield _rowid(first, 0), _rowid(last, _count(last) - 1)


def _rowid(page: bytes, cell: int) -> int:
    at = _CELLS[LEAF] + 2 * cell
    _, at = _varint(page, page[at] << 8 | page[at + 1])
    return _varint(page, at)[0]


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """Return a number as SQLite packs it, and where it ends."""
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | page[place] & (_MORE - 1)
        if page[place] < _MORE:
            return value, place + 1
    value = value << 8 | page[at + 8]
    return value - (value >> 63 << 64), at + 9


def _hash_chains(pages: _Pages, places: Places, numbers: Numbers) -> dict[int, int]:
    """Return a number for what is elsewhere of each leaf's long values, by the leaf's own number."""
    chains = {}
    for part, some in enumerate(pages.read_all(places)):
        for at, cells in _long_cells(some, pages).items():
            page = bytes(some[at * pages.size : (at + 1) * pages.size])
            rest = b"".join(piece for cell in cells for piece in _rest(pages, page, cell))
            if rest:
                hashed = blake2b(rest, digest_size=8).digest()
                chains[int(numbers[part * _PAGES_AT_ONCE + at])] = int.from_bytes(hashed, "big")
    return chains


def _long_cells(some: bytearray, pages: _Pages) -> dict[int, list[int]]:
    """Return the cells that may not be all in their page, by the page's place among these."""
    flat = np.frombuffer(some, np.uint8)
    block = flat.reshape(-1, pages.size)
    counts = block[:, 3].astype(np.int64) << 8 | block[:, 4]
    page = np.repeat(np.arange(len(block)), counts)
    nth = np.arange(len(page)) - np.repeat(np.cumsum(counts) - counts, counts)
    pointer = page * pages.size + _CELLS[LEAF] + 2 * nth
    cell = flat[pointer].astype(np.int64) << 8 | flat[pointer + 1]
    start = page * pages.size + cell
    packed = np.flatnonzero(flat[start] >= _MORE)
    start = start[packed]
    size = (flat[start].astype(np.int64) & (_MORE - 1)) << 7 | flat[start + 1] & (_MORE - 1)
    found: dict[int, list[int]] = {}
    for at in packed[(size > pages.usable - 35) | (flat[start + 1] >= _MORE)].tolist():
        found.setdefault(int(page[at]), []).append(int(cell[at]))
    return found


def _rest(pages: _Pages, page: bytes, cell: int) -> Iterator[bytes]:
    """Yield what of a cell's row is not in its page."""
    size, at = _varint(page, cell)
    _, at = _varint(page, at)
    most, least = pages.usable - 35, (pages.usable - 12) * 32 // 255 - 23
    if size <= most:
        return
    here = least + (size - least) % (pages.usable - 4)
    here = here if here <= most else least
    place = int.from_bytes(page[at + here : at + here + 4], "big")
    for _ in range(-(-(size - here) // (pages.usable - 4))):
        found = pages.read(place)
        yield found[4 : pages.usable]
        place = int.from_bytes(found[:4], "big")
