from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.signals import judge, state_of
from tests.signals.builders import NOW, a_reading, a_signal, measured, unread

HOUR = dt.timedelta(hours=1)


def read(value: float, *, earlier=(), unit="", **said):
    return judge("errors", a_signal(**said), measured(value, unit=unit), earlier=earlier, now=NOW)


@pytest.mark.parametrize(
    ("value", "said", "verdict"),
    [
        (0.05, {"max": 0.05}, "ok"),
        (0.0501, {"max": 0.05}, "broken"),
        (0.05, {"min": 0.05}, "ok"),
        (0.0499, {"min": 0.05}, "broken"),
        (0.03, {"max": 0.05, "warn": 0.03}, "warn"),
        (0.029, {"max": 0.05, "warn": 0.03}, "ok"),
        (0.07, {"min": 0.05, "warn": 0.07}, "warn"),
        (0.08, {"min": 0.05, "warn": 0.07}, "ok"),
        (1.0, {"min": 2.0, "max": 3.0}, "broken"),
        (4.0, {"min": 2.0, "max": 3.0}, "broken"),
        (2.5, {"min": 2.0, "max": 3.0}, "ok"),
    ],
)
def test_a_number_is_judged_by_its_threshold(value, said, verdict):
    assert read(value, **said).verdict == verdict


def test_a_reading_says_value_threshold_and_what_it_was_judged_by():
    reading = read(0.08, unit="ratio", max=0.05, warn=0.03)
    assert reading.sentence == "8 %, allowed is at most 5 %, a warning from 3 % on."
    assert (reading.threshold.max, reading.threshold.warn) == (0.05, 0.03)


def test_without_a_number_it_is_unknown_and_says_why():
    reading = judge("errors", a_signal(), unread(), earlier=(), now=NOW)
    assert (reading.verdict, reading.value, reading.trouble) == ("unknown", None, "unreachable")
    assert reading.sentence == "Nothing listens there."


def test_a_number_of_the_future_is_not_believed():
    answer = measured(0.01, at=NOW + HOUR)
    assert judge("errors", a_signal(), answer, earlier=(), now=NOW).verdict == "unknown"


# For a duration


def test_beyond_for_less_than_the_duration_is_a_warning():
    reading = read(0.08, for_=HOUR, earlier=[a_reading(0.08, at=NOW - HOUR / 2)])
    assert reading.verdict == "warn"
    assert "It is beyond since 2026-11-23 11:30 UTC; it counts as broken after 1h." in reading.sentence


def test_beyond_for_as_long_as_the_duration_is_broken():
    reading = read(0.08, for_=HOUR, earlier=[a_reading(0.08, at=NOW - HOUR)])
    assert reading.verdict == "broken"
    assert "It has been so since 2026-11-23 11:00 UTC." in reading.sentence


def test_a_good_reading_in_between_begins_the_duration_anew():
    earlier = [a_reading(0.08, at=NOW - HOUR / 4), a_reading(0.01, at=NOW - HOUR / 2), a_reading(0.08, at=NOW - HOUR)]
    assert read(0.08, for_=HOUR, earlier=earlier).verdict == "warn"


def test_a_reading_that_failed_in_between_ends_nothing():
    earlier = [a_reading(None, at=NOW - HOUR / 2), a_reading(0.08, at=NOW - HOUR)]
    assert read(0.08, for_=HOUR, earlier=earlier).verdict == "broken"


# The state now


def test_a_signal_that_was_never_read_is_unknown():
    status = state_of(a_signal(), [], NOW)
    assert (status.state, status.sentence) == ("unknown", "It was never read: `lean-mlops signals` reads it.")


def test_a_good_reading_counts_for_as_long_as_it_is_fresh():
    reading = a_reading(at=NOW - dt.timedelta(hours=6))
    assert state_of(a_signal(fresh=dt.timedelta(hours=6)), [reading], NOW).state == "ok"
    assert state_of(a_signal(fresh=dt.timedelta(hours=6)), [reading], NOW + dt.timedelta(seconds=1)).state == "stale"


def test_what_the_source_knew_long_ago_is_stale_though_it_was_read_just_now():
    reading = judge("errors", a_signal(), measured(0.01, at=NOW - 30 * HOUR), earlier=(), now=NOW)
    status = state_of(a_signal(), [reading], NOW)
    assert status.state == "stale"
    assert status.sentence.startswith("What the source knows is 30 h old")


def test_a_source_that_fails_now_is_not_covered_by_an_older_number():
    status = state_of(a_signal(), [a_reading(None), a_reading(0.01, at=NOW - HOUR)], NOW)
    assert status.state == "unknown"
    assert status.sentence == "Nothing listens there. The last number was 0.01, of 2026-11-23 11:00 UTC."


def test_a_paused_signal_says_why():
    status = state_of(a_signal(paused="the API moves house"), [a_reading(9.0)], NOW)
    assert (status.state, status.sentence) == ("paused", "Paused: the API moves house")


@given(
    value=st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    hours=st.integers(min_value=0, max_value=1000),
    limit=st.integers(min_value=1, max_value=1000),
)
def test_it_is_never_ok_without_a_good_number_within_its_limit(value, hours, limit):
    reading = a_reading(value, at=NOW - hours * HOUR, max=1.0)
    status = state_of(a_signal(max=1.0, fresh=limit * HOUR), [reading], NOW)
    if status.state == "ok":
        assert value is not None
        assert value <= 1.0
        assert hours <= limit
