"""The latest value of a metric in SQL is the one that the rule in Python names."""

from __future__ import annotations

import datetime as dt
import math

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from lean_core.runs.readers.metric_lines import Point, latest
from lean_core.runs.sync.table import Lease, fold_metrics

EPOCH = dt.datetime(1970, 1, 1)
points = st.builds(
    Point,
    step=st.none() | st.integers(-2, 3),
    time=st.none() | st.integers(0, 3),
    value=st.sampled_from([0.0, 1.0, -1.0, math.nan, math.inf, -math.inf]) | st.floats(-1e300, 1e300),
)
logged = st.dictionaries(st.tuples(st.integers(1, 2), st.sampled_from("ab")), st.lists(points, min_size=1, max_size=6))


def fold(metrics):
    with duckdb.connect() as connection:
        for name in ("point", "metric"):
            connection.execute(
                f"create table {name} (run_no integer, key varchar, step bigint, time timestamp, value double)"
            )
        rows = [
            (
                run,
                key,
                each.step,
                None if each.time is None else EPOCH + dt.timedelta(milliseconds=each.time),
                each.value,
            )
            for (run, key), many in metrics.items()
            for each in many
        ]
        if rows:
            connection.executemany("insert into point values (?, ?, ?, ?, ?)", rows)
        fold_metrics(connection, Lease(sync=1, source="s", first_run_no=1, last_run_no=2))
        return {
            (run, key): (step or 0, time or EPOCH, value)
            for run, key, step, time, value in connection.execute("from metric").fetchall()
        }


@settings(max_examples=60, deadline=None)
@given(metrics=logged)
def test_the_fold_in_sql_agrees_with_the_rule(metrics):
    folded = fold(metrics)
    assert set(folded) == set(metrics)
    for key, many in metrics.items():
        expected = latest(many)
        step, time, value = folded[key]
        assert (step, time) == (expected.step or 0, EPOCH + dt.timedelta(milliseconds=expected.time or 0))
        assert value == expected.value or (math.isnan(value) and math.isnan(expected.value))
