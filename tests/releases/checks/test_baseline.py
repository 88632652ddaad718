from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lean_core.registry import Data
from lean_core.releases.checks.baseline import NoBaseline, check_baseline
from lean_core.releases.scores import Scores
from lean_core.settings import BaselineSettings

TEST = (Data(name="test", ref="data/test.csv", digest="sha256:" + "a" * 64),)
NUMBERS = st.floats(min_value=-1e6, max_value=1e6).map(lambda number: round(number, 6))
SIZES = st.floats(min_value=0, max_value=1e3).map(lambda number: round(number, 6))


def scores(value: float | None, *, version: str = "7", data=TEST, **others: float) -> Scores:
    return Scores(version=version, values=({} if value is None else {"m": value}) | others, data=data)


def check(value: float, base: float | Scores | NoBaseline, **settings):
    against = scores(base, version="5") if isinstance(base, int | float) else base
    candidate = value if isinstance(value, Scores) else scores(value)
    settings = {"direction": "higher"} | settings
    return check_baseline("m", BaselineSettings(**settings), candidate, against)


def test_a_loss_up_to_the_limit_passes_though_binary_fractions_say_it_is_a_hair_more():
    assert 0.8 - 0.79 > 0.01
    result = check(0.79, 0.8, max_regression=0.01)
    assert (result.name, result.verdict, result.threshold) == ("baseline.m", "pass", "worse than live by at most 0.01")
    assert result.reason == "m of 7, 0.79, against that of 5, 0.8: worse by 0.01"


def test_a_greater_loss_fails():
    assert check(0.7899, 0.8, max_regression=0.01).verdict == "fail"


def test_a_share_is_of_the_baseline():
    assert check(0.784, 0.8, max_regression="2%").verdict == "pass"
    assert check(0.7839, 0.8, max_regression="2%").verdict == "fail"
    assert check(-0.816, -0.8, max_regression="2%").verdict == "pass"
    assert check(-0.8161, -0.8, max_regression="2%").verdict == "fail"


def test_an_improvement_has_to_be_large_enough():
    assert check(0.81, 0.8, min_improvement=0.01).verdict == "pass"
    assert check(0.8099, 0.8, min_improvement=0.01).verdict == "fail"
    assert check(0.81, 0.8, min_improvement=0.01).threshold == "better than live by 0.01"


def test_where_lower_is_better_less_is_a_gain():
    assert check(0.2, 0.3, direction="lower", min_improvement=0.1).verdict == "pass"
    assert check(0.4, 0.3, direction="lower", max_regression=0.05).verdict == "fail"


@given(NUMBERS, NUMBERS, SIZES)
def test_the_direction_only_turns_the_sign(value: float, base: float, size: float):
    up = check(value, base, max_regression=size)
    down = check(-value, -base, max_regression=size, direction="lower")
    assert up.verdict == down.verdict


@given(NUMBERS, NUMBERS, SIZES)
def test_an_improvement_of_so_much_is_no_loss_the_other_way_round(value: float, base: float, size: float):
    assume(size > 0)
    better = check(value, base, min_improvement=size).verdict == "pass"
    kept = check(base, value, max_regression=size).verdict == "pass"
    assert better != kept or round(value - base, 6) == size


@given(NUMBERS, NUMBERS, SIZES, SIZES)
def test_a_wider_tolerance_never_refuses_more(value: float, base: float, one: float, other: float):
    narrow, wide = sorted((one, other))
    if check(value, base, max_regression=narrow).verdict == "pass":
        assert check(value, base, max_regression=wide).verdict == "pass"


@given(NUMBERS)
def test_a_version_is_no_worse_than_its_equal_and_no_better(value: float):
    assert check(value, value, max_regression=0).verdict == "pass"
    assert check(value, value, min_improvement=1e-9).verdict == "fail"


def test_a_constant_needs_no_evaluation_data():
    result = check_baseline(
        "m", BaselineSettings(direction="higher", against=0.8, max_regression=0), scores(0.8, data=()), 0.8
    )
    assert (result.verdict, result.threshold) == ("pass", "no worse than 0.8")


def test_nothing_to_compare_with_is_unknown():
    result = check(0.8, NoBaseline(reason="nothing is live in prod yet"), max_regression=0)
    assert (result.verdict, result.reason) == ("unknown", "nothing is live in prod yet")


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_a_metric_that_is_missing_on_either_side_is_unknown(missing: float | None):
    assert check(scores(missing), 0.8, max_regression=0).verdict == "unknown"
    assert check(0.8, scores(missing, version="5"), max_regression=0).verdict == "unknown"


def test_a_share_of_zero_says_nothing():
    result = check(0.8, 0.0, max_regression="2%")
    assert result.verdict == "unknown"
    assert "write a number in place of a share" in result.reason
    assert check(0.8, 0.0, min_improvement=0.5).verdict == "pass"


OTHER = (Data(name="test", ref="data/test.csv", digest="sha256:" + "b" * 64),)


def test_versions_that_were_evaluated_on_different_data_are_not_compared():
    result = check(0.9, scores(0.8, version="5", data=OTHER), max_regression=0)
    assert result.verdict == "unknown"
    assert "7 and 5 were evaluated on different data (test aaaaaaaaaaaa and test bbbbbbbbbbbb)" in result.reason


@pytest.mark.parametrize(
    "data",
    [
        (),
        (Data(name="train", ref="train.csv", digest="sha256:" + "a" * 64),),
        (Data(name="test", ref="data/test.csv"),),
        (Data(name="test", ref="data/test.csv", digest="sha256:" + "a" * 64, context="training"),),
    ],
    ids=["none", "only training data", "no digest", "read for training"],
)
def test_where_it_is_not_known_what_they_were_evaluated_on_they_are_not_compared(data):
    for one, other in (
        (scores(0.9, data=data), scores(0.8, version="5")),
        (scores(0.9), scores(0.8, version="5", data=data)),
    ):
        assert check(one, other, max_regression=0).verdict == "unknown"


def test_evaluation_data_is_found_by_what_it_was_read_for():
    read_for = (Data(name="2026-11", ref="x", digest=TEST[0].digest, context="Evaluation"),)
    assert check(scores(0.9, data=read_for), 0.8, max_regression=0).verdict == "pass"


def test_evaluation_data_can_be_named():
    data = (Data(name="november", ref="x", digest="1"), Data(name="test", ref="y", digest="2"))
    theirs = (Data(name="november", ref="x", digest="1"), Data(name="test", ref="y", digest="3"))
    one, other = scores(0.9, data=data), scores(0.8, version="5", data=theirs)
    assert check(one, other, max_regression=0, evaluated_on="november").verdict == "pass"
    assert check(one, other, max_regression=0).verdict == "unknown"


def test_a_version_that_the_policy_names_as_the_baseline_is_its_own_measure_whatever_is_recorded():
    alone = scores(0.9, data=())
    assert check(alone, alone, max_regression=0).verdict == "pass"


def test_a_gain_within_noise_counts_as_no_improvement():
    noisy = {"m_sd": 0.02, "seeds": 5.0}
    result = check(scores(0.82, **noisy), scores(0.8, version="5", **noisy), min_improvement=0.01)
    assert result.verdict == "fail"
    assert result.reason == (
        "m of 7, 0.82, against that of 5, 0.8: better by 0.02, within noise"
        " (95 % margin 0.029, from the spread of both versions), which counts as no improvement"
    )


def test_a_gain_beyond_noise_counts():
    noisy = {"m_sd": 0.002, "seeds": 5.0}
    result = check(scores(0.82, **noisy), scores(0.8, version="5", **noisy), min_improvement=0.01)
    assert result.verdict == "pass"
    assert "better by 0.02, beyond noise" in result.reason


def test_noise_is_said_of_a_loss_and_excuses_none():
    result = check(scores(0.78, m_se=0.05), 0.8, max_regression=0.01)
    assert result.verdict == "fail"
    assert "worse by 0.02, within noise (95 % margin 0.098, from the spread of one version" in result.reason


@given(NUMBERS, NUMBERS, SIZES, SIZES)
def test_more_noise_never_makes_an_improvement(value: float, base: float, one: float, other: float):
    quiet, loud = sorted((one, other))
    with_noise = [check(scores(value, m_se=error), base, min_improvement=0.001).verdict for error in (quiet, loud)]
    assert with_noise != ["fail", "pass"]
