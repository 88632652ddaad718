"""A number that the business lives by, with its date; or why there is none yet, and until when."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lean_core.registry import CheckResult
from lean_core.registry.hashing import hash_bytes
from lean_core.releases.checks.bounds import describe_bounds, explain_miss, show
from lean_core.settings import BusinessSettings
from lean_core.signals import Signal

_LARGEST = 1_000_000

ReadSignal = Callable[[str], Signal | None]
"""Returns a declared signal with its last reading; None: there is none of that name."""


def no_signal(_: str) -> None:
    """Know no signal: where no workspace is at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is known of a business signal."""

    value: float | None = None
    as_of: dt.date | None = None
    problem: str = ""
    """Why there is no value: a sentence."""
    evidence: tuple[str, ...] = ()


def check_business(name: str, settings: BusinessSettings, reading: Reading, *, today: dt.date) -> CheckResult:
    """Judge a business signal; one that is missing, stale or overdue is unknown."""
    result = CheckResult(name=f"business.{name}", verdict="unknown", evidence=reading.evidence)
    if settings.by is not None:
        result = replace(result, value="not yet", threshold=f"by {settings.by}")
        if today > settings.by:
            return replace(result, reason=f"{name} should exist since {settings.by}: measure it ({settings.not_yet})")
        return replace(result, verdict="pass", reason=f"{name} need not exist before {settings.by}: {settings.not_yet}")
    result = replace(result, value=reading.value, threshold=describe_bounds(settings.min, settings.max))
    if reading.value is None or reading.as_of is None:
        return replace(result, reason=f"{name} is not known: {reading.problem}")
    age = (today - reading.as_of).days
    if age < 0:
        return replace(result, reason=f"{name} is of {reading.as_of}, which is still to come: correct the date")
    if dt.timedelta(days=age) > settings.max_age:
        most = settings.max_age.total_seconds() / 86_400
        return replace(result, reason=f"{name} is {age} days old, more than {most:g}: measure it anew")
    miss = explain_miss(reading.value, settings.min, settings.max)
    said = f"{name} as of {reading.as_of}: {miss or show(reading.value)}"
    return replace(result, verdict="fail" if miss else "pass", reason=said)


def read_business(settings: BusinessSettings, *, folder: Path, read_signal: ReadSignal = no_signal) -> Reading:
    """Return the value that the settings state, that their file states, or that their signal was last read as."""
    if settings.signal is not None:
        return _from_signal(settings.signal, read_signal(settings.signal))
    if settings.file is None:
        # It is no part of the policy's digest, so the event has to tell what it was.
        stated = (f"lean.toml {show(settings.value)} as of {settings.as_of}",) if settings.value is not None else ()
        return Reading(value=settings.value, as_of=settings.as_of, evidence=stated)
    try:
        with (folder / settings.file).open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        return Reading(problem=f"{settings.file} can't be read ({error.strerror}): write value and as_of into it")
    return replace(_parse(content, settings.file), evidence=(f"{settings.file} sha256:{hash_bytes(content)}",))


def _from_signal(name: str, signal: Signal | None) -> Reading:
    """Return the last number of a signal; one that is stale or can't be read is not known."""
    if signal is None or signal.value is None or signal.observed_at is None:
        return Reading(problem=signal.status.sentence if signal else f"lean.toml declares no signal {name}")
    seen = f"signal {name} {show(signal.value)} observed {signal.observed_at:%Y-%m-%dT%H:%MZ}"
    if signal.state in {"stale", "unknown", "paused"}:
        return Reading(problem=signal.status.sentence, evidence=(seen,))
    return Reading(value=signal.value, as_of=signal.observed_at.date(), evidence=(seen,))


def _parse(content: bytes, place: str) -> Reading:
    wanted = f'{place} has to say {{"value": 0.42, "as_of": "2026-11-23"}}'
    try:
        document: Any = json.loads(content)
        value, as_of = document["value"], dt.date.fromisoformat(document["as_of"][:10])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Reading(problem=wanted)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Reading(problem=wanted)
    if not math.isfinite(value):
        return Reading(problem=f"value in {place} is {value}: measure it anew")
    return Reading(value=float(value), as_of=as_of)
