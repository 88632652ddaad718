"""Declared signals as the fourth check counts them, and as facts."""

from __future__ import annotations

import datetime as dt

import pytest

from lean_core.checkpoint.checks import check_signal
from lean_core.checkpoint.facts import facts_of_signals
from lean_core.checkpoint.watches import watch_signals
from lean_core.signals import CLASSES, Reading, Signal, view_signal
from tests.checkpoint.builders import NOW, about
from tests.signals.builders import a_reading, a_signal

HOUR = dt.timedelta(hours=1)


def signal(*readings: Reading, name: str = "errors", **said) -> Signal:
    settings = a_signal(**{"class_": "errors", "owner": "ana"} | said)
    return view_signal(name, settings, readings, NOW)


def good(name: str = "errors", **said) -> Signal:
    return signal(a_reading(at=NOW - HOUR, signal=name), name=name, **said)


def check(*signals: Signal):
    return check_signal(about(), list(watch_signals(about(), signals)))


def test_readings_of_a_real_system_answer_the_check():
    answered = check(good(), good("age", class_="stale_job"))
    assert (answered.status, answered.news, answered.score) == ("answered", "good", 1)
    assert [each.source for each in answered.evidence] == ["signal:errors", "signal:age"]
    assert "The signal errors tells when it is broken (at most 0.05; owner ana): 0.01" in answered.sentence


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_tells_something(name: str):
    (watch,) = watch_signals(about(), [good(class_=name)])
    assert watch.tells in {"broken", "stale"}


def test_a_broken_signal_is_bad_news_and_leads_to_its_page():
    broken = signal(a_reading(0.5, at=NOW - HOUR))
    answered = check(broken, good("age", class_="stale_job"))
    assert (answered.status, answered.news) == ("answered", "bad")
    assert answered.action
    assert answered.action.page == "signals?signal=errors"


def test_a_signal_that_was_last_read_too_long_ago_does_not_count():
    old = signal(a_reading(at=NOW - 30 * HOUR))
    answered = check(old, good("age", class_="stale_job"))
    assert (answered.status, answered.news) == ("stale", "bad")


def test_a_source_that_fails_now_does_not_count_though_it_once_answered():
    failing = signal(a_reading(None, at=NOW - HOUR), a_reading(at=NOW - 2 * HOUR))
    answered = check(failing, good("age", class_="stale_job"))
    assert answered.status == "missing"
    assert "does not: Nothing listens there." in answered.sentence


def test_signals_of_other_models_and_environments_do_not_count():
    assert not list(watch_signals(about(), [good(model="fraud"), good(environment="dev")]))


def test_facts_count_the_bad_and_tell_each():
    found = {
        fact.name: fact.value
        for fact in facts_of_signals([good(), signal(a_reading(0.5, at=NOW), name="drift"), signal(name="new")], NOW)
    }
    assert found == {
        "signals.broken": 1,
        "signals.stale": 0,
        "signals.unknown": 1,
        "signals.warn": 0,
        "signals.errors.state": "ok",
        "signals.errors.value": 0.01,
        "signals.drift.state": "broken",
        "signals.drift.value": 0.5,
        "signals.new.state": None,
        "signals.new.value": None,
    }


def test_a_number_that_no_longer_counts_is_no_fact():
    facts = {fact.name: fact for fact in facts_of_signals([signal(a_reading(at=NOW - 30 * HOUR))], NOW)}
    assert facts["signals.errors.state"].value == "stale"
    assert facts["signals.errors.value"].value is None
    assert "a reading counts for 1d" in facts["signals.errors.value"].unknown
