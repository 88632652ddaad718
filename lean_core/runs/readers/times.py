"""Which numbers of milliseconds are times at all."""

from __future__ import annotations

EARLIEST_MS, LATEST_MS = -62_135_596_800_000, 253_402_300_799_999
"""The years 1 to 9999. Nanoseconds that were taken for milliseconds lie outside, and outside of what databases hold."""


def as_millis(number: float) -> int | None:
    """Return milliseconds since 1970, or None where no calendar has that time."""
    return int(number) if EARLIEST_MS <= number <= LATEST_MS else None
