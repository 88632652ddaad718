from __future__ import annotations

import pytest

from lean_core.registry import CheckResult, Event
from lean_core.releases import Live, fold_environment, waived_checks
from tests.releases.builders import a_deployment, a_gate, a_trail, a_waiver, on

WAIVER = a_waiver(until=30)


def a_waived_gate(verdict: str = "pass"):
    checks = (
        CheckResult(name="metrics.loss", verdict="pass", value=0.1),
        CheckResult(name="metrics.auc", verdict="fail", value=0.7, reason="0.7 is less", waived_by=WAIVER.id),
    )
    return a_gate(day=1, verdict=verdict, checks=checks)


def the_live(*events: Event) -> Live:
    live = fold_environment(a_trail(*events), "prod").live
    assert live is not None
    return live


def test_a_check_that_was_let_through_is_told_with_its_waiver():
    gate = a_waived_gate()
    [waived] = waived_checks(the_live(WAIVER, gate, a_deployment(day=2, gate=gate.id)), on(3))
    assert (waived.check, waived.by, waived.until, waived.reason) == ("metrics.auc", "ben", on(30), "new market")
    assert (waived.state, waived.ended) == ("in force", False)
    assert waived.sentence == "metrics.auc is waived by ben until 2026-03-31 12:00 UTC (new market)"


@pytest.mark.parametrize(("day", "state"), [(29.999, "in force"), (30, "ended"), (31, "ended")])
def test_a_waiver_ends_at_the_time_that_it_names_though_what_it_let_in_stays_live(day: float, state: str):
    gate = a_waived_gate()
    [waived] = waived_checks(the_live(WAIVER, gate, a_deployment(day=2, gate=gate.id)), on(day))
    assert waived.state == state
    assert ("which is over" in waived.sentence) == (state == "ended")


def test_a_waiver_that_is_not_in_the_trail_is_unknown_and_not_in_force():
    gate = a_waived_gate()
    [waived] = waived_checks(the_live(gate, a_deployment(day=2, gate=gate.id)), on(3))
    assert (waived.state, waived.by, waived.until, waived.ended) == ("unknown", None, None, None)
    assert "until when is unknown" in waived.sentence


def test_a_rollback_that_names_the_gate_which_had_let_the_version_in_rests_on_its_waivers():
    gate = a_waived_gate()
    back = a_deployment(day=4, gate=gate.id, rollback_of="13")
    live = the_live(WAIVER, gate, a_deployment(day=2, gate=gate.id), a_deployment("13", day=3), back)
    assert [each.check for each in waived_checks(live, on(5))] == ["metrics.auc"]


def test_what_rests_on_no_passing_gate_rests_on_no_waiver():
    gate = a_waived_gate(verdict="fail")
    for deployment in (a_deployment(day=2, gate=gate.id), a_deployment(day=2, reason="the demo is at nine")):
        assert waived_checks(the_live(WAIVER, gate, deployment), on(3)) == ()


def test_a_gate_without_waivers_has_none():
    gate = a_gate()
    assert waived_checks(the_live(gate, a_deployment(day=2, gate=gate.id)), on(3)) == ()
