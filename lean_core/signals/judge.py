"""Judging: from an answer to a reading, and from readings to the state now. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lean_core.settings import SignalSettings, write_duration
from lean_core.signals.answer import Answer, Measured, Unread
from lean_core.signals.reading import Reading, Threshold, Verdict, threshold_of
from lean_core.signals.spell import find_onset
from lean_core.signals.words import say_age, say_minute, say_threshold, say_value

State = Literal["ok", "warn", "broken", "stale", "unknown", "paused"]
WORST_FIRST: tuple[State, ...] = ("broken", "stale", "unknown", "warn", "paused", "ok")
_AHEAD = dt.timedelta(minutes=5)
"""So far two clocks may differ before a reading of the future is doubted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of a signal now."""

    state: State
    sentence: str
    """Why."""


def judge(
    name: str, signal: SignalSettings, answer: Answer, *, earlier: Sequence[Reading], now: dt.datetime
) -> Reading:
    """Return the reading that an answer makes.

    Args:
        name: of the signal.
        signal: its settings.
        answer: what its source said.
        earlier: its readings so far, newest first; they tell since when it is beyond its threshold.
        now: naive UTC.
    """
    threshold = threshold_of(signal)
    if isinstance(answer, Unread):
        return Reading(
            signal=name,
            model=signal.model,
            environment=signal.environment,
            read_at=now,
            verdict="unknown",
            sentence=answer.sentence,
            threshold=threshold,
            source=answer.source,
            n=answer.n,
            trouble=answer.trouble,
        )
    unit = signal.unit or answer.unit
    onset = find_onset(earlier, threshold)
    since = min(answer.observed_at, (onset and onset.observed_at) or answer.observed_at)
    verdict, sentence = _weigh(answer, unit, threshold, since, now)
    return Reading(
        signal=name,
        model=signal.model,
        environment=signal.environment,
        read_at=now,
        verdict=verdict,
        sentence=sentence,
        threshold=threshold,
        source=answer.source,
        value=answer.value,
        unit=unit,
        n=answer.n,
        observed_at=answer.observed_at,
        since=answer.since,
        note=answer.note,
        bins=answer.bins,
    )


def _weigh(
    answer: Measured, unit: str, threshold: Threshold, since: dt.datetime, now: dt.datetime
) -> tuple[Verdict, str]:
    if answer.observed_at > now + _AHEAD:
        return "unknown", f"The source says it is of {say_minute(answer.observed_at)}, which is still to come."
    said = f"{say_value(answer.value, unit)}, allowed is {say_threshold(threshold, unit)}."
    if not threshold.is_beyond(answer.value):
        return ("warn" if threshold.is_near(answer.value) else "ok"), said
    lasted = answer.observed_at - since
    if lasted >= threshold.hold:
        long = f" It has been so since {say_minute(since)}." if lasted else ""
        return "broken", f"{said}{long}"
    left = f"beyond since {say_minute(since)}; it counts as broken after {write_duration(threshold.hold)}"
    return "warn", f"{said} It is {left}."


def state_of(signal: SignalSettings, readings: Sequence[Reading], now: dt.datetime) -> Status:
    """Return the state of a signal now; never ok without a reading within its limit.

    Args:
        signal: its settings.
        readings: newest first.
        now: naive UTC.
    """
    if signal.paused:
        return Status(state="paused", sentence=f"Paused: {signal.paused}")
    if not readings:
        return Status(state="unknown", sentence="It was never read: `lean-mlops signals` reads it.")
    limit = f"a reading counts for {write_duration(signal.fresh)}"
    last = readings[0]
    if now - last.read_at > signal.fresh:
        ago = say_age(now - last.read_at)
        return Status(state="stale", sentence=f"It was last read {ago} ago, and {limit}. Then: {last.sentence}")
    if last.verdict == "unknown":
        known = next((each for each in readings if each.value is not None and each.observed_at is not None), None)
        before = (
            f" The last number was {say_value(known.value, known.unit)}, of {say_minute(known.observed_at)}."
            if known is not None and known.value is not None and known.observed_at is not None
            else ""
        )
        return Status(state="unknown", sentence=f"{last.sentence}{before}")
    if last.observed_at is not None and now - last.observed_at > signal.fresh:
        said = f"What the source knows is {say_age(now - last.observed_at)} old, and {limit}. It is: {last.sentence}"
        return Status(state="stale", sentence=said)
    return Status(state=last.verdict, sentence=last.sentence)
