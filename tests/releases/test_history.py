from __future__ import annotations

from lean_core.releases import KnownEvent, find_intervals, live_between, order_trail
from tests.releases.builders import a_deployment, a_trail, on

TRAIL = a_trail(
    a_deployment("12"),
    a_deployment("13", day=2.25),
    a_deployment("14", day=4, outcome="failed"),
    a_deployment("12", day=6, rollback_of="13"),
)


def versions(start: float, end: float) -> list[str]:
    return [interval.version for interval in live_between(TRAIL, "prod", on(start), on(end)).intervals]


def test_a_moment_has_one_answer():
    assert [versions(day, day) for day in (0, 1, 2.25, 5, 6, 100)] == [["12"], ["12"], ["13"], ["13"], ["12"], ["12"]]


def test_before_the_first_deployment_nothing_was_live():
    assert versions(-1, -1) == []


def test_a_day_on_which_it_changed_has_both_answers():
    assert versions(2, 3) == ["12", "13"]


def test_a_day_ends_before_the_next_one_begins():
    assert versions(5, 6) == ["13"]


def test_intervals_say_how_long_a_version_served():
    spans = [(each.version, each.start, each.end) for each in find_intervals(TRAIL, "prod")]
    assert spans == [("12", on(0), on(2.25)), ("13", on(2.25), on(6)), ("12", on(6), None)]


def test_an_answer_that_rests_on_a_late_event_says_what_was_told_then():
    known = [
        *TRAIL.events,
        KnownEvent(event=a_deployment("late", day=1), known_at=on(9)),
        KnownEvent(event=a_deployment("15", day=8), known_at=on(8)),
    ]
    trail = order_trail("churn", known)
    then = live_between(trail, "prod", on(1.5), on(1.5))
    assert [interval.version for interval in then.intervals] == ["late"]
    assert (then.intervals[0].late, then.intervals[0].known_at, then.told_then) == (True, on(9), ("12",))


def test_an_answer_that_was_always_the_same_does_not_say_so():
    assert live_between(TRAIL, "prod", on(1), on(1)).told_then is None
