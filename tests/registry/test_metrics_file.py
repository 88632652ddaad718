from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.errors import UsageError
from lean_core.registry.metrics import parse_metrics
from lean_core.registry.metrics_file import MetricsFile, parse_metrics_file, render_metrics


def parse(text: str) -> MetricsFile:
    return parse_metrics_file(text.encode(), place="eval.json")


def test_a_flat_object_of_numbers_is_kept_byte_for_byte():
    text = '{ "auc":0.91,\n"n": 100 }'
    found = parse(text)
    assert (found.values, found.left_out, found.is_rewritten) == ({"auc": 0.91, "n": 100.0}, (), False)
    assert found.content == text.encode()


def test_nested_names_are_joined_with_dots_and_what_is_no_number_is_left_out():
    found = parse('{"test": {"auc": 0.9, "by": {"eu": 1}}, "model": "xgb", "ok": true, "curve": [1, 2], "none": null}')
    assert found.values == {"test.auc": 0.9, "test.by.eu": 1.0}
    assert found.left_out == ("model", "ok", "curve", "none")
    assert json.loads(found.content) == {"test.auc": 0.9, "test.by.eu": 1.0}
    assert found.is_rewritten


@pytest.mark.parametrize("spelled", ['{"auc": NaN, "loss": -Infinity}', '{"auc": "NaN", "loss": "-Infinity"}'])
def test_nan_and_infinity_are_numbers_and_kept_as_strict_json(spelled: str):
    found = parse(spelled)
    assert math.isnan(found.values["auc"])
    assert found.values["loss"] == -math.inf
    assert json.loads(found.content, parse_constant=pytest.fail) == {"auc": "NaN", "loss": "-Infinity"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("auc,0.9", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ("{}", "has no number in it"),
        ('{"model": "xgb"}', "has no number in it"),
        ('{"a.b": 1, "a": {"b": 2}}', "twice"),
        ("[" * 100_000, "is not JSON"),
        ('{"a":' * 60 + "1" + "}" * 60, "nested too deeply"),
        (json.dumps(dict.fromkeys(map(str, range(20_001)), 1)), "more than 20,000 values"),
    ],
)
def test_what_is_no_metrics_file_is_refused_with_its_place(text: str, said: str):
    with pytest.raises(UsageError, match=rf"^eval\.json .*{said}"):
        parse(text)


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(UsageError, match="more than 4 MB"):
        parse_metrics_file(b" " * 4_000_001, place="eval.json")


def test_a_byte_order_mark_and_huge_integers_do_no_harm():
    found = parse_metrics_file(b'\xef\xbb\xbf{"auc": 1, "id": 1' + b"0" * 400 + b"}", place="eval.json")
    assert (found.values, found.left_out) == ({"auc": 1.0}, ("id",))


@given(st.dictionaries(st.text(max_size=20), st.floats(), min_size=1))
def test_what_is_written_is_read_back_by_the_registry(values: dict[str, float]):
    content = render_metrics(values)
    read = parse_metrics(content, path="metrics.json")
    assert read.problem is None
    assert repr(read.values) == repr(dict(values))
    assert repr(parse_metrics_file(content, place="x").values) == repr(dict(values))
