from __future__ import annotations

import datetime as dt
import math
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.runs import Moment, RunQuery, Source, group_runs, sync_source
from lean_core.store import Store
from tests.runs.builders import START, ARun, MemoryReader
from tests.runs.grouping import Spread, group_by_all_but, spread

params = st.dictionaries(st.sampled_from(["lr", "depth", "seed"]), st.sampled_from(["1", "2", None]))
finite = st.floats(allow_nan=False, allow_infinity=False)


def test_runs_that_differ_only_in_the_seed_are_one_group() -> None:
    runs = [{"lr": "0.1", "seed": "1"}, {"lr": "0.2", "seed": "1"}, {"seed": "2", "lr": "0.1"}]
    assert group_by_all_but(runs, {"seed"}) == {(("lr", "0.1"),): [0, 2], (("lr", "0.2"),): [1]}


def test_a_missing_param_is_a_group_of_its_own() -> None:
    assert len(group_by_all_but([{"lr": "0.1"}, {}, {"lr": None}], ())) == 3


def test_a_param_left_out_may_be_missing() -> None:
    assert group_by_all_but([{"lr": "0.1"}, {"lr": "0.1", "seed": "1"}], {"seed"}) == {(("lr", "0.1"),): [0, 1]}


@given(st.lists(params), st.sets(st.sampled_from(["lr", "depth", "seed"])))
def test_every_run_is_in_exactly_one_group_and_agrees_with_it(runs: list[dict[str, str | None]], but: set[str]) -> None:
    groups = group_by_all_but(runs, but)
    assert sorted(at for members in groups.values() for at in members) == list(range(len(runs)))
    for shared, members in groups.items():
        for at in members:
            assert dict(shared) == {key: value for key, value in runs[at].items() if key not in but}


def test_the_spread_of_several_runs_is_the_sample_standard_deviation() -> None:
    assert spread([1.0, 2.0, 3.0, 4.0]) == Spread(n=4, left_out=0, mean=2.5, sd=pytest.approx(math.sqrt(5 / 3)))


def test_one_run_shows_no_spread() -> None:
    assert spread([0.7]) == Spread(n=1, left_out=0, mean=0.7, sd=None)


def test_no_runs_have_neither_mean_nor_spread() -> None:
    assert spread([]) == Spread(n=0, left_out=0, mean=None, sd=None)


def test_nan_and_infinities_are_left_out_and_counted() -> None:
    assert spread([math.nan, 1.0, math.inf, 3.0, -math.inf]) == Spread(n=2, left_out=3, mean=2.0, sd=math.sqrt(2))
    assert spread([math.nan, 1.0]) == Spread(n=1, left_out=1, mean=1.0, sd=None)
    assert spread([math.nan]) == Spread(n=0, left_out=1, mean=None, sd=None)


@given(st.lists(finite, min_size=1))
def test_the_mean_lies_among_the_values_and_the_spread_is_not_negative(values: list[float]) -> None:
    found = spread(values)
    assert found.mean is not None
    slack = max(abs(value) for value in values) * 1e-12
    assert min(values) - slack <= found.mean <= max(values) + slack
    assert (found.sd is None) == (len(values) == 1)
    assert found.sd is None or found.sd >= 0


@given(finite, st.integers(min_value=2, max_value=5))
def test_equal_values_have_no_spread(value: float, n: int) -> None:
    assert spread([value] * n) == Spread(n=n, left_out=0, mean=value, sd=0.0)


@given(st.lists(st.floats()), st.randoms())
def test_the_order_of_runs_does_not_matter(values: list[float], shuffle: random.Random) -> None:
    shuffled = list(values)
    shuffle.shuffle(shuffled)
    assert spread(shuffled) == spread(values)


@pytest.mark.parametrize("but", [(), ("seed",), ("seed", "lr"), ("seed", "lr", "depth")])
def test_the_database_groups_by_the_same_rule(tmp_path: Path, but: tuple[str, ...]) -> None:
    chance = random.Random(7)
    runs = [
        ARun(
            key=f"r{number}",
            params={key: chance.choice("12") for key in ("lr", "depth", "seed") if chance.random() < 0.9},
            points=[("auc", 0, START, chance.choice([0.1, 0.7, -3.0, 1e9, math.nan, math.inf]))],
        )
        for number in range(60)
    ]
    store = Store(tmp_path / "lean.duckdb")
    source = Source(name="local", uri="x", kind="auto", folder=Path(), timeout=1)
    sync_source(store, source, open_reader=lambda _: MemoryReader(runs=runs), tell=lambda _: None)
    moment = Moment(now=START, abandoned_after=dt.timedelta(days=1))
    with store.write() as cursor:
        groups = group_runs(cursor, RunQuery(), moment, but=but, metrics=("auc",))
    found = {tuple(group.params.items()): (group.n, group.metrics.get("auc")) for group in groups}
    expected = group_by_all_but([run.params for run in runs], but)
    assert {shared: n for shared, (n, _) in found.items()} == {shared: len(at) for shared, at in expected.items()}
    for shared, members in expected.items():
        wanted, told = spread(runs[at].points[0][3] for at in members), found[shared][1]
        if wanted.mean is None:
            assert told is None
        else:
            assert told is not None
            assert (told.n, told.left_out) == (wanted.n, wanted.left_out)
            assert told.mean == pytest.approx(wanted.mean)
            assert told.sd == (None if wanted.sd is None else pytest.approx(wanted.sd))
