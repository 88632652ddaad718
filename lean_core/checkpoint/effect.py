"""The effect of a release: what it did to the metric by which its model is judged, as the versions record it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lean_core.registry import primary_metric
from lean_core.releases import Interval
from lean_core.runs.direction import Direction, guess_direction

Outcome = Literal["better", "worse", "same", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """What releases of a model are measured by."""

    metric: str | None
    """None: its versions record none."""
    direction: Direction | None = None
    """Which way is better; None: nobody said, and the metric's name does not say."""
    guessed: bool = False
    """Whether only the metric's name says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A version that went live, in place of another one."""

    version: str
    since: dt.datetime
    """Naive UTC."""
    by: str
    went_back: bool
    """Whether it was a rollback."""
    value: float | None
    """Of the metric; None: the version does not record it as a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The releases of a model to an environment, and what the last one did."""

    yardstick: Yardstick
    releases: tuple[Release, ...]
    """Oldest first."""
    outcome: Outcome
    """Of the last release, next to the one before."""
    sentence: str

    @property
    def values(self) -> list[float]:
        """The metric over the releases that have it, oldest first."""
        return [release.value for release in self.releases if release.value is not None]

    @property
    def change(self) -> float | None:
        """By how much the last release changed the metric; None where that can't be told."""
        before, last = (release.value for release in self.releases[-2:]) if len(self.releases) > 1 else (None, None)
        return None if before is None or last is None else last - before


def choose_yardstick(
    intervals: Sequence[Interval],
    metrics: Mapping[str, Mapping[str, float]],
    *,
    judged: Sequence[str],
    directions: Mapping[str, Direction],
) -> Yardstick:
    """Choose what the releases of a model are measured by.

    Args:
        intervals: what was live, oldest first.
        metrics: of each version, by its name.
        judged: the metrics that its gates ask for, the most important first.
        directions: which way a metric is better, as people said.
    """
    released = [metrics.get(interval.version, {}) for interval in reversed(intervals)]
    metric = primary_metric(released, judged=judged)
    if metric is None:
        return Yardstick(metric=None)
    said = directions.get(metric)
    return Yardstick(metric=metric, direction=said or guess_direction(metric), guessed=said is None)


def tell_effect(
    intervals: Sequence[Interval], metrics: Mapping[str, Mapping[str, float]], yardstick: Yardstick
) -> Effect:
    """Tell what the last release did.

    Args:
        intervals: what was live, oldest first.
        metrics: of each version, by its name.
        yardstick: what to measure by.
    """
    releases = tuple(_release(interval, metrics, yardstick) for interval in intervals)
    outcome, sentence = _judge(releases, yardstick)
    return Effect(yardstick=yardstick, releases=releases, outcome=outcome, sentence=sentence)


def _release(interval: Interval, metrics: Mapping[str, Mapping[str, float]], yardstick: Yardstick) -> Release:
    value = metrics.get(interval.version, {}).get(yardstick.metric) if yardstick.metric else None
    return Release(
        version=interval.version,
        since=interval.start,
        by=interval.first.actor,
        went_back=interval.first.rollback_of is not None,
        value=value if value is not None and math.isfinite(value) else None,
    )


def _judge(releases: Sequence[Release], yardstick: Yardstick) -> tuple[Outcome, str]:
    metric = yardstick.metric
    if not releases:
        return "unknown", "Nothing was released yet."
    last = releases[-1]
    if metric is None:
        return "unknown", f"No version records a metric, so what {_name(last)} did can't be told."
    if last.value is None:
        return "unknown", f"{last.version} records no {metric}, so what {_name(last)} did can't be told."
    if len(releases) == 1:
        return "unknown", f"{last.version} is the first release, with {metric} at {last.value:.4g}."
    before = releases[-2]
    if before.value is None:
        return "unknown", f"{before.version} records no {metric} that {last.version} could be held against."
    return _compare(before.value, last, yardstick)


def _compare(before: float, last: Release, yardstick: Yardstick) -> tuple[Outcome, str]:
    metric, value = yardstick.metric, last.value if last.value is not None else math.nan
    doing = _name(last)
    start = f"{doing[:1].upper()}{doing[1:]}"
    if value == before:
        return "same", f"{start} left {metric} at {value:.4g}."
    one, other = (f"{before:.4g}", f"{value:.4g}")
    if one == other:
        one, other = f"{before:.9g}", f"{value:.9g}"
    moved = f"{start} took {metric} from {one} to {other}"
    if yardstick.direction is None:
        return "unknown", f"{moved}: whether that is better, nobody said."
    outcome: Outcome = "better" if (value > before) == (yardstick.direction == "higher") else "worse"
    guess = f", if {yardstick.direction} is better, as its name says" if yardstick.guessed else ""
    return outcome, f"{moved}: {outcome}{guess}."


def _name(release: Release) -> str:
    return f"{'going back to' if release.went_back else 'releasing'} {release.version}"
