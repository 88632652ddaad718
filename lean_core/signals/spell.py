"""Since when a signal is not well."""

from __future__ import annotations

from collections.abc import Sequence

from lean_core.signals.reading import Reading, Threshold


def find_onset(readings: Sequence[Reading], threshold: Threshold | None = None) -> Reading | None:
    """Return the first reading of those without a break to now that are beyond their threshold; None: it is within.

    A reading without a number neither proves nor ends it.

    Args:
        readings: newest first.
        threshold: None: each by the one that it was judged by.
    """
    onset: Reading | None = None
    for reading in readings:
        if reading.value is None:
            continue
        if not (threshold or reading.threshold).is_beyond(reading.value):
            break
        onset = reading
    return onset
