"""Signals, answers and readings that are valid by default."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lean_core.settings import SignalSettings
from lean_core.signals import Measured, Reading, Source, Unread, judge

NOW = dt.datetime(2026, 11, 23, 12)
PLACE = Source(place="logs/churn", query="select 1")


def a_signal(**said: Any) -> SignalSettings:
    limits = {} if {"max", "min"} & set(said) else {"max": 0.05}
    usual: dict[str, Any] = {
        "source": "log",
        "expression": "error_rate",
        "class_": "errors",
        "model": "churn",
        "environment": "prod",
    }
    return SignalSettings(**usual | limits | said)


def measured(value: float, *, at: dt.datetime = NOW, unit: str = "", **said: Any) -> Measured:
    return Measured(value=value, observed_at=at, source=PLACE, unit=unit, **said)


def unread(sentence: str = "Nothing listens there.") -> Unread:
    return Unread(trouble="unreachable", sentence=sentence, source=PLACE)


def a_reading(value: float | None = 0.01, *, at: dt.datetime = NOW, signal: str = "errors", **said: Any) -> Reading:
    """Return what a signal was read as; without a value it could not be."""
    answer = unread() if value is None else measured(value, at=at)
    return judge(signal, a_signal(**said), answer, earlier=(), now=at)
