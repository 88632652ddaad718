"""The bins of a reference, into which a feature's values are counted."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from lean_core.signals.log.columns import Kind
from lean_core.signals.log.rounding import round_up

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


_CLOSEST = 1e-300
"""Edges that are closer are one: no division by what is between them."""
_MARGIN = 1e-9
"""So far from the ends of a tenth, in bins, its values lie: what a sum of floating numbers rounds is less."""

Binning = Mapping[str, Bins]
"""By feature."""


def kinds_of(binning: Binning) -> dict[str, Kind]:
    """Return as what features are binned."""
    return {feature: "number" if bins.is_number else "text" for feature, bins in binning.items() if not bins.trouble}


def digest_of(binning: Binning) -> str:
    """Return what tells one binning from another."""
    return hashlib.sha256(msgspec.json.encode(dict(binning), order="sorted")).hexdigest()


def edges_from(quantiles: Sequence[float]) -> tuple[float, ...]:
    """Return the edges for the least value, the deciles and the greatest value of a reference; infinity is none."""
    edges: list[float] = []
    for value in sorted(quantiles):
        if math.isfinite(value) and not (edges and value - edges[-1] < _CLOSEST):
            edges.append(value)
    return tuple(edges)


def number_bucket(value: ir.Column, bins: Bins) -> ir.Column:
    """Return the bin of a number, as a floating one: 0 below the range, the last one above it, null for null and NaN.

    It searches among the tenths, and divides inside of one: a search among all bins took twice as long. Numbers are
    rounded once, after the search, which is a quarter less than in each tenth.
    """
    import ibis

    edges = bins.edges
    if len(edges) == 1:
        above = (value > edges[0]) & ~value.isnan()
        return ibis.cases((value < edges[0], 0.0), (value == edges[0], 1.0), (above, bins.size - 1.0))
    return round_up(ibis.ifelse(value < edges[0], 0.0, _search(value, edges, first=1, last=len(edges))))


def _search(value: ir.Column, edges: Sequence[float], *, first: int, last: int) -> ir.Value:
    """Return where a value lies that is above `edges[first - 1]`, by halving; rounded up it is the bin."""
    import ibis

    if first == len(edges):
        # Null is not less than anything, and NaN is greater than all, so both end up here.
        return ibis.cases(((value > edges[-1]) & ~value.isnan(), (len(edges) - 1) * PARTS + 1.0))
    if first == last:
        low, high = edges[first - 1], edges[first]
        return (value - low) * ((PARTS - 2 * _MARGIN) / (high - low)) + ((first - 1) * PARTS + _MARGIN)
    middle = min((first + last) // 2, len(edges) - 1)
    return ibis.ifelse(
        value <= edges[middle],
        _search(value, edges, first=first, last=middle),
        _search(value, edges, first=middle + 1, last=last),
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
