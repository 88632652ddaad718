from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from lean_core.releases import KnownEvent, find_intervals, fold_environment, fold_environments, order_trail
from tests.releases.builders import (
    a_deployment,
    a_drill,
    a_gate,
    a_trail,
    a_waiver,
    a_withdrawal,
    an_approval,
    on,
    unreadable,
)


def test_nothing_is_live_where_nothing_was_deployed():
    state = fold_environment(a_trail(a_gate(), a_deployment(environment="test")), "prod")
    assert (state.live, state.failed, state.doubts) == (None, (), ())


def test_the_newest_deployment_that_succeeded_is_live():
    state = fold_environment(a_trail(a_deployment("12"), a_deployment("13", day=2, actor="ben")), "prod")
    assert state.live is not None
    assert (state.live.version, state.live.since, state.live.by, state.live.how) == ("13", on(2), "ben", "make deploy")


def test_the_newest_version_is_not_live_for_being_the_newest():
    back = a_deployment("12", day=3, rollback_of="13")
    live = fold_environment(a_trail(a_deployment("12"), a_deployment("13", day=2), back), "prod").live
    assert live is not None
    assert (live.version, live.rollback, live.forced) == ("12", True, False)


def test_a_failed_deployment_changes_nothing_and_is_told():
    failed = a_deployment("13", day=2, outcome="failed")
    state = fold_environment(a_trail(a_deployment("12"), failed), "prod")
    assert state.live is not None
    assert (state.live.version, state.failed) == ("12", (failed,))


def test_a_failed_deployment_is_forgotten_once_one_succeeds():
    events = [a_deployment("12"), a_deployment("13", day=2, outcome="failed"), a_deployment("13", day=3)]
    assert fold_environment(a_trail(*events), "prod").failed == ()


def test_a_failed_attempt_is_told_where_nothing_ever_succeeded():
    state = fold_environment(a_trail(a_deployment(outcome="failed")), "prod")
    assert (state.live, len(state.failed)) == (None, 1)


def test_deploying_a_version_again_does_not_change_since_when_it_is_live():
    live = fold_environment(a_trail(a_deployment("12"), a_deployment("12", day=5, actor="ben")), "prod").live
    assert live is not None
    assert (live.since, live.by) == (on(0), "ben")


def test_a_live_version_that_was_withdrawn_is_marked():
    live = fold_environment(a_trail(a_deployment("12"), a_withdrawal("12", day=1)), "prod").live
    assert live is not None
    assert live.withdrawn is not None
    assert live.withdrawn.reason == "leaks the label"


def test_a_withdrawal_from_another_environment_does_not_count():
    live = fold_environment(a_trail(a_deployment(), a_withdrawal(day=1, environment="test")), "prod").live
    assert live is not None
    assert live.withdrawn is None


def test_what_a_deployment_rested_on_is_looked_up():
    gate, failed, other = a_gate(), a_gate(verdict="fail"), a_gate("11")
    bases = {
        "passed": a_deployment(day=1, gate=gate.id),
        "contradicted": a_deployment(day=1, gate=failed.id),
        "forced": a_deployment(day=1, reason="the demo is at nine"),
        "missing": a_deployment(day=1, gate="20260301T120000000Z-gate-prod-ffffff"),
        "none": a_deployment(day=1),
        "rollback": a_deployment(day=1, rollback_of="13", reason="errors"),
    }
    for kind, deployment in bases.items():
        live = fold_environment(a_trail(gate, failed, other, deployment), "prod").live
        assert live is not None
        assert live.basis.kind == kind
        assert live.forced == (kind == "forced")


def test_a_gate_of_another_version_or_environment_or_of_later_allows_nothing():
    for gate in (a_gate("11"), a_gate(environment="test"), a_gate(day=2)):
        live = fold_environment(a_trail(gate, a_deployment(day=1, gate=gate.id)), "prod").live
        assert live is not None
        assert live.basis.kind == "contradicted"


def test_a_gate_by_a_clock_that_is_a_little_ahead_still_allows_it():
    gate = a_gate(day=1.001)
    live = fold_environment(a_trail(gate, a_deployment(day=1, gate=gate.id)), "prod").live
    assert live is not None
    assert live.basis.kind == "passed"


def test_a_file_that_can_not_be_read_and_may_be_a_newer_deployment_is_a_doubt():
    def doubts(*files):
        return len(fold_environment(a_trail(a_deployment(day=2), unreadable=files), "prod").doubts)

    assert doubts(unreadable("deployment", day=3)) == 1
    assert doubts(unreadable("withdrawal", day=1, environment="all")) == 1
    assert doubts(dataclasses.replace(unreadable("gate"), key="churn/trail/odd.json")) == 1
    assert doubts(unreadable("deployment", day=1), unreadable("gate", day=3)) == 0
    assert doubts(unreadable("deployment", day=3, environment="test")) == 0


def test_environments_come_in_promotion_order_and_then_those_of_the_trail():
    trail = a_trail(a_deployment(environment="canary"), a_deployment(environment="prod"))
    states = fold_environments(trail, ("dev", "prod"))
    assert [state.environment for state in states] == ["dev", "prod", "canary"]


events = st.one_of(
    st.builds(
        a_deployment,
        st.sampled_from(["11", "12", "13"]),
        day=st.integers(0, 20),
        environment=st.sampled_from(["test", "prod"]),
        outcome=st.sampled_from(["succeeded", "failed"]),
        rollback_of=st.sampled_from([None, "12"]),
    ),
    st.builds(a_gate, st.sampled_from(["11", "12"]), day=st.integers(0, 20)),
    st.builds(a_withdrawal, st.sampled_from(["11", "12"]), day=st.integers(0, 20)),
    st.builds(a_waiver, day=st.integers(0, 20)),
    st.builds(an_approval, day=st.integers(0, 20)),
    st.builds(a_drill, day=st.integers(0, 20)),
)
arrivals = st.lists(
    st.builds(
        lambda event, after: KnownEvent(event=event, known_at=after and event.at + dt.timedelta(hours=after)),
        events,
        st.one_of(st.none(), st.integers(1, 400)),
    ),
    max_size=25,
)


@given(arrivals, st.integers())
def test_any_order_of_arrival_gives_the_same_state(known: list[KnownEvent], seed: int):
    shuffled = [*known, *random.Random(seed).choices(known, k=3)] if known else []
    random.Random(seed).shuffle(shuffled)
    one, other = order_trail("churn", known), order_trail("churn", shuffled)
    assert one == other
    assert fold_environments(one, ("test", "prod")) == fold_environments(other, ("test", "prod"))


@given(st.lists(st.builds(lambda event, name: dataclasses.replace(event, id=name), events, st.sampled_from("ab"))))
def test_two_events_of_one_id_are_one_whichever_comes_first(found):
    forwards, backwards = (
        order_trail("churn", [KnownEvent(event=each) for each in way]) for way in (found, found[::-1])
    )
    assert forwards == backwards


@given(arrivals)
def test_intervals_leave_no_gap_and_no_overlap(known: list[KnownEvent]):
    intervals = find_intervals(order_trail("churn", known), "prod")
    for before, after in itertools.pairwise(intervals):
        assert before.end == after.start
        assert before.version != after.version
    assert [interval.end is None for interval in intervals] == [False] * (len(intervals) - 1) + [True] * bool(intervals)
