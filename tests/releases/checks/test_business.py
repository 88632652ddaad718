from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.releases.checks.business import Reading, check_business, read_business
from lean_core.settings import BusinessSettings, SignalSettings
from lean_core.signals import Answer, Measured, Source, Unread, judge, view_signal

TODAY = dt.date(2026, 11, 23)
STATED = BusinessSettings(min=0.4, value=0.42, as_of=dt.date(2026, 11, 1), max_age=dt.timedelta(days=30))
NOT_YET = BusinessSettings(not_yet="labels come in March", by=dt.date(2026, 11, 23))
FROM_FILE = BusinessSettings(min=0.4, file="retention.json")


def check(settings: BusinessSettings, reading: Reading, *, today: dt.date = TODAY):
    return check_business("retention", settings, reading, today=today)


def stated(value: float, as_of: dt.date) -> Reading:
    return Reading(value=value, as_of=as_of)


def test_a_value_within_its_limits_passes_with_its_date():
    result = check(STATED, stated(0.42, dt.date(2026, 11, 1)))
    assert (result.name, result.verdict, result.value) == ("business.retention", "pass", 0.42)
    assert result.reason == "retention as of 2026-11-01: 0.42"


def test_a_value_below_its_limit_fails():
    result = check(STATED, stated(0.39, dt.date(2026, 11, 1)))
    assert (result.verdict, result.reason) == ("fail", "retention as of 2026-11-01: 0.39 is less than 0.4")


def test_a_value_is_stale_from_the_day_after_its_age_on():
    assert check(STATED, stated(0.42, TODAY - dt.timedelta(days=30))).verdict == "pass"
    stale = check(STATED, stated(0.42, TODAY - dt.timedelta(days=31)))
    assert (stale.verdict, stale.reason) == ("unknown", "retention is 31 days old, more than 30: measure it anew")


def test_a_value_of_tomorrow_is_unknown():
    assert check(STATED, stated(0.42, TODAY + dt.timedelta(days=1))).verdict == "unknown"


def test_what_need_not_exist_yet_passes_until_its_date_and_is_unknown_after():
    before = check(NOT_YET, Reading(), today=TODAY)
    assert (before.verdict, before.value) == ("pass", "not yet")
    assert before.reason == "retention need not exist before 2026-11-23: labels come in March"
    after = check(NOT_YET, Reading(), today=TODAY + dt.timedelta(days=1))
    assert after.verdict == "unknown"
    assert "should exist since 2026-11-23" in after.reason


def test_a_stated_value_is_its_own_evidence():
    reading = read_business(STATED, folder=Path())
    assert reading == Reading(value=0.42, as_of=dt.date(2026, 11, 1), evidence=("lean.toml 0.42 as of 2026-11-01",))


def test_a_file_states_value_and_date_and_its_digest_is_evidence(tmp_path: Path):
    (tmp_path / "retention.json").write_text('{"value": 0.5, "as_of": "2026-11-20", "n": 12}')
    reading = read_business(FROM_FILE, folder=tmp_path)
    assert (reading.value, reading.as_of) == (0.5, dt.date(2026, 11, 20))
    assert reading.evidence[0].startswith("retention.json sha256:")
    assert check(FROM_FILE, reading).verdict == "pass"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"value": 1}', '{"value": "1", "as_of": "2026-11-20"}', '{"value": true, "as_of": "2026-11-20"}',
     '{"value": NaN, "as_of": "2026-11-20"}', '{"value": 1, "as_of": "last week"}', '{"value": 1, "as_of": 3}', "\xff"],
)  # fmt: skip
def test_a_file_that_says_no_value_is_unknown(tmp_path: Path, content: str):
    (tmp_path / "retention.json").write_text(content, encoding="latin-1")
    result = check(FROM_FILE, read_business(FROM_FILE, folder=tmp_path))
    assert (result.verdict, result.value) == ("unknown", None)
    assert "retention.json" in result.reason


def test_a_file_that_is_not_there_is_unknown(tmp_path: Path):
    result = check(FROM_FILE, read_business(FROM_FILE, folder=tmp_path))
    assert result.verdict == "unknown"
    assert "retention.json can't be read (No such file or directory)" in result.reason


# Of a signal

BY_SIGNAL = BusinessSettings(min=0.4, signal="kept", max_age=dt.timedelta(days=30))
DECLARED = SignalSettings(
    source="db", expression="select 1", class_="business", model="churn", environment="prod", min=0.1
)


def last_reading(answer: Answer, *, at: dt.datetime, now: dt.datetime) -> Reading:
    """Return the reading of a gate, of a signal that was last read at a time."""
    last = judge("kept", DECLARED, answer, earlier=(), now=at)
    return read_business(BY_SIGNAL, folder=Path(), read_signal=lambda _: view_signal("kept", DECLARED, [last], now))


def test_the_last_number_of_a_signal_is_judged_by_the_gates_own_limits():
    at = dt.datetime(2026, 11, 23, 9)
    answer = Measured(value=0.2, observed_at=at, source=Source(place="the database"))
    result = check(BY_SIGNAL, last_reading(answer, at=at, now=at))
    assert (result.verdict, result.reason) == ("fail", "retention as of 2026-11-23: 0.2 is less than 0.4")
    assert result.evidence == ("signal kept 0.2 observed 2026-11-23T09:00Z",)


def test_a_signal_that_was_not_read_for_too_long_is_unknown():
    at = dt.datetime(2026, 11, 20, 9)
    answer = Measured(value=0.6, observed_at=at, source=Source(place="the database"))
    result = check(BY_SIGNAL, last_reading(answer, at=at, now=at + dt.timedelta(days=2)))
    assert result.verdict == "unknown"
    assert "It was last read 2 days ago" in result.reason


def test_a_signal_that_can_not_be_read_is_unknown():
    at = dt.datetime(2026, 11, 23, 9)
    unread = Unread(trouble="unreachable", sentence="Nothing listens there.", source=Source(place="the database"))
    assert (
        check(BY_SIGNAL, last_reading(unread, at=at, now=at)).reason == "retention is not known: Nothing listens there."
    )


def test_a_signal_that_nobody_declares_is_unknown():
    result = check(BY_SIGNAL, read_business(BY_SIGNAL, folder=Path()))
    assert (result.verdict, result.reason) == ("unknown", "retention is not known: lean.toml declares no signal kept")
