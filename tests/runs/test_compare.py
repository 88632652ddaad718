from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.runs.compare import Delta, MetricRow, best_of, compare_metrics, compare_values, measure
from lean_core.runs.evaluation import DataCheck, different_data
from lean_core.runs.run import Input

SAME = DataCheck(state="same")
DIFFERENT = DataCheck(state="different", warning="on different data")
UNKNOWN = DataCheck(state="unknown", warning="not recorded")

numbers = st.none() | st.floats()


def metric(*values: float | None, baseline: int | None = 0, data: DataCheck = SAME, **directions: str) -> MetricRow:
    """Return the row of a metric ``m`` that the runs have, or have not."""
    runs = [{} if value is None else {"m": value} for value in values]
    (row,) = compare_metrics(runs, baseline=baseline, directions=directions, data=data)
    return row


def dataset(name: str, digest: str | None, context: str | None = None) -> Input:
    return Input(name=name, digest=digest, context=context)


# Values side by side


def test_values_stand_in_the_order_of_the_runs_and_keys_in_their_own() -> None:
    rows = compare_values([{"lr": "0.1", "depth": "3"}, {"lr": "0.2", "depth": "3"}])
    assert [(row.key, row.values, row.differs) for row in rows] == [
        ("depth", ("3", "3"), False),
        ("lr", ("0.1", "0.2"), True),
    ]


def test_a_missing_value_differs_from_a_present_one() -> None:
    (row,) = compare_values([{"lr": "0.1"}, {}])
    assert (row.values, row.differs) == (("0.1", None), True)


def test_a_run_of_which_nothing_is_known_differs_from_nothing() -> None:
    (row,) = compare_values([{"numpy": "2.0"}, None, {"numpy": "2.0"}])
    assert (row.values, row.differs) == (("2.0", None, "2.0"), False)


def test_nan_does_not_differ_from_nan_but_from_numbers() -> None:
    assert not compare_values([{"m": math.nan}, {"m": float("nan")}])[0].differs
    assert compare_values([{"m": math.nan}, {"m": 1.0}])[0].differs
    assert compare_values([{"m": math.nan}, {}])[0].differs
    assert compare_values([{"m": "NaN"}, {"m": "1"}])[0].differs


def test_no_runs_and_runs_without_values_give_no_rows() -> None:
    assert compare_values([]) == ()
    assert compare_values([{}, None]) == ()


@given(st.lists(st.dictionaries(st.text(), st.text())), st.randoms())
def test_whether_runs_differ_does_not_depend_on_their_order(runs: list[dict[str, str]], shuffle: random.Random) -> None:
    shuffled = list(runs)
    shuffle.shuffle(shuffled)
    assert {row.key: row.differs for row in compare_values(runs)} == {
        row.key: row.differs for row in compare_values(shuffled)
    }


# Deltas


def test_a_delta_is_absolute_and_relative_to_the_baseline() -> None:
    assert measure(0.9, 0.8, "higher") == Delta(
        absolute=pytest.approx(0.1), relative=pytest.approx(0.125), verdict="better"
    )
    assert measure(0.9, 0.8, "lower").verdict == "worse"


def test_a_relative_delta_has_the_sign_of_the_change_even_below_zero() -> None:
    assert measure(-3.0, -4.0, "higher") == Delta(absolute=1.0, relative=0.25, verdict="better")


def test_without_a_direction_there_is_no_verdict() -> None:
    assert measure(2.0, 1.0, None) == Delta(absolute=1.0, relative=1.0, verdict=None)
    assert measure(1.0, 1.0, None).verdict is None


def test_nothing_is_relative_to_zero() -> None:
    assert measure(2.0, 0.0, "higher") == Delta(absolute=2.0, relative=None, verdict="better")
    assert measure(0.0, -0.0, "higher") == Delta(absolute=0.0, relative=None, verdict="same")


@pytest.mark.parametrize(("value", "base"), [(None, 1.0), (1.0, None), (math.nan, 1.0), (1.0, math.nan), (None, None)])
def test_without_two_numbers_there_is_no_delta(value: float | None, base: float | None) -> None:
    assert measure(value, base, "higher") == Delta(absolute=None, relative=None, verdict=None)


def test_infinities_are_compared_but_give_no_share() -> None:
    assert measure(math.inf, 1.0, "lower") == Delta(absolute=math.inf, relative=None, verdict="worse")
    assert measure(1.0, math.inf, "lower") == Delta(absolute=-math.inf, relative=None, verdict="better")
    assert measure(math.inf, math.inf, "lower") == Delta(absolute=0.0, relative=None, verdict="same")


@given(st.floats(), st.floats(), st.sampled_from(["higher", "lower"]))
def test_who_is_better_one_way_is_worse_the_other(value: float, base: float, direction: str) -> None:
    opposite = {"better": "worse", "worse": "better", "same": "same", None: None}
    there, back = measure(value, base, direction), measure(base, value, direction)
    assert there.verdict == opposite[back.verdict]
    for delta in (there, back):
        assert delta.absolute is None or not math.isnan(delta.absolute)
        assert delta.relative is None or math.isfinite(delta.relative)


def test_deltas_are_taken_against_the_chosen_run() -> None:
    row = metric(1.0, 2.0, 4.0, baseline=1, m="higher")
    assert row.deltas == (
        Delta(absolute=-1.0, relative=-0.5, verdict="worse"),
        None,
        Delta(absolute=2.0, relative=1.0, verdict="better"),
    )


def test_without_a_baseline_there_are_no_deltas() -> None:
    assert metric(1.0, 2.0, baseline=None).deltas == (None, None)


# The best


def test_the_best_run_follows_the_direction() -> None:
    assert metric(1.0, 3.0, 2.0, m="higher").best == (1,)
    assert metric(1.0, 3.0, 2.0, m="lower").best == (0,)


def test_equal_best_runs_share_it() -> None:
    assert metric(3.0, 1.0, 3.0, m="higher").best == (0, 2)


def test_without_a_direction_none_is_best() -> None:
    assert metric(1.0, 2.0).best == ()


def test_nan_and_missing_values_are_never_best() -> None:
    assert metric(math.nan, None, 1.0, m="higher").best == (2,)
    assert metric(math.nan, math.nan, m="lower").best == ()


def test_one_run_alone_is_not_the_best() -> None:
    assert metric(1.0, m="higher").best == ()


@given(st.lists(numbers, min_size=2), st.sampled_from(["higher", "lower"]))
def test_no_run_is_better_than_the_best(values: list[float | None], direction: str) -> None:
    best = best_of(values, direction)
    assert bool(best) == any(value is not None and not math.isnan(value) for value in values)
    for at in best:
        for value in values:
            assert measure(value, values[at], direction).verdict != "better"


def test_on_different_data_none_is_best_and_nothing_is_better() -> None:
    row = metric(1.0, 2.0, data=DIFFERENT, m="higher")
    assert row.best == ()
    assert row.deltas == (None, Delta(absolute=1.0, relative=1.0, verdict=None))


def test_where_the_data_is_not_known_none_is_best() -> None:
    row = metric(1.0, 2.0, data=UNKNOWN, m="higher")
    assert row.best == ()
    assert row.deltas[1] == Delta(absolute=1.0, relative=1.0, verdict="better")


def test_a_direction_that_was_guessed_says_so() -> None:
    runs = [{"auc": 0.8, "cost": 1.0, "loss": 0.3}, {"auc": 0.9, "cost": 2.0, "loss": 0.2}]
    rows = compare_metrics(runs, directions={"loss": "higher"}, data=SAME)
    assert [(row.key, row.direction, row.guessed, row.best) for row in rows] == [
        ("auc", "higher", True, (1,)),
        ("cost", None, False, ()),
        ("loss", "higher", False, (0,)),
    ]


# The data


def test_runs_on_the_same_data_can_be_compared() -> None:
    data = [dataset("churn", "d1", "eval")]
    assert different_data({"a": data, "b": data}) == SAME


def test_runs_on_different_data_are_named_with_metrics_and_datasets() -> None:
    check = different_data(
        {"a": [dataset("churn", "d1", "test")], "b": [dataset("churn", "d2", "test")]}, ["auc", "f1"]
    )
    assert check.state == "different"
    assert check.warning == (
        "auc, f1 can't be compared: the runs were evaluated on different data: a on churn (d1); b on churn (d2)."
    )


@pytest.mark.parametrize("context", ["eval", "evaluation", "validation", "test", "Test"])
def test_only_what_was_read_for_evaluation_counts(context: str) -> None:
    a = [dataset("train", "d1", "training"), dataset("held out", "e", context)]
    b = [dataset("train", "d2", "training"), dataset("held out", "e", context)]
    assert different_data({"a": a, "b": b}) == SAME


def test_where_no_run_says_what_for_all_datasets_count() -> None:
    a, b = [dataset("x", "d1"), dataset("y", "d2", "training")], [dataset("y", "d2"), dataset("x", "d1")]
    assert different_data({"a": a, "b": b}) == SAME
    assert different_data({"a": a, "b": b[:1]}).state == "different"


def test_a_run_without_a_dataset_is_unknown_and_named() -> None:
    check = different_data({"a": [dataset("churn", "d1")], "b": []})
    assert check.state == "unknown"
    assert "b was evaluated on is not recorded" in check.warning


def test_a_run_that_only_says_what_it_was_trained_on_is_unknown() -> None:
    a, b = [dataset("churn", "d1", "eval")], [dataset("churn", "d1", "training")]
    assert different_data({"a": a, "b": b}).state == "unknown"


def test_a_dataset_without_digest_is_unknown() -> None:
    data = [dataset("churn.csv", None)]
    assert different_data({"a": data, "b": data}).state == "unknown"


def test_runs_known_to_differ_outweigh_one_that_is_not_known() -> None:
    check = different_data({"a": [dataset("x", "d1")], "b": [], "c": [dataset("x", "d2")]})
    assert check.state == "different"


def test_the_same_digest_is_the_same_data_under_any_name() -> None:
    assert different_data({"a": [dataset("x", "d1")], "b": [dataset("dataset", "d1")]}) == SAME


def test_one_run_alone_needs_no_warning() -> None:
    assert different_data({"a": []}) == SAME
    assert different_data({}) == SAME
