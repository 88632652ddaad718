"""A reading: what a signal said at one moment, with the threshold that it was judged by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from lean_core.settings import NOT_SAID, SignalSettings
from lean_core.signals.answer import Bins, Source, Trouble

Verdict = Literal["ok", "warn", "broken", "unknown"]
"""What a reading says; from the worst on: broken, unknown, warn, ok."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What a reading is judged by."""

    max: float | None = None
    min: float | None = None
    warn: float | None = None
    hold: dt.timedelta = NOT_SAID
    """How long a value has to be beyond before it counts as broken."""

    def is_beyond(self, value: float) -> bool:
        """Whether a value is on the wrong side."""
        return (self.max is not None and value > self.max) or (self.min is not None and value < self.min)

    def is_near(self, value: float) -> bool:
        """Whether a value is not beyond yet, but where a warning begins."""
        if self.warn is None or self.is_beyond(value):
            return False
        return value >= self.warn if self.max is not None else value <= self.warn


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a signal said, or why it said nothing."""

    signal: str
    model: str
    environment: str
    read_at: dt.datetime
    """Naive UTC."""
    verdict: Verdict
    sentence: str
    """Why, with value and threshold."""
    threshold: Threshold
    source: Source
    value: float | None = None
    unit: str = ""
    n: int | None = None
    observed_at: dt.datetime | None = None
    """When the source knew the value, naive UTC."""
    since: dt.datetime | None = None
    """Where its window begins."""
    note: str = ""
    trouble: Trouble | None = None
    """Why there is no value."""
    bins: Bins | None = None


def threshold_of(signal: SignalSettings) -> Threshold:
    """Return what lean.toml judges a signal by."""
    return Threshold(max=signal.max, min=signal.min, warn=signal.warn, hold=signal.for_)
