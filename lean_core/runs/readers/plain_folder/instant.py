"""Times as files spell them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lean_core.runs.readers.plain_folder.flat import to_number
from lean_core.runs.readers.times import as_millis

_SINCE_1973 = ((1e8, 1e3), (1e11, 1.0), (1e14, 1e-3), (1e17, 1e-6))
"""From which number on it counts seconds, milliseconds, microseconds, nanoseconds, and what makes milliseconds of it.

In each unit that is the year 1973; anything smaller is a duration.
"""


def to_millis(value: Any) -> int | None:  # noqa: ANN401 - whatever a file holds
    """Return milliseconds since 1970 of a number or an ISO 8601 text, or None; a text without a zone is UTC."""
    number = to_number(value)
    if number is None:
        return _from_text(str(value).strip()) if isinstance(value, (str, dt.date)) else None
    factors = [factor for least, factor in _SINCE_1973 if number >= least]
    if not factors or number > 1e20:  # noqa: PLR2004 - nanoseconds in the year 5138
        return None
    return round(number * factors[-1])


def _from_text(text: str) -> int | None:
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if time.tzinfo is None:
        time = time.replace(tzinfo=dt.UTC)
    return as_millis(round((time - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(milliseconds=1)))
