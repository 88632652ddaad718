from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from lean_core.releases.checks.metric import check_metric
from lean_core.releases.scores import Scores
from lean_core.settings import MetricSettings

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def check(value: float | None, **bounds: float):
    values = {} if value is None else {"auc": value}
    return check_metric("auc", MetricSettings(**bounds), Scores(version="7", values=values, evidence=("m sha256:0",)))


def test_a_metric_within_its_limits_passes():
    result = check(0.91, min=0.8)
    assert (result.name, result.verdict, result.value, result.threshold) == (
        "metrics.auc",
        "pass",
        0.91,
        "at least 0.8",
    )
    assert result.evidence == ("m sha256:0",)


def test_a_metric_below_or_above_a_limit_fails_and_says_which():
    assert check(0.79, min=0.8, max=1).reason == "auc of 7: 0.79 is less than 0.8"
    assert check(1.1, min=0.8, max=1).reason == "auc of 7: 1.1 is more than 1"
    assert {check(0.79, min=0.8).verdict, check(1.1, max=1).verdict} == {"fail"}


def test_a_hair_below_is_shown_as_such():
    assert check(0.7999999, min=0.8).reason == "auc of 7: 0.7999999 is less than 0.8"


def test_a_metric_that_is_missing_is_unknown_and_names_those_that_are_there():
    result = check_metric("auc", MetricSettings(min=0), Scores(version="7", values={"loss": 1, "acc": 2}))
    assert result.verdict == "unknown"
    assert result.value is None
    assert "7 has no metric auc (it has: acc, loss)" in result.reason


def test_why_the_metrics_are_not_there_is_passed_on():
    result = check_metric("auc", MetricSettings(min=0), Scores(version="7", problem="metrics.json is not there"))
    assert (result.verdict, result.reason) == ("unknown", "auc of 7 is not known: metrics.json is not there")


def test_nan_is_unknown():
    assert check(math.nan, min=0.8).verdict == "unknown"
    assert "not a number" in check(math.nan, max=0.8).reason


def test_an_infinite_metric_never_passes():
    assert check(math.inf, min=0.8).verdict == "unknown"
    assert check(math.inf, max=0.8).verdict == "fail"
    assert check(-math.inf, min=0.8).verdict == "fail"
    assert check(-math.inf, max=0.8).verdict == "unknown"
    assert check(-math.inf, min=0.8).reason == "auc of 7: -Infinity is less than 0.8"


@given(NUMBERS, NUMBERS)
def test_a_minimum_is_met_exactly_from_it_on(value: float, least: float):
    assert (check(value, min=least).verdict == "pass") == (value >= least)


@given(NUMBERS, NUMBERS)
def test_a_maximum_is_a_minimum_turned_around(value: float, bound: float):
    assert check(value, max=bound).verdict == check(-value, min=-bound).verdict


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_stricter_minimum_never_lets_more_through(value: float, one: float, other: float):
    lax, strict = sorted((one, other))
    assert check(value, min=strict).verdict == "fail" or check(value, min=lax).verdict == "pass"
