from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.settings import HeartbeatSettings
from tests.signals.heartbeats.builders import a_beat, at, daily, judged

HOURLY = HeartbeatSettings(every=dt.timedelta(hours=1), grace=dt.timedelta(minutes=30))


def test_a_job_that_never_beat_is_new():
    found = judged([], hours=0, settings=HOURLY)
    assert (found.state, found.is_alarming, found.last_at, found.due) == ("new", False, None, None)


@pytest.mark.parametrize(
    ("hours", "state"), [(0, "up"), (1, "up"), (1.01, "late"), (1.5, "late"), (1.51, "down"), (9_999, "down")]
)
def test_silence_is_late_within_grace_and_down_beyond_it(hours: float, state: str):
    found = judged([a_beat()], hours=hours, settings=HOURLY)
    assert (found.state, found.due, found.deadline) == (state, at(1), at(1.5))
    assert found.is_alarming == (state != "up")


def test_the_sentence_has_the_times():
    assert judged([a_beat(seconds=200)], hours=1.2, settings=HOURLY).sentence == (
        "The last run that succeeded ended on 2026-11-23 12:00 UTC, after 3 min. The next success was due by"
        " 2026-11-23 13:00 UTC; it counts as down from 2026-11-23 13:30 UTC on."
    )
    failed = judged([a_beat("fail", exit_code=3, seconds=1.5, note="no space left")], hours=0.1).sentence
    assert failed == "The last run failed on 2026-11-23 12:00 UTC with exit code 3 after 1.5 s: no space left."


def test_a_failure_lasts_until_a_success_and_not_until_another_start():
    beats = [a_beat(), a_beat("fail", hours=1)]
    assert judged(beats, hours=1.1).state == "failed"
    beats.append(a_beat("start", hours=1.2))
    assert judged(beats, hours=1.3).state == "failed"
    assert "A run has been going on since 2026-11-23 13:12 UTC." in judged(beats, hours=1.3).sentence
    beats.append(a_beat(hours=1.4))
    assert judged(beats, hours=1.5).state == "up"


def test_a_job_that_failed_and_then_fell_silent_is_down():
    assert judged([a_beat("fail")], hours=1.5, settings=HOURLY).state == "failed"
    assert judged([a_beat("fail")], hours=1.6, settings=HOURLY).state == "down"


def test_a_run_that_began_in_time_is_running_even_past_due():
    beats = [*daily(7_200, 7_200, 7_200), a_beat("start", hours=23.5)]
    assert judged(beats, hours=24.5).state == "running"
    assert judged(beats, hours=27.6).state == "down"  # it takes too long, and the job's time is over


def test_a_run_that_takes_more_than_twice_the_median_takes_too_long():
    beats = [*daily(600, 620, 580), a_beat("start", hours=20)]
    assert judged(beats, hours=20.3).state == "running"
    assert judged(beats, hours=20.4).state == "running too long"
    assert "though its runs take 10 min" in judged(beats, hours=20.4).sentence


def test_a_start_after_the_job_was_down_does_not_make_it_well():
    beats = [a_beat(), a_beat("start", hours=30)]
    found = judged(beats, hours=30.1)
    assert found.state == "down"
    assert "going on since" in found.sentence


def test_a_job_that_dies_in_each_run_is_down_however_often_it_starts():
    beats = [a_beat("start", hours=hours) for hours in range(72)]
    assert judged(beats, hours=71.5, settings=HOURLY).state == "down"


def test_the_first_run_may_take_as_long_as_the_job_has_time():
    assert judged([a_beat("start")], hours=1.4, settings=HOURLY).state == "running"
    assert judged([a_beat("start")], hours=1.6, settings=HOURLY).state == "down"


@pytest.mark.parametrize(
    ("last", "state"),
    [(600, "up"), (299, "suspiciously short"), (301, "up"), (1_199, "up"), (1_201, "running too long")],
)
def test_a_run_is_compared_with_the_median_of_those_before_it(last: float, state: str):
    assert judged(daily(600, 600, 600, last), hours=1).state == state


def test_only_the_last_ten_runs_count():
    assert judged(daily(*[10_000] * 20, *[600] * 10, 700), hours=1).median_seconds == 600


def test_few_runs_and_moments_are_not_compared():
    assert judged(daily(600, 600, 5), hours=1).state == "up"
    assert judged(daily(0.3, 0.3, 0.3, 0.9), hours=1).state == "up"


def test_a_run_told_by_start_and_success_has_its_duration():
    beats = [beat for day in range(4) for beat in (a_beat("start", hours=24 * day), a_beat(hours=24 * day + 1))]
    assert judged(beats, hours=74).median_seconds == 3_600


def test_two_runs_at_once_are_told_apart():
    beats = [
        a_beat("start", run="a"),
        a_beat("start", hours=0.1, run="b"),
        a_beat(hours=0.2, run="a", seconds=720),
    ]
    assert judged(beats, hours=0.3).state == "running"
    assert judged([*beats, a_beat(hours=0.4, run="b", seconds=1_080)], hours=0.5).state == "up"


def test_lean_toml_goes_before_the_beats_and_the_newest_beat_before_older_ones():
    beats = [a_beat(every_seconds=60), a_beat(hours=1, every_seconds=7_200, grace_seconds=600)]
    assert (judged(beats, hours=1).every, judged(beats, hours=1).grace) == (
        dt.timedelta(hours=2),
        dt.timedelta(minutes=10),
    )
    assert judged(beats, hours=1, settings=HOURLY).threshold == "a run succeeds every 1h, with 30m of grace"


def test_where_nobody_says_how_often_a_day_is_assumed_and_said_to_be():
    found = judged([a_beat()], hours=26)
    assert (found.state, found.every) == ("down", dt.timedelta(days=1))
    assert "assumed" in found.threshold


def test_grace_is_never_longer_than_the_interval_unless_it_is_said():
    assert judged([a_beat(every_seconds=300)], hours=0).grace == dt.timedelta(minutes=5)


def test_what_lies_in_the_future_has_not_happened():
    assert judged([a_beat(), a_beat("fail", hours=2)], hours=1).state == "up"


ANY_BEAT = st.builds(
    lambda said, minutes, run, seconds: a_beat(said, hours=minutes / 60, run=run, seconds=seconds),
    st.sampled_from(["start", "success", "fail"]),
    st.integers(0, 4_000),
    st.sampled_from([None, "a", "b"]),
    st.none() | st.floats(0, 5_000),
)


@given(st.lists(ANY_BEAT, max_size=30), st.randoms(), st.integers(0, 5_000))
def test_the_state_does_not_depend_on_the_order_of_arrival(beats, random, minutes: int):
    shuffled = list(beats)
    random.shuffle(shuffled)
    assert judged(shuffled, hours=minutes / 60) == judged(beats, hours=minutes / 60)


@given(st.lists(ANY_BEAT, max_size=30), st.integers(0, 5_000))
def test_nobody_is_well_without_a_success_in_time(beats, minutes: int):
    found = judged(beats, hours=minutes / 60)
    if found.state in {"up", "suspiciously short"}:
        assert found.last_success_at is not None
        assert at(minutes / 60) <= found.due
