"""``for``: held all the time, not held, or not known all the time."""

from __future__ import annotations

import datetime as dt

import pytest

from lean_core.debt.trigger import Facts, History, evaluate
from lean_core.errors import StoreBusy
from tests.debt.trigger.known_facts import DAY, NOW, facts, read


def say(text: str, now: object, **history: History) -> tuple[str, str]:
    reading = read(text, {"p95": now, "limit": 500}, history=history)
    return reading.state, reading.sentence


def test_what_held_all_the_time_fires_and_says_by_how_many_readings():
    past = [(NOW - 4 * DAY, 510), (NOW - 2 * DAY, 530)]
    assert say("p95 > 500 for 3d", 523, p95=past) == (
        "fired",
        "p95 is 523, which is more than 500, and was in each of the 3 readings of the last 3 days",
    )


def test_a_value_stays_until_the_next_one_is_seen():
    assert say("p95 > 500 for 3d", 523, p95=[(NOW - 4 * DAY, 510)])[0] == "fired"
    assert say("p95 > 500 for 3d", 523, p95=[(NOW - 3 * DAY, 510)])[0] == "fired"


def test_what_broke_within_the_time_is_armed():
    past = [(NOW - 4 * DAY, 510), (NOW - 2 * DAY, 480), (NOW - DAY, 530)]
    assert say("p95 > 500 for 3d", 523, p95=past) == (
        "armed",
        "p95 was 480, which was at most 500, until 2026-11-22 12:00 UTC, which is within the last 3 days",
    )


def test_what_does_not_hold_now_is_armed_whatever_was():
    assert say("p95 > 500 for 3d", 480) == ("armed", "p95 is 480, which is at most 500")


def test_what_is_known_for_less_than_the_time_can_not_be_told():
    assert say("p95 > 500 for 3d", 523, p95=[(NOW - 2 * DAY, 510)]) == (
        "cannot evaluate",
        "p95 is known only since 2026-11-21 12:00 UTC, and it must have been so for the last 3 days",
    )
    assert say("p95 > 500 for 12h", 523) == (
        "cannot evaluate",
        "p95 is known only since now, and it must have been so for the last 12 hours",
    )


def test_what_is_known_for_less_than_the_time_and_broke_in_it_is_armed():
    assert say("p95 > 500 for 3d", 523, p95=[(NOW - 2 * DAY, 480), (NOW - DAY, 510)])[0] == "armed"


def test_a_gap_can_not_be_told():
    past = [(NOW - 4 * DAY, 510), (NOW - 2 * DAY, None), (NOW - DAY, 530)]
    assert say("p95 > 500 for 3d", 523, p95=past) == (
        "cannot evaluate",
        "p95 was not known at 2026-11-21 12:00 UTC, and it must have been so for the last 3 days",
    )


def test_a_gap_that_ended_before_the_time_does_not_count():
    past = [(NOW - 5 * DAY, None), (NOW - 4 * DAY, 510)]
    assert say("p95 > 500 for 3d", 523, p95=past)[0] == "fired"


@pytest.mark.parametrize(("value", "state"), [(510, "cannot evaluate"), (480, "armed")])
def test_what_is_not_known_now_is_armed_only_where_it_broke(value: int, state: str):
    history = {"p95": [(NOW - 4 * DAY, value)]}
    reading = read("p95 > 500 for 3d", {}, unknown={"p95": "no answer"}, history=history)
    assert reading.state == state
    if state == "cannot evaluate":
        assert reading.sentence == "p95 is not known: no answer"


def test_a_value_of_another_type_within_the_time_can_not_be_told():
    assert say("p95 > 500 for 3d", 523, p95=[(NOW - 4 * DAY, "high")]) == (
        "cannot evaluate",
        'p95 was "high": text can\'t be compared with a number, and it must have been so for the last 3 days',
    )


def test_two_facts_are_compared_at_each_moment_at_which_one_changed():
    limits = [(NOW - 9 * DAY, 500), (NOW - 2 * DAY, 600), (NOW - DAY, 500)]
    past = [(NOW - 9 * DAY, 550)]
    assert say("p95 > limit for 3d", 550, p95=past, limit=limits) == (
        "armed",
        "p95 was 550, which was at most limit (600), until 2026-11-22 12:00 UTC, which is within the last 3 days",
    )
    assert say("p95 > limit for 1d", 550, p95=past, limit=limits)[0] == "fired"


def test_the_value_of_now_counts_instead_of_one_that_is_remembered_of_now():
    assert say("p95 > 500 for 1d", 523, p95=[(NOW - 2 * DAY, 510), (NOW, 1)])[0] == "fired"


def test_only_the_comparison_before_it_must_have_held():
    reading = read("b = 1 and a > 1 for 1d", {"a": 2, "b": 1}, history={"a": [(NOW - 2 * DAY, 2)]})
    assert reading.state == "fired"


def test_a_history_that_can_not_be_read_is_told():
    def busy(name: str, since: dt.datetime) -> History:
        raise StoreBusy("lean.duckdb is held by python (process 7)")

    plain = facts({"p95": 523})
    reading = evaluate("p95 > 1 for 1d", Facts(known=plain.known, packages="", now=NOW, history=busy))
    assert reading.state == "cannot evaluate"
    assert reading.sentence.startswith("what p95 was can't be read: lean.duckdb is held by python (process 7)")
