from __future__ import annotations

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.runs.readers.metric_lines import Point, PointColumns, latest, read_lines, whole_lines

STEPS = st.integers(-3, 3)
POINTS = st.builds(Point, STEPS, st.integers(0, 3), st.floats(-2, 2) | st.sampled_from([math.inf, -math.inf]))
INT64 = st.integers(-(2**63), 2**63 - 1)


def read(data: bytes) -> tuple[list[tuple[int, int, float]], int]:
    columns = PointColumns()
    malformed = read_lines(data, columns)
    return list(zip(columns.steps, columns.times, columns.values, strict=True)), malformed


@pytest.mark.parametrize(
    ("line", "point"),
    [
        (b"1730000000000 0.5", (0, 1_730_000_000_000, 0.5)),
        (b"1730000000000 0.5 7", (7, 1_730_000_000_000, 0.5)),
        (b"1730000000000 0.5 7 4fb06428dfe34952bf94285071010ed2", (7, 1_730_000_000_000, 0.5)),
        (b"1730000000000 0.5 7 train 300830b9", (7, 1_730_000_000_000, 0.5)),
        (b"1730000000000 -1e-320 -7", (-7, 1_730_000_000_000, -1e-320)),
        (b"1730000000000  0.5\t7 \r", (7, 1_730_000_000_000, 0.5)),
    ],
)
def test_lines_of_two_to_five_fields_are_read(line: bytes, point: tuple[int, int, float]):
    assert read(line + b"\n") == ([point], 0)


@pytest.mark.parametrize("spelling", ["nan", "NaN", "NAN"])
def test_nan_is_read_in_any_spelling(spelling: str):
    [(_, _, value)], malformed = read(f"1 {spelling} 0\n".encode())
    assert math.isnan(value)
    assert malformed == 0


@pytest.mark.parametrize(
    ("spelling", "value"),
    [("inf", math.inf), ("-inf", -math.inf), ("Infinity", math.inf), ("-Infinity", -math.inf), ("1e400", math.inf)],
)
def test_infinities_are_read_in_any_spelling(spelling: str, value: float):
    assert read(f"1 {spelling} 0\n".encode()) == ([(0, 1, value)], 0)


@pytest.mark.parametrize(
    "line",
    [
        b"1730000000000",
        b"now 0.5 1",
        b"1 high 1",
        b"1 0.5 one",
        b"1.5 0.5 1",
        b"\0\0\0\0",
        b"9" * 20 + b" 1 1",
        b"\xff",
    ],
)
def test_a_malformed_line_costs_only_itself(line: bytes):
    assert read(b"1 0.1 1\n" + line + b"\n2 0.2 2\n") == ([(1, 1, 0.1), (2, 2, 0.2)], 1)


def test_blank_lines_are_not_malformed():
    assert read(b"\n1 0.5 1\n\n\n") == ([(1, 1, 0.5)], 0)


def test_a_line_without_its_end_is_not_whole():
    assert whole_lines(b"1 0.5 1\n2 0.2") == b"1 0.5 1\n"
    assert whole_lines(b"1 0.5 1") == b""


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_whatever_the_bytes_reading_never_raises_and_keeps_what_was_there(data: bytes, more: bytes):
    columns = PointColumns()
    read_lines(b"1 0.5 1\n", columns)
    read_lines(data + b"\n" + more, columns)
    assert len(columns.steps) == len(columns.times) == len(columns.values) == len(columns)
    assert (columns.steps[0], columns.times[0], columns.values[0]) == (1, 1, 0.5)


@given(st.lists(st.tuples(INT64, INT64, st.floats(allow_nan=False)), max_size=20))
def test_what_python_writes_is_read_back(points: list[tuple[int, int, float]]):
    data = "".join(f"{time} {value} {step}\n" for step, time, value in points).encode()
    assert read(data) == (points, 0)


@given(st.lists(st.sampled_from([b"1 0.5 2", b"1 0.5", b"x", b"", b"3 nan 1 a b", b"1 2 3 4"]), max_size=8))
def test_each_line_counts_once_as_read_or_malformed(lines: list[bytes]):
    points, malformed = read(b"\n".join(lines))
    assert malformed == lines.count(b"x")
    assert len(points) == len([line for line in lines if line not in {b"", b"x"}])


@given(st.lists(POINTS, min_size=1, max_size=12))
def test_the_latest_is_the_greatest_step_then_time_then_value(points: list[Point]):
    found = latest(points)
    assert found is not None
    assert found.step == max(point.step or 0 for point in points)
    alike = [point for point in points if point.step == found.step]
    assert found.time == max(point.time or 0 for point in alike)
    assert found.value == max(point.value for point in alike if point.time == found.time)


@given(st.lists(POINTS, min_size=1, max_size=5), st.randoms())
def test_the_latest_does_not_depend_on_the_order_of_lines(points: list[Point], random):
    shuffled = [*points]
    random.shuffle(shuffled)
    assert latest(shuffled) == latest(points)


def test_nan_is_less_than_any_number_but_not_than_an_earlier_step():
    nan, low = Point(1, 1, math.nan), Point(1, 1, -math.inf)
    for order in permutations([nan, low]):
        assert latest(order) is low
    assert latest([Point(0, 9, 5.0), nan]) is nan


def test_what_is_not_said_counts_as_zero():
    assert latest([Point(None, None, 2.0), Point(0, 0, 1.0)]) == Point(None, None, 2.0)
    assert latest([Point(None, None, 2.0), Point(0, 1, 1.0)]) == Point(0, 1, 1.0)


def test_of_nothing_there_is_no_latest():
    assert latest([]) is None
