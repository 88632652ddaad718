"""Spark counts what DuckDB counts."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator

import pytest

from tests.signals.log.logs import AT, Folder, a_row, many, write_parquet

pytestmark = pytest.mark.spark
ENGINE = "local[2]"
EXPRESSIONS = (
    *("rows", "errors", "error_rate", "age", "label_share", "accuracy", "precision", "recall", "mae", "rmse"),
    *("latency.p50", "latency.p95", "latency.p99", "latency.mean", "nulls.age", "nulls.plan", "nulls.prediction"),
    *(f"{measure}.{name}" for measure in ("psi", "js", "ks", "wasserstein") for name in ("age", "prediction")),
    *("psi.plan", "js.plan", "unseen.plan", "out_of_range.age"),
)


@pytest.fixture(scope="module", autouse=True)
def _spark() -> Iterator[None]:
    pytest.importorskip("pyspark")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java")
    with pytest.MonkeyPatch.context() as patch:
        # Each query is run once or twice: to optimize its code takes longer than that.
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()


@pytest.fixture
def filled(log: Folder) -> Folder:
    def age(number: int) -> float | None:
        return (None, math.nan, float(number % 97), number / 7)[number % 4]

    rows = many(
        1000,
        at=lambda number: AT - number * (AT - AT.replace(hour=0)) / 900,
        version=lambda number: str(number % 2),
        score=lambda number: number / 1000,
        latency_ms=lambda number: (number * 7919 % 1000) / 3,
        status=lambda number: (200, 500, None, 404)[number % 4],
        label=lambda number: (0, 1, None)[number % 3],
        age=age,
        plan=lambda number: ("free", "pro", "it's new", None)[number % 4],
    )
    log.write("one.parquet", rows[:600])
    log.write("two.parquet", rows[600:])
    write_parquet(log.path / "reference.parquet", many(500, age=float, score=lambda number: number / 500))
    return log


def test_counts_are_equal_and_quantiles_too(filled: Folder):
    ours = filled.ask_all(*EXPRESSIONS, reference="reference.parquet")
    spark = filled.ask_all(*EXPRESSIONS, reference="reference.parquet", engine=ENGINE)
    for name in EXPRESSIONS:
        assert getattr(ours[name], "value", ours[name]) == pytest.approx(spark[name].value), name
        assert ours[name].n == spark[name].n, name
        assert ours[name].bins == spark[name].bins, name


def test_text_is_read_as_duckdb_reads_it(log: Folder):
    text = "at,version,score,latency_ms,status,label,age,plan\n"
    text += "2026-11-23T11:00:00+01:00,7,0.5,20,200,1,40,pro\n2026-11-23T11:30:00Z,7,0.5,0,500,,,free\n"
    (log.path / "log" / "one.csv").write_text(text)
    (log.path / "log" / "two.jsonl").write_text('{"at": "2026-11-23T11:00:00Z", "status": "ok", "age": "x"}\n')
    names = ("rows", "errors", "age", "nulls.age", "latency.mean")
    ours, spark = log.ask_all(*names), log.ask_all(*names, engine=ENGINE)
    assert [ours[name].value for name in names] == [spark[name].value for name in names]


def test_a_damaged_file_is_named(log: Folder):
    log.write("good.parquet", [a_row()])
    (log.path / "log" / "bad.parquet").write_bytes(b"PAR1")
    found = log.measure("rows", engine=ENGINE)
    assert found.value == 1
    assert "bad.parquet" in found.note


def test_times_may_be_numbers(log: Folder):
    log.write("one.parquet", [a_row(at=1_795_431_600_000)])
    assert log.measure("age", engine=ENGINE).value == log.measure("age").value == 1
