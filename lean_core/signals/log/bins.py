"""The bins of a reference, into which a feature's values are counted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import ibis.expr.types as ir

PARTS = 10
"""Into so many bins of equal width each tenth of the reference is cut: PSI takes the tenths, the rest all of them."""
MOST_CATEGORIES = 100
"""So many have a bin each; the rest of the reference's share one."""
MOST_KNOWN = 10_000
"""More categories than that are names, not categories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """How one feature is binned: a number by `edges`, a text by `categories`."""

    edges: tuple[float, ...] = ()
    """The least value of the reference, its deciles, its greatest: without those that repeat."""
    categories: tuple[str, ...] = ()
    """The most frequent first."""
    rest: tuple[str, ...] = ()
    """The categories that share a bin."""
    trouble: str = ""
    """Why there are none."""

    @property
    def is_number(self) -> bool:
        """Whether its values have an order."""
        return bool(self.edges)

    @property
    def tenths(self) -> int:
        """Into how many parts the edges cut the range."""
        return max(1, len(self.edges) - 1)

    @property
    def size(self) -> int:
        """How many bins there are: of numbers, one below and one above the range; of texts, the rest and the unseen."""
        return self.tenths * PARTS + 2 if self.is_number else len(self.categories) + 2


Binning = Mapping[str, Bins]
"""By feature."""


def digest_of(binning: Binning) -> str:
    """Return what tells one binning from another."""
    return hashlib.sha256(msgspec.json.encode(dict(binning), order="sorted")).hexdigest()


def edges_from(quantiles: Sequence[float]) -> tuple[float, ...]:
    """Return the edges for the least value, the deciles and the greatest value of a reference."""
    return tuple(sorted(set(quantiles)))


def number_bucket(value: ir.Column, bins: Bins) -> ir.Column:
    """Return the bin of a number: 0 below the range, the last one above it.

    A search among the tenths, and a division inside of one: as a search among all bins it took twice as long.
    """
    import ibis

    edges = bins.edges
    below, above = ibis.literal(0, "int64"), ibis.literal(bins.size - 1, "int64")
    if len(edges) == 1:
        inside = ibis.ifelse(value == edges[0], ibis.literal(1, "int64"), above)
    else:
        inside = _search(value, edges, 1, len(edges), above)
    return ibis.ifelse(value < edges[0], below, inside)


def _search(value: ir.Column, edges: Sequence[float], first: int, last: int, above: ir.Value) -> ir.Value:
    """Return the bin of a value that is above `edges[first - 1]`, by halving; ``last`` stands for what is above all."""
    import ibis

    if first == len(edges):
        return above
    if first == last:
        low, high = edges[first - 1], edges[first]
        part = ibis.least(((value - low) * (PARTS / (high - low))).ceil(), PARTS)
        return (part if first > 1 else ibis.greatest(part, 1)) + (first - 1) * PARTS
    middle = (first + last) // 2
    if middle == len(edges):
        middle -= 1
    return ibis.ifelse(
        value <= edges[middle],
        _search(value, edges, first, middle, above),
        _search(value, edges, middle + 1, last, above),
    )


def text_bucket(value: ir.Column, bins: Bins) -> ir.Column:
    """Return the bin of a text: its category's number, then the rest's, then that of texts that are in neither."""
    import ibis

    rest, unseen = ibis.literal(len(bins.categories), "int32"), ibis.literal(len(bins.categories) + 1, "int32")
    named = [(value == name, ibis.literal(number, "int32")) for number, name in enumerate(bins.categories)]
    known = [(value.isin(list(bins.rest)), rest)] if bins.rest else []
    return ibis.cases(*named, *known, else_=unseen)


def tenths_of(counts: Mapping[int, int], bins: Bins) -> list[int]:
    """Return the counts of numbers by tenths of the reference; what is out of its range goes to the nearest."""
    tenths = [0] * bins.tenths
    for bucket, rows in counts.items():
        tenths[min(max(0, (bucket - 1) // PARTS), bins.tenths - 1)] += rows
    return tenths


def all_of(counts: Mapping[int, int], bins: Bins) -> list[int]:
    """Return the counts of all bins, in order."""
    return [counts.get(bucket, 0) for bucket in range(bins.size)]
