"""Numbers that hold a distribution against its reference."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from lean_core.signals.answer import Answer, Measured
from lean_core.signals.answer import Bins as ShownBins
from lean_core.signals.log.bins import Bins, all_of, tenths_of
from lean_core.signals.log.counted import Number, measured
from lean_core.signals.log.distances import SMALLEST_SHARE, jensen_shannon, kolmogorov_smirnov, psi, wasserstein
from lean_core.signals.log.expression import Expression
from lean_core.signals.log.window import Histogram, Window, title

MINIMUM = 100
"""Rows, on either side: with fewer, a distance says more about chance than about the data."""
MINIMUM_FOR_P, MOST_FOR_P = 20, 10_000
"""Rows for a p-value: with more, any difference is significant, however small."""
_ORDERED = ("out_of_range", "wasserstein", "ks", "ks_p")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A distribution and its reference, on the same bins."""

    bins: Bins
    current: Mapping[int, tuple[int, float]]
    reference: Mapping[int, tuple[int, float]]

    @property
    def n(self) -> int:
        """How many rows of the window have a value."""
        return sum(rows for rows, _ in self.current.values())

    @property
    def n_reference(self) -> int:
        """How many rows of the reference have a value."""
        return sum(rows for rows, _ in self.reference.values())

    def coarse(self) -> tuple[list[int], list[int]]:
        """Return the counts of reference and window: by tenths of the reference, or by category."""
        sides = [{bucket: rows for bucket, (rows, _) in side.items()} for side in (self.reference, self.current)]
        reference, current = ((tenths_of if self.bins.is_number else all_of)(side, self.bins) for side in sides)
        return reference, current

    def fine(self) -> tuple[list[int], list[int]]:
        """Return the counts of reference and window on all bins."""
        sides = [{bucket: rows for bucket, (rows, _) in side.items()} for side in (self.reference, self.current)]
        return all_of(sides[0], self.bins), all_of(sides[1], self.bins)


def compare(window: Window, expression: Expression, current: Histogram, reference: Histogram) -> Answer:
    """Return a distance of a feature's distribution from its reference."""
    feature, measure = expression.feature, expression.measure
    bins = window.log.reference.bins.get(feature)
    if bins is None or bins.trouble:
        trouble = bins.trouble if bins else "is not in the reference"
        return window.fail("malformed", f"{title(feature)} {trouble}.")
    pair = Pair(bins=bins, current=current, reference=reference)
    least = MINIMUM_FOR_P if measure == "ks_p" else MINIMUM
    for n, where in ((pair.n, "in the window"), (pair.n_reference, "in the reference")):
        if n < least:
            sentence = f"{title(feature)} has a value in {n:,} rows {where}: at least {least} are needed."
            return window.fail("too few", sentence, n=n)
    if measure == "unseen" and bins.is_number:
        return window.fail("refused", f"{title(feature)} is a number in the reference: ask for out_of_range.")
    if measure in _ORDERED and not bins.is_number:
        return window.fail("refused", f"{title(feature)} is no number in the reference: ask for psi, js or unseen.")
    if measure == "ks_p" and max(pair.n, pair.n_reference) > MOST_FOR_P:
        sentence = f"With more than {MOST_FOR_P:,} rows any difference is significant, however small: ask for ks."
        return window.fail("refused", sentence, n=pair.n)
    number = _MEASURES[measure](pair)
    note = f"{number.note} Against {pair.n_reference:,} rows of the reference."
    answer = measured(window, dataclasses.replace(number, note=note))
    return dataclasses.replace(answer, bins=_show(pair)) if isinstance(answer, Measured) else answer


def _unseen(pair: Pair) -> Number:
    unseen, _ = pair.current.get(pair.bins.size - 1, (0, 0.0))
    return Number(value=unseen / pair.n, n=pair.n, unit="ratio", note="The share of categories not in the reference.")


def _out_of_range(pair: Pair) -> Number:
    outside = sum(pair.current.get(bucket, (0, 0.0))[0] for bucket in (0, pair.bins.size - 1))
    note = f"The share outside of {pair.bins.edges[0]:g} to {pair.bins.edges[-1]:g}, the range of the reference."
    return Number(value=outside / pair.n, n=pair.n, unit="ratio", note=note)


def _psi(pair: Pair) -> Number:
    note = f"PSI on {_say_bins(pair.bins)}; an empty bin counts as {SMALLEST_SHARE:g}; nulls are left out."
    return Number(value=psi(*pair.coarse()), n=pair.n, note=note)


def _jensen_shannon(pair: Pair) -> Number:
    note = f"Jensen-Shannon distance, base 2, on {_say_bins(pair.bins)}; nulls are left out."
    return Number(value=jensen_shannon(*pair.coarse()), n=pair.n, note=note)


def _wasserstein(pair: Pair) -> Number:
    buckets = range(pair.bins.size)
    sides = ([side.get(bucket, (0, 0.0)) for bucket in buckets] for side in (pair.reference, pair.current))
    note = (
        "Earth mover's distance in the unit of the feature, each value taken for the mean of its bin, a tenth of the"
        " range between two deciles of the reference."
    )
    return Number(value=wasserstein(*sides), n=pair.n, note=note)


def _kolmogorov_smirnov(pair: Pair) -> Number:
    distance, doubt = kolmogorov_smirnov(*pair.fine())
    note = f"Kolmogorov-Smirnov statistic, from bins: the exact one is at most {doubt:.2g} greater."
    return Number(value=distance, n=pair.n, note=note)


def _p_value(pair: Pair) -> Number:
    from scipy.stats import kstwo  # type: ignore[import-untyped]

    distance, doubt = kolmogorov_smirnov(*pair.fine())
    effective = pair.n * pair.n_reference / (pair.n + pair.n_reference)
    value = float(kstwo.sf(distance, round(effective)))
    least = float(kstwo.sf(min(1.0, distance + doubt), round(effective)))
    note = f"p-value of the Kolmogorov-Smirnov statistic, from bins: the exact one is {least:.2g} to {value:.2g}."
    return Number(value=min(1.0, max(0.0, value)), n=pair.n, unit="ratio", note=note)


_MEASURES: dict[str, Callable[[Pair], Number]] = {
    "unseen": _unseen,
    "out_of_range": _out_of_range,
    "psi": _psi,
    "js": _jensen_shannon,
    "wasserstein": _wasserstein,
    "ks": _kolmogorov_smirnov,
    "ks_p": _p_value,
}


def _say_bins(bins: Bins) -> str:
    if bins.is_number:
        return "the deciles of the reference" + ("" if bins.tenths == 10 else f", {bins.tenths} as some are equal")  # noqa: PLR2004
    return "the categories of the reference and the unseen"


def _show(pair: Pair) -> ShownBins:
    reference, current = pair.coarse()
    if pair.bins.is_number:
        ends = [f"{edge:g}" for edge in pair.bins.edges]
        labels = [f"{low} to {high}" for low, high in pairwise(ends)] or ends
    else:
        labels = [*pair.bins.categories, "other", "unseen"]
        if not pair.bins.rest:
            at = len(pair.bins.categories)
            labels, reference, current = ([*each[:at], *each[at + 1 :]] for each in (labels, reference, current))
    return ShownBins(labels=tuple(labels), reference=tuple(reference), current=tuple(current))
