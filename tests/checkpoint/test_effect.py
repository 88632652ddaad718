"""What a release did to its model's metric."""

from __future__ import annotations

import math

import pytest

from lean_core.checkpoint.effect import Effect, Yardstick, choose_yardstick, tell_effect
from lean_core.releases import find_intervals
from tests.releases.builders import a_deployment, a_trail

HIGHER = Yardstick(metric="auc", direction="higher")


def effect_of(*values: float | None, yardstick: Yardstick = HIGHER, last: dict | None = None) -> Effect:
    """Return the effect of releasing 1, 2, … with these values; None records nothing."""
    numbers = range(1, len(values) + 1)
    events = [a_deployment(str(each), day=each, **(last or {} if each == len(values) else {})) for each in numbers]
    metrics = {str(at): {} if value is None else {"auc": value} for at, value in enumerate(values, start=1)}
    return tell_effect(find_intervals(a_trail(*events), "prod"), metrics, yardstick)


@pytest.mark.parametrize(
    ("values", "direction", "outcome"),
    [
        ((0.8, 0.9), "higher", "better"),
        ((0.9, 0.8), "higher", "worse"),
        ((0.9, 0.8), "lower", "better"),
        ((0.8, 0.9), "lower", "worse"),
        ((0.5, 0.8, 0.8), "higher", "same"),
        ((0.8, 0.9), None, "unknown"),
    ],
)
def test_the_last_release_is_held_against_the_one_before(values, direction, outcome):
    found = effect_of(*values, yardstick=Yardstick(metric="auc", direction=direction))
    assert found.outcome == outcome
    assert found.values == list(values)
    assert found.change == pytest.approx(values[-1] - values[-2])


def test_it_says_from_what_to_what():
    assert effect_of(0.8, 0.9).sentence == "Releasing 2 took auc from 0.8 to 0.9: better."


def test_going_back_is_called_so():
    found = effect_of(0.8, 0.9, last={"rollback_of": "1"})
    assert found.sentence == "Going back to 2 took auc from 0.8 to 0.9: better."
    assert found.releases[-1].went_back


def test_a_direction_that_only_the_name_tells_is_said_to_be_a_guess():
    found = effect_of(0.8, 0.9, yardstick=Yardstick(metric="auc", direction="higher", guessed=True))
    assert found.sentence.endswith("better, if higher is better, as its name says.")


def test_a_direction_that_nobody_knows_makes_nothing_better():
    found = effect_of(0.8, 0.9, yardstick=Yardstick(metric="auc"))
    assert found.sentence == "Releasing 2 took auc from 0.8 to 0.9: whether that is better, nobody said."


def test_values_that_differ_are_never_written_alike():
    assert effect_of(0.800001, 0.800002).sentence == "Releasing 2 took auc from 0.800001 to 0.800002: better."


def test_the_first_release_has_none_to_be_held_against():
    found = effect_of(0.8)
    assert (found.outcome, found.change) == ("unknown", None)
    assert found.sentence == "1 is the first release, with auc at 0.8."


@pytest.mark.parametrize("lacking", [None, math.nan, math.inf])
def test_what_a_version_does_not_record_as_a_number_is_not_made_up(lacking):
    last, before = effect_of(0.8, lacking), effect_of(lacking, 0.8)
    assert (last.outcome, last.change, before.outcome, before.change) == ("unknown", None, "unknown", None)
    assert last.sentence == "2 records no auc, so what releasing 2 did can't be told."
    assert before.sentence == "1 records no auc that 2 could be held against."
    assert last.values == before.values == [0.8]


def test_a_model_without_any_metric_says_so():
    found = effect_of(0.8, 0.9, yardstick=Yardstick(metric=None))
    assert found.sentence == "No version records a metric, so what releasing 2 did can't be told."


def test_a_model_that_was_never_released_says_so():
    assert effect_of().sentence == "Nothing was released yet."


def test_a_deployment_that_failed_is_no_release():
    assert [each.version for each in effect_of(0.8, 0.9, last={"outcome": "failed"}).releases] == ["1"]


def yardstick_of(metrics: dict[str, dict[str, float]], **given) -> Yardstick:
    intervals = find_intervals(a_trail(*(a_deployment(each, day=int(each)) for each in metrics)), "prod")
    return choose_yardstick(intervals, metrics, **({"judged": [], "directions": {}} | given))


def test_the_metric_that_a_gate_judges_is_the_yardstick():
    metrics = {"1": {"auc": 0.8, "rmse": 3.0}, "2": {"auc": 0.9, "rmse": 2.0}}
    assert yardstick_of(metrics, judged=["rmse"]) == Yardstick(metric="rmse", direction="lower", guessed=True)


def test_what_a_person_said_of_a_metric_goes_before_its_name():
    metrics = {"1": {"auc": 0.8}}
    found = yardstick_of(metrics, directions={"auc": "lower"})
    assert found == Yardstick(metric="auc", direction="lower", guessed=False)


def test_a_name_that_says_nothing_leaves_the_direction_open():
    assert yardstick_of({"1": {"profit": 3.0}}).direction is None


def test_versions_without_metrics_have_no_yardstick():
    assert yardstick_of({"1": {}}) == Yardstick(metric=None)
