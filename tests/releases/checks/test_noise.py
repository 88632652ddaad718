from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lean_core.releases.checks.noise import Spread, find_noise, spread_of

ERRORS = st.floats(min_value=1e-6, max_value=1e3)
COUNTS = st.integers(min_value=2, max_value=500)


@pytest.mark.parametrize(
    ("values", "spread"),
    [
        ({"auc_se": 0.01}, Spread(standard_error=0.01)),
        ({"auc_se": 0.01, "n_seeds": 5.0}, Spread(standard_error=0.01, count=5)),
        ({"auc_sd": 0.02, "seeds": 4.0}, Spread(standard_error=0.01, count=4)),
        ({"auc_std": 0.02, "auc_n": 4.0, "seeds": 9.0}, Spread(standard_error=0.01, count=4)),
        ({"auc_sd": 0.0, "seeds": 4.0}, Spread(standard_error=0.0, count=4)),
        ({"auc_sd": 0.02}, None),
        ({"auc_sd": 0.02, "seeds": 1.0}, None),
        ({"auc_sd": 0.02, "seeds": 4.5}, None),
        ({"auc_sd": math.nan, "seeds": 4.0}, None),
        ({"auc_se": -0.1}, None),
        ({"auc_se": math.inf}, None),
        ({"loss_se": 0.1}, None),
        ({}, None),
    ],
)
def test_a_spread_is_found_beside_its_metric(values, spread):
    assert spread_of("auc", {"auc": 0.9} | values) == spread


def test_without_a_spread_there_is_no_noise():
    assert find_noise(None, None) is None


@given(ERRORS, COUNTS, ERRORS, COUNTS)
def test_the_margin_is_that_of_welch(one_error: float, one_count: int, other_error: float, other_count: int):
    noise = find_noise(
        Spread(standard_error=one_error, count=one_count), Spread(standard_error=other_error, count=other_count)
    )
    assert noise is not None
    welch = stats.ttest_ind_from_stats(
        noise.margin, one_error * math.sqrt(one_count), one_count, 0, other_error * math.sqrt(other_count), other_count,
        equal_var=False,
    )  # fmt: skip
    assert welch.pvalue <= 0.0501
    if min(one_count, other_count) > 11:  # below, the table's whole degrees of freedom are coarse, to the careful side
        assert welch.pvalue >= 0.045


@given(ERRORS)
def test_a_standard_error_without_a_number_is_taken_as_normal(error: float):
    noise = find_noise(Spread(standard_error=error), None)
    assert noise is not None
    assert noise.margin == pytest.approx(stats.norm.ppf(0.975) * error, rel=1e-4)


def test_no_spread_at_all_leaves_no_margin():
    noise = find_noise(Spread(standard_error=0.0, count=3), Spread(standard_error=0.0, count=3))
    assert noise is not None
    assert noise.margin == 0
