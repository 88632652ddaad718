"""A signal as a person sees it: what it watches, its state now, its last number and the line that led there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lean_core.settings import CLASSES, Class, SignalSettings
from lean_core.signals.heartbeats import Heartbeat
from lean_core.signals.heartbeats import State as HeartbeatState
from lean_core.signals.judge import WORST_FIRST, State, Status, state_of
from lean_core.signals.keep import last_readings
from lean_core.signals.reading import Reading, Threshold, threshold_of
from lean_core.signals.words import say_threshold

if TYPE_CHECKING:
    import duckdb

NEWEST = 500
"""Readings of a signal that tell since when it is beyond its threshold."""
LINE_POINTS = 50
_JOBS: Mapping[HeartbeatState, State] = {
    "up": "ok",
    "running": "ok",
    "new": "unknown",
    "late": "warn",
    "running too long": "warn",
    "suspiciously short": "warn",
    "down": "broken",
    "failed": "broken",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One row of the list."""

    name: str
    """As lean.toml calls it; of a job its own name."""
    kind: Literal["signal", "heartbeat"]
    class_: Class
    model: str | None
    """None: it may be any."""
    environment: str | None
    status: Status
    value: float | None
    """The last number, however old."""
    unit: str
    threshold: Threshold
    judged_by: str
    """The threshold in words."""
    observed_at: dt.datetime | None
    """When its source knew the last number, naive UTC."""
    fresh: dt.timedelta
    """How long a number counts."""
    owner: str = ""
    runbook: str = ""
    source: str = ""
    """The name of its telemetry."""
    expression: str = ""
    last: Reading | None = None
    """Of the last time that it was read, with or without a number."""
    line: tuple[float, ...] = ()
    """The last numbers, oldest first."""

    @property
    def state(self) -> State:
        """Its state now."""
        return self.status.state

    @property
    def is_alarming(self) -> bool:
        """Whether somebody should look: broken, or nobody would notice if it were."""
        return self.state in {"broken", "stale"}


def view_signal(name: str, settings: SignalSettings, readings: Sequence[Reading], now: dt.datetime) -> Signal:
    """Return a declared signal with its state now; ``readings`` are newest first."""
    known = next((each for each in readings if each.value is not None), None)
    unit = known.unit if known else settings.unit
    line = [each.value for each in readings[:LINE_POINTS] if each.value is not None]
    return Signal(
        name=name,
        kind="signal",
        class_=settings.class_,
        model=settings.model,
        environment=settings.environment,
        status=state_of(settings, readings, now),
        value=known.value if known else None,
        unit=unit,
        threshold=threshold_of(settings),
        judged_by=say_threshold(threshold_of(settings), unit),
        observed_at=known.observed_at if known else None,
        fresh=settings.fresh,
        owner=settings.owner,
        runbook=settings.runbook,
        source=settings.source,
        expression=settings.expression,
        last=readings[0] if readings else None,
        line=tuple(reversed(line)),
    )


def read_declared(
    cursor: duckdb.DuckDBPyConnection, declared: Mapping[str, SignalSettings], *, now: dt.datetime
) -> list[Signal]:
    """Return the declared signals with their last readings."""
    return view_signals(declared, last_readings(cursor, most=NEWEST), now=now)


def view_signals(
    declared: Mapping[str, SignalSettings], readings: Mapping[str, Sequence[Reading]], *, now: dt.datetime
) -> list[Signal]:
    """Return declared signals with their states now; the readings of each are newest first."""
    return [view_signal(name, each, readings.get(name, ()), now) for name, each in declared.items()]


def view_heartbeat(beat: Heartbeat, now: dt.datetime) -> Signal:
    """Return a job's heartbeat as a signal: hours since it last succeeded."""
    since = (now - beat.last_success_at).total_seconds() / 3600 if beat.last_success_at else None
    most = (beat.every + beat.grace).total_seconds() / 3600
    return Signal(
        name=beat.job,
        kind="heartbeat",
        class_="stale_job",
        model=beat.model,
        environment=beat.environment,
        status=Status(state=_JOBS[beat.state], sentence=beat.sentence),
        value=since,
        unit="h",
        threshold=Threshold(max=most),
        judged_by=beat.threshold,
        observed_at=now if beat.last_at else None,  # its silence is what it tells by, and that is heard now
        fresh=beat.every + beat.grace,
        owner=beat.owner or "",
        runbook=beat.runbook or "",
        source="heartbeats",
    )


def sort_signals(signals: Sequence[Signal]) -> list[Signal]:
    """Return signals in the order in which a customer notices, and within a class the worst first."""
    return sorted(signals, key=lambda each: (CLASSES.index(each.class_), WORST_FIRST.index(each.state), each.name))
