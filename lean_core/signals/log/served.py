"""Which version of the model made the newest predictions."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Question, Source, Surroundings, Unread
from lean_core.signals.log.refresh import refresh, span_of
from lean_core.signals.log.slot import slot_of
from lean_core.signals.log.table import Served, read_served


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedVersion:
    """The version that a log's newest row names."""

    version: str
    at: dt.datetime
    """The time of that row, naive UTC."""
    source: Source
    others: tuple[Served, ...]
    """All versions in the log up to now, the one with the newest row first."""


def observed_version(telemetry: TelemetrySettings, around: Surroundings, now: dt.datetime) -> ObservedVersion | Unread:
    """Return the version of the newest rows of a log.

    Args:
        telemetry: of kind "log".
        around: what may be used.
        now: naive UTC; later rows do not count.

    Raises:
        StoreError: the workspace's file can't be used.
    """
    source = Source(place=telemetry.path, query="the version of the newest row")
    columns = telemetry.columns
    if columns is None or not columns.version:
        sentence = "The log has no column for the version: name it as version under [telemetry.NAME.columns]."
        return Unread(trouble="refused", sentence=sentence, source=source)
    # No feature is asked for: nothing but rows, versions and sums is counted.
    light = dataclasses.replace(telemetry, reference="")
    question = Question(signal="", expression="", window=dt.timedelta(), at=now)
    log = refresh(light, around, span_of(light, [question]))
    if isinstance(log, Unread):
        return log
    with around.store.read() as cursor:
        served = read_served(cursor, log.files, last_slot=slot_of(now))
    if not any(columns.version in file.columns for file in log.files):
        sentence = f'No file of {log.place} has the column "{columns.version}".'
        return Unread(trouble="malformed", sentence=sentence, source=source)
    if not served or served[0].version is None:
        sentence = f"The newest row of {log.place} names no version." if served else f"{log.place} has no row yet."
        return Unread(trouble="empty", sentence=sentence, source=source)
    return ObservedVersion(version=served[0].version, at=served[0].newest, source=source, others=tuple(served))
