"""Answer questions about a log from what was counted of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from lean_core.settings import LogColumns, TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Unread
from lean_core.signals.log.count import LATENCY, bin_name
from lean_core.signals.log.counted import (
    count_errors,
    count_nulls,
    count_rows,
    judge_predictions,
    needed_columns,
    share_labels,
    time_answers,
)
from lean_core.signals.log.distribution import compare
from lean_core.signals.log.expression import DISTRIBUTIONS, Expression
from lean_core.signals.log.expression import LATENCY as LATENCY_MEASURES
from lean_core.signals.log.reference import name_some, past_window
from lean_core.signals.log.slot import slots_before
from lean_core.signals.log.table import count_future, read_served
from lean_core.signals.log.window import Histogram, Window, Windows

if TYPE_CHECKING:
    import duckdb

_HOUR = dt.timedelta(hours=1)


def answer(windows: Windows, telemetry: TelemetrySettings, question: Question, expression: Expression) -> Answer:
    """Return the answer to a question."""
    window, cursor = windows.open(question), windows.cursor
    assert telemetry.columns is not None  # noqa: S101 - the settings were checked
    unread = _check_columns(window, expression, telemetry.columns)
    if unread:
        return unread
    match expression.measure:
        case "age":
            return _tell_age(cursor, window)
        case "rows":
            return count_rows(window)
        case _ if not window.rows:
            return window.fail("empty", _say_empty(cursor, window), n=0)
        case measure if measure in LATENCY_MEASURES:
            found = time_answers(window, expression, windows.histogram(LATENCY, window.slots))
        case measure if measure in DISTRIBUTIONS:
            found = _compare(windows, window, telemetry, expression)
        case measure:
            found = _COUNTED.get(measure, judge_predictions)(window, expression)
    if not isinstance(found, Measured):
        return found
    names = [name for _, name in needed_columns(expression, telemetry.columns)]
    notes = [found.note, *(each for name in names for each in window.tell_absence(name))]
    return dataclasses.replace(found, note=" ".join(filter(None, notes)))


_COUNTED: dict[str, Callable[[Window, Expression], Answer]] = {
    "errors": count_errors,
    "error_rate": count_errors,
    "nulls": count_nulls,
    "label_share": share_labels,
}


def _compare(windows: Windows, window: Window, telemetry: TelemetrySettings, expression: Expression) -> Answer:
    if not telemetry.reference:
        sentence = (
            'There is nothing to hold it against: name a reference, the path of a table or a past window ("28d").'
        )
        return window.fail("refused", sentence)
    if window.log.reference_trouble:
        return window.fail("missing", window.log.reference_trouble)
    window = dataclasses.replace(window, slots=window.slots.long)
    current = windows.histogram(bin_name(expression.feature), window.slots)
    return compare(window, expression, current, _refer(windows, window, telemetry, expression.feature))


def _refer(windows: Windows, window: Window, telemetry: TelemetrySettings, feature: str) -> Histogram:
    length = past_window(telemetry.reference)
    if length is None:
        return window.log.reference.counts.get(feature, {})
    return windows.histogram(bin_name(feature), slots_before(window.slots, length))


def _check_columns(window: Window, expression: Expression, columns: LogColumns) -> Unread | None:
    for key, name in [("time", columns.time), *needed_columns(expression, columns)]:
        if not name:
            sentence = (
                f"{expression.measure} needs to know the column: name it as {key} under [telemetry.NAME.columns]."
            )
            return window.fail("refused", sentence)
        files = (window.files if key != "time" else ()) or window.log.files
        if not any(name in file.columns for file in files):
            return window.fail(
                "malformed", f'No file has the column "{name}": there are {name_some(files[-1].columns)}.'
            )
    return None


def _tell_age(cursor: duckdb.DuckDBPyConnection, window: Window) -> Answer:
    at = window.question.at
    served = read_served(cursor, window.log.files, last_slot=window.slots.last)
    if not served:
        return window.fail("empty", _say_empty(cursor, window), n=0)
    newest = served[0].newest
    ahead = [f"The newest row is of {newest:%Y-%m-%d %H:%M:%S}, in the future."] if newest > at else []
    return Measured(
        value=max(0.0, (at - newest) / _HOUR),
        observed_at=at,
        source=window.source(),
        unit="h",
        n=sum(each.rows for each in served),
        note=" ".join((*ahead, *_say_future(cursor, window), *window.doubts())),
    )


def _say_empty(cursor: duckdb.DuckDBPyConnection, window: Window) -> str:
    served = read_served(cursor, window.log.files, last_slot=window.slots.last)
    newest = f"the newest is of {served[0].newest:%Y-%m-%d %H:%M}" if served else "nor before"
    said = [f"No row from {window.since:%Y-%m-%d %H:%M} to {window.question.at:%Y-%m-%d %H:%M}, {newest}."]
    return " ".join((*said, *_say_future(cursor, window)))


def _say_future(cursor: duckdb.DuckDBPyConnection, window: Window) -> list[str]:
    future = count_future(cursor, window.log.files, last_slot=window.slots.last)
    return [f"{future:,} rows lie in the future and do not count: a clock is ahead."] if future else []
