"""States over time: a change is kept with what it rested on, and a snooze leaves one state alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.debt.trigger import (
    Reading,
    Snooze,
    TriggerState,
    end_snooze,
    kept_states,
    note_readings,
    snooze,
    trigger_history,
    trigger_states,
)
from lean_core.errors import DebtRefused, UsageError
from lean_core.store import Store, entries, scalar
from tests.conftest import FrozenClock
from tests.debt.trigger.known_facts import known, read

TWO, THREE = "live_models >= 2", "live_models >= 3"


class Log:
    """A workspace's triggers, looked at again and again."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.store, self.clock = store, clock

    def look(self, live: int | None, expression: str = TWO, *, item: str = "D-1") -> TriggerState:
        unknown = {"live_models": "no answer"} if live is None else {}
        reading = read(expression, {} if live is None else {"live_models": live}, unknown=unknown)
        self.clock.advance(hours=1)
        with self.store.write() as cursor:
            note_readings(cursor, {item: (expression, reading)}, now=self.clock.time)
        return self.state({item: (expression, reading)})

    def state(self, readings: dict[str, tuple[str, Reading]]) -> TriggerState:
        with self.store.read() as cursor:
            (state,) = trigger_states(cursor, readings, now=self.clock.time)
        return state

    def kept(self) -> list[TriggerState]:
        with self.store.read() as cursor:
            return kept_states(cursor, now=self.clock.time)

    def snooze(self, *, days: float = 30, expression: str = TWO, reason: str = "after the launch") -> dt.datetime:
        until = self.clock.time + dt.timedelta(days=days)
        with self.store.write() as cursor:
            snooze(cursor, Snooze(item="D-1", expression=expression, until=until, reason=reason), actor="ana")
        return until

    def wake(self) -> None:
        with self.store.write() as cursor:
            end_snooze(cursor, "D-1", actor="bo")

    def count(self) -> int:
        with self.store.read() as cursor:
            return int(scalar(cursor, "select count(*) from debt_trigger"))


@pytest.fixture
def log(tmp_path: Path, clock: FrozenClock) -> Log:
    return Log(Store(tmp_path / "lean.duckdb"), clock)


def test_a_state_is_written_once_and_again_only_when_it_changes(log: Log):
    assert [log.look(live).state for live in (1, 1, 2, 3, 1, None, None)] == [
        *("armed", "armed", "fired", "fired", "armed", "cannot evaluate", "cannot evaluate")
    ]
    assert log.count() == 4


def test_a_fired_trigger_keeps_what_it_fired_on_and_since_when(log: Log):
    first = log.look(2)
    later = log.look(5)
    assert later == first
    assert (later.sentence, later.since) == ("live_models is 2, which is at least 2", dt.datetime(2026, 11, 23, 13))
    assert [(each.name, each.value) for each in later.evidence] == [("live_models", 2)]


def test_an_armed_trigger_says_what_it_rests_on_now(log: Log):
    first = log.look(0)
    later = log.look(1)
    assert later.sentence == "live_models is 1, which is less than 2"
    assert later.since == first.since


def test_one_that_fires_anew_after_having_been_armed_keeps_the_new_evidence(log: Log):
    log.look(2)
    log.look(1)
    assert log.look(7).sentence == "live_models is 7, which is at least 2"
    with log.store.read() as cursor:
        history = trigger_history(cursor, "D-1")
    assert [(each.state, each.evidence[0].value) for each in history] == [("fired", 7), ("armed", 1), ("fired", 2)]


def test_another_expression_is_another_trigger_even_in_the_same_state(log: Log):
    first = log.look(5)
    later = log.look(5, THREE)
    assert later.since > first.since
    assert later.expression == THREE
    assert log.count() == 2


def test_a_reading_that_was_not_noted_is_shown_all_the_same(log: Log):
    log.look(1)
    log.clock.advance(days=1)
    state = log.state({"D-1": (TWO, read(TWO, {"live_models": 2}))})
    assert (state.state, state.since) == ("fired", log.clock.time)
    assert log.count() == 1


def test_what_was_noted_last_can_be_told_without_looking(log: Log):
    shown = [log.look(2), log.look(None, item="D-2"), log.look(1, item="D-3")]
    assert log.kept() == shown


def test_what_needs_somebody_comes_first(log: Log):
    log.look(1, item="D-0")
    log.look(None, item="D-2")
    log.look(2, item="D-1")
    log.snooze()
    log.look(2, item="D-9")
    log.look(2, item="D-3")
    assert [(each.item, each.state) for each in log.kept()] == [
        ("D-9", "fired"),
        ("D-3", "fired"),
        ("D-2", "cannot evaluate"),
        ("D-1", "snoozed"),
        ("D-0", "armed"),
    ]


# Snoozing


def test_a_snoozed_trigger_says_until_when_by_whom_and_why_and_what_is_left_alone(log: Log):
    log.look(2)
    until = log.snooze()
    state = log.look(3)
    assert (state.state, state.snoozed_until, state.snoozed_by, state.reason) == (
        *("snoozed", until, "ana", "after the launch"),
    )
    assert state.sentence == "live_models is 2, which is at least 2"
    assert log.kept() == [state]


def test_it_speaks_again_when_the_time_is_over(log: Log):
    log.look(2)
    until = log.snooze(days=1)
    log.clock.time = until - dt.timedelta(hours=1, seconds=1)
    assert log.look(2).state == "snoozed"
    assert log.look(2).state == "fired"


def test_it_speaks_again_when_its_expression_changes_even_for_a_while(log: Log):
    log.look(5)
    log.snooze()
    assert log.look(5, THREE).state == "fired"
    assert log.look(5, TWO).state == "fired"


def test_it_speaks_again_when_it_fires_anew_after_having_been_armed(log: Log):
    log.look(2)
    log.snooze()
    assert log.look(1).state == "armed"
    assert log.look(2).state == "fired"


def test_one_that_fires_is_heard_although_it_was_snoozed_while_it_could_not_be_evaluated(log: Log):
    log.look(None)
    log.snooze()
    assert log.look(None).state == "snoozed"
    assert log.look(2).state == "fired"


def test_one_that_can_not_be_evaluated_is_heard_although_it_was_snoozed_when_it_fired(log: Log):
    log.look(2)
    log.snooze()
    assert log.look(None).state == "cannot evaluate"
    assert log.look(2).state == "snoozed", "it was never armed in between"


def test_a_snooze_may_be_ended_and_ending_it_twice_is_no_error(log: Log):
    log.look(2)
    log.snooze()
    log.wake()
    log.wake()
    assert log.look(2).state == "fired"


def test_snoozing_again_takes_the_place_of_the_snooze_before(log: Log):
    log.look(2)
    log.snooze(days=1)
    until = log.snooze(days=9, reason="after the holidays")
    state = log.look(2)
    assert (state.snoozed_until, state.reason) == (until, "after the holidays")


def test_each_snooze_is_in_the_journal_with_who_and_what_it_was_before(log: Log):
    log.look(2)
    first, second = log.snooze(days=1), log.snooze(days=9, reason="  later ")
    log.wake()
    with log.store.read() as cursor:
        journal = entries(cursor, noun="debt snooze", subject="D-1")
    one = {"expression": TWO, "until": first.isoformat(), "reason": "after the launch"}
    two = {"expression": TWO, "until": second.isoformat(), "reason": "later"}
    assert [(each.actor, each.action, each.before, each.after) for each in journal] == [
        ("bo", "delete", two, None),
        ("ana", "update", one, two),
        ("ana", "create", None, one),
    ]


@pytest.mark.parametrize(
    ("live", "asked", "said"),
    [
        (2, {"days": 0}, "a snooze until 2026-11-23 is over already: name a day after 2026-11-23"),
        (2, {"reason": " "}, "a snooze needs a reason in one line of 1 to 500 characters: say why it may wait"),
        (2, {"reason": "x" * 501}, "a snooze needs a reason in one line of 1 to 500 characters: say why it may wait"),
        (2, {"reason": "a\nb"}, "a snooze needs a reason in one line of 1 to 500 characters: say why it may wait"),
        (2, {"expression": THREE}, "the trigger of D-1 was not evaluated yet as it is now: look at it again first"),
        (1, {}, "the trigger of D-1 has not fired: there is nothing to snooze"),
    ],
)
def test_a_snooze_that_makes_no_sense_is_refused(log: Log, live: int, asked: dict, said: str):
    log.look(live)
    with pytest.raises(UsageError) as raised:
        log.snooze(**asked)
    assert str(raised.value) == said
    with log.store.read() as cursor:
        assert entries(cursor, noun="debt snooze", subject="D-1") == []


def test_a_reason_that_holds_a_credential_is_refused_and_not_repeated(log: Log):
    log.look(2)
    with pytest.raises(DebtRefused) as raised:
        log.snooze(reason="the key is AKIAIOSFODNN7EXAMPLE")
    assert "AKIA" not in str(raised.value)


def test_evidence_is_kept_as_it_was_handed_over(log: Log):
    reading = Reading(state="fired", sentence="it is", used=(known("ends", dt.date(2027, 1, 1)),))
    with log.store.write() as cursor:
        note_readings(cursor, {"D-1": ("ends > date", reading)}, now=log.clock.time)
    assert log.kept()[0].evidence == reading.used
