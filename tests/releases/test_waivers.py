from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from lean_core.registry import CheckResult, Waiver
from lean_core.releases.waivers import apply_waiver, sort_waivers

NOW = dt.datetime(2026, 11, 23, 12)
DAY = dt.timedelta(days=1)
FAILED = CheckResult(name="metrics.auc", verdict="fail", reason="auc of 7: 0.7 is less than 0.8")


def waiver(*, days: float = 30, given: dt.datetime = NOW, check: str = "metrics.auc", number: int = 1) -> Waiver:
    return Waiver(
        id=f"20261123T120000000Z-waiver-prod-{number:06}",
        at=given,
        actor="bo",
        model="churn",
        version="7",
        environment="prod",
        check=check,
        reason="labels are late",
        by="bo",
        expires_at=given + days * DAY,
    )


def sort(*waivers: Waiver, now: dt.datetime = NOW, longest: dt.timedelta = 30 * DAY):
    return sort_waivers(waivers, longest=longest, now=now)


def test_a_waived_check_keeps_its_verdict_and_names_the_waiver_first():
    result = apply_waiver(FAILED, sort(waiver()))
    assert (result.verdict, result.waived_by) == ("fail", waiver().id)
    assert result.reason == (
        "waived by bo until 2026-12-23 12:00 UTC (labels are late); auc of 7: 0.7 is less than 0.8"
    )
    assert waiver().id in result.evidence


def test_a_check_that_passes_needs_no_waiver():
    passed = CheckResult(name="metrics.auc", verdict="pass")
    assert apply_waiver(passed, sort(waiver())) == passed


def test_a_waiver_of_another_check_changes_nothing():
    assert apply_waiver(FAILED, sort(waiver(check="metrics.loss"))) == FAILED


def test_an_expired_waiver_counts_as_none_and_is_told():
    result = apply_waiver(FAILED, sort(waiver(days=2), now=NOW + 2 * DAY))
    assert result.waived_by is None
    assert "the waiver of metrics.auc by bo expired on 2026-11-25 12:00 UTC, so it counts as none" in result.reason


def test_a_waiver_for_longer_than_allowed_counts_as_none():
    result = apply_waiver(FAILED, sort(waiver(days=30.01)))
    assert result.waived_by is None
    assert "longer than the 30 days that are allowed, so it counts as none" in result.reason


def test_the_one_that_lasts_longest_is_named():
    assert sort(waiver(days=5, number=2), waiver(days=9, number=1)).active["metrics.auc"].id.endswith("1")


@given(st.floats(0.01, 100), st.floats(0, 100), st.floats(0.01, 100))
def test_a_waiver_counts_while_it_lasts_and_only_if_it_may_last_so_long(days: float, later: float, longest: float):
    found = sort(waiver(days=days), now=NOW + later * DAY, longest=longest * DAY)
    counts = days * DAY <= longest * DAY and later * DAY < days * DAY
    assert bool(found.active) == counts
    assert bool(found.void) != counts
