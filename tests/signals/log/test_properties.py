from __future__ import annotations

import datetime as dt
import math
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lean_core.signals.log.distances import jensen_shannon, kolmogorov_smirnov, psi, wasserstein
from lean_core.signals.log.histogram import ERROR, bucket_of, quantile
from lean_core.signals.log.slot import SLOT, begin_of, slot_of, slots_before, slots_of
from tests.signals.log.logs import AT, Folder, a_row, write_parquet

MOMENTS = st.datetimes(min_value=dt.datetime(1900, 1, 1), max_value=dt.datetime(2200, 1, 1))
LENGTHS = st.timedeltas(min_value=dt.timedelta(seconds=1), max_value=dt.timedelta(days=90))
COUNTS = st.integers(2, 12).flatmap(
    lambda size: st.tuples(*[st.lists(st.integers(0, 500), min_size=size, max_size=size).filter(any)] * 2)
)


@given(MOMENTS)
def test_each_time_lies_in_exactly_one_slot(at: dt.datetime):
    slot = slot_of(at)
    assert begin_of(slot) <= at < begin_of(slot + 1)
    assert sum(begin_of(each) <= at < begin_of(each) + SLOT for each in range(slot - 2, slot + 3)) == 1


@given(MOMENTS, LENGTHS)
def test_a_window_holds_what_is_after_its_begin_and_nothing_a_slot_before(at: dt.datetime, window: dt.timedelta):
    slots = slots_of(at, window)
    assert slots.first == slot_of(at - window)
    assert slots.last == slot_of(at)
    assert dt.timedelta(0) <= (at - window) - slots.since < SLOT
    past = slots_before(slots, window)
    assert past.last + 1 == slots.first
    assert slots.since - past.since >= window


@given(COUNTS)
def test_psi_is_symmetric_and_zero_only_for_equal_shares(counts: tuple[list[int], list[int]]):
    one, other = counts
    assert psi(one, one) == 0
    assert psi(one, other) == pytest.approx(psi(other, one))
    assert psi(one, other) >= 0
    assert psi(one, [count * 3 for count in one]) == pytest.approx(0)


@given(COUNTS)
def test_distances_are_between_none_and_all(counts: tuple[list[int], list[int]]):
    one, other = counts
    assert 0 <= jensen_shannon(one, other) <= 1 + 1e-9
    distance, doubt = kolmogorov_smirnov(one, other)
    assert 0 <= distance <= distance + doubt <= 1 + 1e-9


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=40), st.lists(st.floats(-100, 100), min_size=1, max_size=40))
def test_the_earth_mover_is_that_of_scipy_where_each_value_has_a_bin(one: list[float], other: list[float]):
    from scipy.stats import wasserstein_distance

    found = wasserstein([(1, value) for value in one], [(1, value) for value in other])
    assert found == pytest.approx(wasserstein_distance(one, other), abs=1e-9)


@given(st.lists(st.floats(1e-5, 1e9), min_size=1, max_size=200), st.sampled_from([0.0, 0.5, 0.95, 0.99, 1.0]))
def test_a_quantile_is_exact_to_one_per_cent(values: list[float], share: float):
    counts: dict[int, int] = {}
    for value in values:
        counts[bucket_of(value)] = counts.get(bucket_of(value), 0) + 1
    exact = sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
    assert quantile(counts, share) == pytest.approx(exact, rel=ERROR * 1.001)


ROWS = st.lists(
    st.builds(
        a_row,
        at=st.datetimes(min_value=AT - dt.timedelta(hours=30), max_value=AT),
        version=st.sampled_from(["1", "2", None]),
        score=st.none() | st.floats(0, 1),
        latency_ms=st.none() | st.floats(0, 1e6),
        status=st.sampled_from([200, 404, 500, None]),
        label=st.sampled_from([0, 1, None]),
        age=st.none() | st.floats(-50, 150, width=32),
        plan=st.sampled_from(["free", "pro", "new", None]),
    ),
    min_size=1,
    max_size=30,
)
ASKED = (
    *("rows", "errors", "error_rate", "age", "label_share", "accuracy", "mae", "rmse"),
    *("latency.p50", "latency.p99", "latency.mean", "nulls.age", "psi.age", "ks.age", "unseen.plan", "js.plan"),
)


@settings(max_examples=8)
@given(st.lists(ROWS, min_size=2, max_size=4))
def test_what_is_counted_file_by_file_equals_what_is_counted_at_once(files: list[list[dict]]):
    with tempfile.TemporaryDirectory() as folder:
        step, once = Folder(path=Path(folder, "step")), Folder(path=Path(folder, "once"))
        reference = [a_row(age=float(number), score=number / 150) for number in range(-50, 150)]
        for log in (step, once):
            write_parquet(log.path / "reference.parquet", reference)
        for number, rows in enumerate(files):
            step.write(f"{number}.parquet", rows * 40)
            step.ask_all(*ASKED, reference="reference.parquet", at=AT - dt.timedelta(hours=number))
        shutil.copytree(step.path / "log", once.path / "log", copy_function=shutil.copy2)
        found = step.ask_all(*ASKED, reference="reference.parquet")
        expected = once.ask_all(*ASKED, reference="reference.parquet")
        for name in ASKED:
            one, other = found[name], expected[name]
            assert type(one) is type(other), name
            assert getattr(one, "value", None) == pytest.approx(getattr(other, "value", None)), name
            assert one.n == other.n, name


@settings(max_examples=8)
@given(ROWS, st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(hours=40)))
def test_consecutive_windows_on_full_slots_hold_each_row_once(rows: list[dict], first: dt.timedelta):
    begin = begin_of(slot_of(AT - first))
    with tempfile.TemporaryDirectory() as folder:
        log = Folder(path=Path(folder))
        log.write("one.parquet", rows)
        one = log.measure("rows", at=AT, window=AT - begin).value
        end = begin - dt.timedelta(microseconds=1)
        other = log.measure("rows", at=end, window=dt.timedelta(days=9)).value
        assert one + other == len(rows)
