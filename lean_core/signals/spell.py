"""Since when a signal is not well."""

from __future__ import annotations

from collections.abc import Sequence

from lean_core.signals.reading import Reading


def find_onset(readings: Sequence[Reading]) -> Reading | None:
    """Return the first reading of those without a break to now that are beyond their threshold; None: it is within.

    A reading without a number neither proves nor ends it.

    Args:
        readings: newest first.
    """
    onset: Reading | None = None
    for reading in readings:
        if reading.value is None:
            continue
        if not reading.threshold.is_beyond(reading.value):
            break
        onset = reading
    return onset
