from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.registry import parse_metrics, primary_metric
from tests.registry.values import JSON


@given(st.dictionaries(st.text(), st.floats() | st.integers(-(10**300), 10**300)))
def test_every_number_is_read_as_it_was_written(values: dict[str, float]):
    found = parse_metrics(json.dumps(values).encode(), path="metrics.json")
    assert found.problem is None
    assert list(found.values) == list(values)
    for key, value in values.items():
        assert found.values[key] == float(value) or math.isnan(value)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_other_content_gives_numbers_or_a_sentence_and_never_an_exception(content: bytes):
    found = parse_metrics(content, path="metrics.json")
    assert all(isinstance(value, float) for value in found.values.values())
    assert found.problem is None or len(found.problem.splitlines()) == 1


def test_nan_and_infinities_are_numbers_however_they_are_spelled():
    content = b'{"a": NaN, "b": "NaN", "c": -Infinity, "d": "-Infinity", "e": "Infinity"}'
    found = parse_metrics(content, path="metrics.json")
    assert found.problem is None
    assert str(dict(found.values)) == "{'a': nan, 'b': nan, 'c': -inf, 'd': -inf, 'e': inf}"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"auc=0.9", "m.json is not JSON: "),
        (b"", "m.json is not JSON: "),
        (b"[0.9]", "m.json is not a JSON object: "),
        (b'{"auc": {"train": 1}}', "m.json is not flat: 'auc' in it is no number"),
        (b'{"auc": null}', "m.json is not flat: 'auc' in it is no number"),
        (b'{"ok": true}', "m.json is not flat: 'ok' in it is no number"),
        (b'{"auc": "0.9"}', "m.json is not flat: 'auc' in it is no number"),
        (b'{"n": 1' + b"0" * 400 + b"}", "m.json is not flat: 'n' in it is no number"),
        (b'{"a": [], "b": [], "c": [], "d": []}', "m.json is not flat: 'a', 'b', 'c' and more in it is no number"),
    ],
)
def test_each_mistake_has_its_own_sentence(content: bytes, problem: str):
    found = parse_metrics(content, path="m.json")
    assert found.values == {}
    assert (found.problem or "").startswith(problem)


def test_the_numbers_beside_a_mistake_are_used():
    found = parse_metrics(b'{"auc": 0.9, "confusion": [[1, 2], [3, 4]]}', path="m.json")
    assert found.values == {"auc": 0.9}
    assert found.problem


def test_the_primary_metric_is_the_one_that_most_versions_have():
    assert primary_metric([{"auc": 1.0, "loss": 0.1}, {"loss": 0.2}, {"loss": 0.3, "f1": 0.5}]) == "loss"


def test_of_several_the_first_one_in_the_newest_version_is_primary():
    assert primary_metric([{}, {"loss": 0.1, "auc": 1.0}, {"auc": 1.0, "loss": 0.1}]) == "loss"


def test_versions_without_metrics_have_no_primary_one():
    assert primary_metric([{}, {}]) is None


def test_a_metric_that_a_gate_judges_comes_first_where_a_version_has_it():
    versions = [{"loss": 0.1, "auc": 0.9}, {"loss": 0.2}]
    assert primary_metric(versions, judged=["recall", "auc"]) == "auc"
    assert primary_metric(versions, judged=["recall"]) == "loss"
