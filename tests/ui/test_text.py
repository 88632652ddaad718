from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._ui import text

NOW = dt.datetime(2026, 11, 23, 12)


@given(st.text())
def test_what_is_said_by_others_can_not_open_any_markdown(said: str):
    shown = text.plain(said)
    for at, char in enumerate(shown):
        if char in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~":
            before = len(shown[:at]) - len(shown[:at].rstrip("\\"))
            assert before % 2 == 1 or (char == "\\" and shown[at + 1 : at + 2])
    assert "\n" not in shown


@pytest.mark.parametrize("said", ["a <= b", "a >= b", "a -> b", "a <- b", "a <-> b", "a--b", "a ~= b", "a---b"])
def test_what_looks_like_an_arrow_or_a_dash_is_not_typeset(said: str):
    shown = text.plain(said).replace("\\", "")
    assert not [pair for pair in ("<=", ">=", "->", "<-", "--", "~=") if pair in shown]
    assert shown.replace("\u2060", "") == said


@pytest.mark.parametrize("said", ["plain", "one ` tick", "`ticks`", "``", "", "two\nlines", "![x](http://a/b.png)"])
def test_code_keeps_what_it_is_given_in_one_span(said: str):
    shown = text.code(said)
    fence = shown[: len(shown) - len(shown.lstrip("`"))]
    assert shown.endswith(fence)
    inside = shown[len(fence) : -len(fence)]
    assert fence not in inside
    assert inside.strip() == " ".join(said.split())


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (7_200, "2 hours ago"), (86_400 * 3, "3 days ago")],
)
def test_an_age_is_said_in_its_largest_unit(seconds: int, said: str):
    assert text.age(NOW - dt.timedelta(seconds=seconds), NOW) == said


def test_what_never_was_has_no_age():
    assert text.age(None, NOW) == "never"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (262_144, "262 kB"), (3_400_000_000, "3.4 GB")]
)
def test_a_size_is_said_with_two_or_three_digits(number: int, said: str):
    assert text.size(number) == said


@pytest.mark.parametrize(("seconds", "said"), [(0.42, "0.4 s"), (12.3, "12 s"), (89, "89 s"), (240, "4 min")])
def test_a_length_of_time_is_rounded_to_what_matters(seconds: float, said: str):
    assert text.duration(seconds) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.1234567, "0.123457"),
        (3.0, "3"),
        (1.5e300, "1.5e+300"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
    ],
)
def test_a_metric_s_value_is_said_even_if_it_is_no_finite_number(value: float, said: str):
    assert text.number(value) == said
