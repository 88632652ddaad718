from __future__ import annotations

import datetime as dt
import math

import pytest

from tests.signals.log.logs import AT, Folder, a_row, many

HOUR = dt.timedelta(hours=1)


def test_rows_in_the_window_are_counted(log: Folder):
    log.write("one.parquet", [a_row(), a_row(), a_row(at=AT - 3 * HOUR)])
    found = log.measure("rows", window=HOUR)
    assert (found.value, found.unit, found.n) == (2, "rows", 2)
    assert found.since == AT - HOUR
    assert found.observed_at == AT


def test_no_row_is_a_number(log: Folder):
    log.write("one.parquet", [a_row(at=AT - 30 * HOUR)])
    assert log.measure("rows", window=HOUR).value == 0


@pytest.mark.parametrize(
    ("statuses", "errors"),
    [
        ([200, 404, 500, 503], 2),
        ([True, False, False], 1),
        (["ok", "OK", "timeout", "200", "502"], 2),
        ([200.0, math.nan, 500.0], 1),
    ],
)
def test_an_error_is_a_status_from_500_on_or_true_or_a_text_that_is_not_ok(log: Folder, statuses, errors: int):
    log.write("one.parquet", [a_row(status=status) for status in statuses])
    known = sum(not (isinstance(status, float) and math.isnan(status)) for status in statuses)
    assert log.measure("errors").value == errors
    assert log.measure("error_rate").value == pytest.approx(errors / known)


def test_quantiles_of_the_latency_are_exact_to_one_per_cent(log: Folder):
    log.write("one.parquet", many(1000, latency_ms=lambda number: float(number + 1)))
    found = log.ask_all("latency.p50", "latency.p95", "latency.p99", "latency.mean")
    assert found["latency.p50"].value == pytest.approx(500, rel=0.01)
    assert found["latency.p95"].value == pytest.approx(950, rel=0.01)
    assert found["latency.p99"].value == pytest.approx(990, rel=0.01)
    assert found["latency.mean"].value == pytest.approx(500.5)
    assert found["latency.p50"].unit == "ms"


def test_nan_counts_as_null(log: Folder):
    log.write("one.parquet", [a_row(age=1.0), a_row(age=math.nan), a_row(age=None), a_row(age=2.0)])
    assert log.measure("nulls.age").value == 0.5


def test_metrics_are_over_rows_whose_label_is_known(log: Folder):
    pairs = [(0.9, 1), (0.8, 0), (0.2, 1), (0.1, 0), (0.5, 1), (0.7, None)]
    log.write("one.parquet", [a_row(score=score, label=label) for score, label in pairs])
    found = log.ask_all("accuracy", "precision", "recall", "mae", "rmse", "label_share")
    assert found["accuracy"].value == pytest.approx(3 / 5)
    assert found["precision"].value == pytest.approx(2 / 3)
    assert found["recall"].value == pytest.approx(2 / 3)
    assert found["mae"].value == pytest.approx((0.1 + 0.8 + 0.8 + 0.1 + 0.5) / 5)
    assert found["rmse"].value == pytest.approx(math.sqrt((0.01 + 0.64 + 0.64 + 0.01 + 0.25) / 5))
    assert found["label_share"].value == pytest.approx(5 / 6)
    assert found["accuracy"].n == 5


def test_accuracy_of_texts_is_that_they_are_equal(log: Folder):
    log.write("one.parquet", [a_row(score="cat", label="cat"), a_row(score="dog", label="cat")])
    assert log.measure("accuracy").value == 0.5
    assert log.fail("precision").trouble == "refused"


def test_the_age_is_that_of_the_newest_row_of_the_whole_log(log: Folder):
    log.write("one.parquet", [a_row(at=AT - 50 * HOUR), a_row(at=AT - 49 * HOUR)])
    found = log.measure("age", window=HOUR)
    assert (found.value, found.unit) == (49.0, "h")
