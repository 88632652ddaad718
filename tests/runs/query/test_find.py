"""Finding runs: filter, sort, pages, groups."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest

from lean_core.errors import FilterError, UsageError
from lean_core.runs import (
    Moment,
    RunQuery,
    Source,
    differing,
    find_runs,
    group_runs,
    known_keys,
    load_runs,
    set_local_tag,
    sync_source,
)
from lean_core.store import Store
from tests.runs.builders import START, ARun, MemoryReader

MOMENT = Moment(now=dt.datetime(2026, 11, 23), abandoned_after=dt.timedelta(days=1))


@pytest.fixture
def cursor(tmp_path):
    store = Store(tmp_path / "lean.duckdb")
    runs = [
        ARun(
            key=f"r{number:02}",
            name=f"run {number}",
            start=START + dt.timedelta(hours=number),
            end=START + dt.timedelta(hours=number, seconds=number),
            experiment=str(number % 2),
            params={"depth": str(number), "model": "xgb" if number % 2 else "mlp", "seed": str(number // 2)},
            tags={"team": "core"} if number < 3 else {},
            points=[("auc", 0, START, number / 10)] if number < 11 else [("auc", 0, START, math.nan)],
            inputs=[("churn", f"d{number % 3}", "training"), ("churn-eval", "e", "eval")],
        )
        for number in range(12)
    ]
    runs.append(ARun(key="bare", status=None, start=None, end=None))
    runs.append(ARun(key="gone", lifecycle="deleted"))
    source = Source(name="local", uri="x", kind="auto", folder=Path(), timeout=1)
    sync_source(store, source, open_reader=lambda _: MemoryReader(runs=runs), tell=lambda _: None)
    with store.write() as cursor:
        yield cursor


def keys_of(cursor, **query):
    return [run.run_key for run in find_runs(cursor, RunQuery(**query), MOMENT).runs]


def test_newest_first_by_default_and_without_a_date_last(cursor):
    assert keys_of(cursor)[:2] == ["r11", "r10"]
    assert keys_of(cursor)[-1] == "bare"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("metrics.auc > 0.8", {"r09", "r10"}),
        ("not (metrics.auc > 0.1)", {"r00", "r01"}),
        ("isnan(metrics.auc)", {"r11"}),
        ("metrics.auc is null", {"bare"}),
        ("params.depth >= 10", {"r10", "r11"}),
        ("params.model = 'xgb' and tags.team = 'core'", {"r01"}),
        ("experiment = 'experiment-1' and params.depth < 4", {"r01", "r03"}),
        ("duration > 10s", {"r11"}),
        ("dataset.digest = 'd2' and params.depth < 4", {"r02"}),
        ("dataset.context = 'eval' and params.depth = 1", {"r01"}),
        ("status is null", {"bare"}),
        ("start_time >= '2026-11-01 23:00'", {"r11"}),
        ("run_id in ('r01', 'r02')", {"r01", "r02"}),
        ("local.keep = 'yes'", {"r05"}),
        ("name ~ '^run 1'", {"r01", "r10", "r11"}),
    ],
)
def test_a_filter_finds(cursor, expression, expected):
    set_local_tag(cursor, "local:r05", "keep", "yes", actor="ana")
    assert set(keys_of(cursor, filter=expression)) == expected


def test_sorting_by_a_metric_puts_nan_and_missing_last_both_ways(cursor):
    assert keys_of(cursor, sort="metrics.auc")[:2] == ["r10", "r09"]
    assert keys_of(cursor, sort="metrics.auc", descending=False)[:2] == ["r00", "r01"]
    for descending in (True, False):
        assert keys_of(cursor, sort="metrics.auc", descending=descending)[-2:] == ["r11", "bare"]


def test_params_that_are_numbers_sort_as_numbers(cursor):
    assert keys_of(cursor, sort="params.depth", descending=False)[:11][-2:] == ["r09", "r10"]


def test_pages_do_not_overlap_and_know_the_total(cursor):
    pages = [find_runs(cursor, RunQuery(limit=5, offset=offset, sort="params.model"), MOMENT) for offset in (0, 5, 10)]
    assert [page.total for page in pages] == [13, 13, 13]
    seen = [run.run_key for page in pages for run in page.runs]
    assert len(seen) == len(set(seen)) == 13


def test_deleted_runs_are_seen_only_on_request(cursor):
    assert "gone" not in keys_of(cursor)
    assert keys_of(cursor, view="deleted") == ["gone"]
    assert len(keys_of(cursor, view="all")) == 14


def test_sources_and_experiments_narrow(cursor):
    assert len(keys_of(cursor, experiments=("experiment-0",))) == 6
    assert keys_of(cursor, sources=("other",)) == []


def test_a_mistake_in_the_filter_and_an_unknown_sort_are_usage_errors(cursor):
    with pytest.raises(FilterError):
        keys_of(cursor, filter="metrics.auc >")
    with pytest.raises(UsageError):
        keys_of(cursor, sort="dataset.name")
    with pytest.raises(UsageError):
        keys_of(cursor, sort="nonsense; drop table run")


def test_runs_load_in_the_order_in_which_they_are_named(cursor):
    runs = load_runs(cursor, ("local:r03", "local:unknown", "local:r01"), MOMENT)
    assert [run.run_key for run in runs] == ["r03", "r01"]


def test_differing_columns_are_those_in_which_the_visible_runs_differ(cursor):
    runs = load_runs(cursor, ("local:r01", "local:r03"), MOMENT)
    assert set(map(str, differing(runs, most=9))) == {"metrics.auc", "params.depth", "params.seed", "tags.team"}


def test_known_keys_are_those_that_exist(cursor):
    assert known_keys(cursor)["param"] == ("depth", "model", "seed")


def test_groups_agree_in_all_params_but_some(cursor):
    groups = group_runs(cursor, RunQuery(), MOMENT, but=("seed", "depth"), metrics=("auc",))
    by_model = {group.params.get("model"): group for group in groups}
    xgb = by_model["xgb"].metrics["auc"]
    values = [0.1, 0.3, 0.5, 0.7, 0.9]
    mean = sum(values) / 5
    assert (xgb.n, xgb.left_out, by_model["xgb"].n) == (5, 1, 6)
    assert xgb.mean == pytest.approx(mean)
    assert xgb.sd == pytest.approx(math.sqrt(sum((value - mean) ** 2 for value in values) / 4))


def test_one_run_shows_no_spread(cursor):
    groups = group_runs(cursor, RunQuery(filter="run_id = 'r01'"), MOMENT, but=(), metrics=("auc",))
    assert [(group.n, group.metrics["auc"].mean, group.metrics["auc"].sd) for group in groups] == [(1, 0.1, None)]
    assert groups[0].params == {"depth": "1", "model": "xgb", "seed": "0"}
