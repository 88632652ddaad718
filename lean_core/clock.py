"""The one place that reads the clock, so that tests can freeze it."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Return the current time as naive UTC, the form in which the store keeps every time."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
