from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.signals import Bins, Reading, judge, last_readings, lines_since, note_readings, readings_since
from lean_core.store import Store
from tests.signals.builders import NOW, a_reading, a_signal, measured

DAY = dt.timedelta(days=1)
LONG_AGO = NOW - 100 * DAY


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "lean.duckdb")


def note(store: Store, *readings: Reading, now: dt.datetime = NOW) -> None:
    with store.write() as cursor:
        note_readings(cursor, readings, now=now)


def test_what_was_read_is_read_back_whole(store: Store):
    bins = Bins(labels=("low", "high"), reference=(5, 5), current=(2, 8))
    answer = measured(0.3, unit="ratio", n=1_000, since=NOW - DAY, note="PSI over deciles.", bins=bins)
    reading = judge("drift", a_signal(max=0.2, for_=DAY), answer, earlier=(), now=NOW)
    note(store, reading, a_reading(None))
    with store.read() as cursor:
        assert last_readings(cursor, most=1) == {"drift": [reading], "errors": [a_reading(None)]}


def test_old_thresholds_stay_with_old_readings(store: Store):
    note(store, a_reading(0.04, at=NOW - DAY, max=0.05))
    note(store, a_reading(0.04, max=0.03))
    with store.read() as cursor:
        found = readings_since(cursor, "errors", NOW - 2 * DAY)
    assert [(each.threshold.max, each.verdict) for each in found] == [(0.03, "broken"), (0.05, "ok")]


def test_the_newest_come_first_and_no_more_than_asked_for(store: Store):
    note(store, *(a_reading(number / 100, at=NOW - number * DAY) for number in range(5)))
    with store.read() as cursor:
        assert [each.value for each in last_readings(cursor, most=3)["errors"]] == [0.0, 0.01, 0.02]


def test_lines_have_the_numbers_only_oldest_first(store: Store):
    note(store, a_reading(0.02), a_reading(None, at=NOW - DAY), a_reading(0.01, at=NOW - 2 * DAY))
    with store.read() as cursor:
        assert lines_since(cursor, NOW - 9 * DAY) == {"errors": [(NOW - 2 * DAY, 0.01), (NOW, 0.02)]}


def test_of_each_day_that_is_long_past_the_worst_reading_stays(store: Store):
    hours = [dt.timedelta(hours=hour) for hour in range(4)]
    values = [0.01, 0.9, None, 0.02]
    note(
        store, *(a_reading(value, at=LONG_AGO + hour) for value, hour in zip(values, hours, strict=True)), now=LONG_AGO
    )
    note(store, a_reading(0.01, at=LONG_AGO, signal="other"), now=LONG_AGO)
    note(store, a_reading(0.01), a_reading(0.02, at=NOW - dt.timedelta(minutes=1)))
    with store.read() as cursor:
        assert [each.value for each in readings_since(cursor, "errors", LONG_AGO - DAY)] == [0.01, 0.02, 0.9]
        assert [each.value for each in readings_since(cursor, "other", LONG_AGO - DAY)] == [0.01]


def test_of_readings_as_bad_as_each_other_the_last_of_the_day_stays(store: Store):
    note(store, *(a_reading(0.01 * hour, at=LONG_AGO + dt.timedelta(hours=hour)) for hour in range(4)), now=LONG_AGO)
    note(store)
    with store.read() as cursor:
        assert [each.value for each in readings_since(cursor, "errors", LONG_AGO - DAY)] == [0.03]
