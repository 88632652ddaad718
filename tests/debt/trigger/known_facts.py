"""Facts for triggers to ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from lean_core.debt.trigger import Facts, History, Known, Reading, Value, evaluate

NOW = dt.datetime(2026, 11, 23, 12)
DAY = dt.timedelta(days=1)


def known(name: str, value: Value, *, unknown: str = "") -> Known:
    return Known(name=name, value=value, meaning=f"what {name} is", unknown=unknown, observed_at=NOW, source="a test")


def facts(
    values: Mapping[str, Value] | None = None,
    *,
    unknown: Mapping[str, str] | None = None,
    packages: Mapping[str, str] | str = "there is no lock file",
    history: Mapping[str, History] | None = None,
) -> Facts:
    found = {name: known(name, value) for name, value in (values or {}).items()}
    found |= {name: known(name, None, unknown=why) for name, why in (unknown or {}).items()}
    past = history or {}

    def remember(name: str, since: dt.datetime) -> History:
        points = past.get(name, ())
        before = [point for point in points if point[0] <= since]
        return [*before[-1:], *(point for point in points if point[0] > since)]

    return Facts(known=found, packages=packages, now=NOW, history=remember)


def read(text: str, values: Mapping[str, Value] | None = None, **more: object) -> Reading:
    return evaluate(text, facts(values, **more))  # type: ignore[arg-type]
