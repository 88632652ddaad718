from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from lean_core.errors import ObjectsUnreachable
from lean_core.registry import Answer, Data
from lean_core.registry.hashing import hash_file
from lean_core.releases.checks.data import Around, check_data, name_expectations
from lean_core.settings import (
    ColumnSettings,
    DataSettings,
    DuplicateSettings,
    FreshnessSettings,
    RowSettings,
)

NOW = dt.datetime(2026, 11, 23, 12)
COLUMNS = {
    "id": [1, 2, 3, 4],
    "age": [18, 30, None, 70],
    "score": [0.1, math.nan, 0.9, 1.0],
    "country": ["DE", "AT", "DE", None],
    "active": [True, False, True, True],
    "day": [dt.date(2026, 11, day) for day in (19, 20, 21, 22)],
    "seen_at": [dt.datetime(2026, 11, 23, hour) for hour in (1, 2, 3, 10)],
}


def write(path: Path, **columns: Sequence[object]) -> Path:
    table = pa.table(columns or COLUMNS)
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(table, path)
    else:
        pyarrow.csv.write_csv(table, path)
    return path


def no_network(address: str, _: Path) -> list[Path]:
    raise AssertionError(address)


@pytest.fixture
def check(tmp_path: Path):
    """Return a function that checks a table and returns the results by their short names."""

    def run(table: str = "t.parquet", *, data: Sequence[Data] = (), fetch=no_network, **settings):
        if not (tmp_path / table).exists() and table == "t.parquet":
            write(tmp_path / table)
        wanted = DataSettings(table=table, **settings)
        results = check_data("t", wanted, data, Around(folder=tmp_path, fetch=fetch, now=NOW))
        assert [each.name for each in results] == [f"data.t.{name}" for name in name_expectations(wanted)]
        return {each.name.removeprefix("data.t."): each for each in results}

    return run


def column(check, name: str, what: str, table: str = "t.parquet", **settings):
    return check(table, columns={name: ColumnSettings(**settings)})[f"{name}.{what}"]


@pytest.mark.parametrize(
    ("name", "what", "settings", "verdict", "reason"),
    [
        ("id", "type", {"type": "integer"}, "pass", "id is of type int64"),
        ("id", "type", {"type": "number"}, "pass", "id is of type int64"),
        ("score", "type", {"type": "number"}, "pass", "score is of type float64"),
        ("score", "type", {"type": "integer"}, "fail", "score is of type float64"),
        ("country", "type", {"type": "text"}, "pass", "country is of type string"),
        ("active", "type", {"type": "boolean"}, "pass", "active is of type boolean"),
        ("active", "type", {"type": "integer"}, "fail", "active is of type boolean"),
        ("day", "type", {"type": "date"}, "pass", "day is of type date"),
        ("seen_at", "type", {"type": "timestamp"}, "pass", "seen_at is of type timestamp(6)"),
        ("seen_at", "type", {"type": "date"}, "fail", "seen_at is of type timestamp(6)"),
        ("age", "nulls", {"nulls": 0.25}, "pass", "age is null in 1 of 4 rows"),
        ("age", "nulls", {"nulls": 0.24}, "fail", "age is null in 1 of 4 rows"),
        ("score", "nulls", {"nulls": 0}, "fail", "score is null in 1 of 4 rows"),
        ("id", "nulls", {"nulls": 0}, "pass", "id is null in 0 of 4 rows"),
        ("age", "range", {"min": 18.0, "max": 70.0}, "pass", "age is outside of 18 to 70 in 0 of 4 rows"),
        ("age", "range", {"min": 18.5}, "fail", "age is outside of at least 18.5 in 1 of 4 rows"),
        ("age", "range", {"max": 20.0}, "fail", "age is outside of at most 20 in 2 of 4 rows"),
        ("score", "range", {"max": 1.0}, "pass", "score is outside of at most 1 in 0 of 4 rows"),
        ("day", "range", {"min": dt.date(2026, 11, 20)}, "fail", "day is outside of from 2026-11-20 in 1 of 4 rows"),
        ("day", "range", {"max": dt.date(2026, 11, 22)}, "pass", "day is outside of up to 2026-11-22 in 0 of 4 rows"),
        (
            "seen_at", "range", {"max": dt.datetime(2026, 11, 23, 11, tzinfo=dt.timezone(dt.timedelta(hours=2)))},
            "fail", "seen_at is outside of up to 2026-11-23 11:00:00+02:00 in 1 of 4 rows",
        ),
        ("country", "allowed", {"allowed": ("DE", "AT")}, "pass", "country is none of those allowed in 0 of 3 rows"),
        ("country", "allowed", {"allowed": ("DE",)}, "fail", "country is none of those allowed in 1 of 3 rows"),
        ("id", "allowed", {"allowed": (1.0, 2.0, 3.0)}, "fail", "id is none of those allowed in 1 of 4 rows"),
        ("id", "unique", {"unique": True}, "pass", "id has the value of another row in 0 of 4 rows"),
        ("country", "unique", {"unique": True}, "fail", "country has the value of another row in 2 of 3 rows"),
        ("age", "unique", {"unique": True}, "pass", "age has the value of another row in 0 of 3 rows"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("table", ["t.parquet", "t.csv"])
def test_a_column_is_as_expected_or_not(  # noqa: PLR0917
    check, tmp_path: Path, table: str, name: str, what: str, settings: dict, verdict: Answer, reason: str
):
    write(tmp_path / table)
    result = column(check, name, what, table, **settings)
    assert (result.verdict, result.reason) == (verdict, reason)


def test_a_column_that_is_missing_fails_once_and_leaves_the_rest_unknown(check):
    results = check(columns={"gone": ColumnSettings(type="text", nulls=0, min=1.0, allowed=(1.0,), unique=True)})
    assert {name: each.verdict for name, each in results.items()} == {
        "columns": "fail",
        "gone.type": "unknown",
        "gone.nulls": "unknown",
        "gone.range": "unknown",
        "gone.allowed": "unknown",
        "gone.unique": "unknown",
    }
    assert results["columns"].reason == "there is no column gone"


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("country", {"min": 1.0}),
        ("country", {"allowed": (1.0, 2.0)}),
        ("id", {"allowed": ("x",)}),
        ("active", {"max": 1.0}),
    ],
)
def test_what_cannot_be_compared_is_unknown_and_quotes_no_data(check, name: str, settings: dict):
    result = column(check, name, "range" if "allowed" not in settings else "allowed", **settings)
    assert result.verdict == "unknown"
    assert result.value is None
    assert "DE" not in result.reason


def test_one_expectation_that_cannot_be_checked_leaves_the_others_alone(check):
    results = check(columns={"country": ColumnSettings(allowed=(1.0,)), "id": ColumnSettings(unique=True)})
    assert (results["country.allowed"].verdict, results["id.unique"].verdict) == ("unknown", "pass")


@pytest.mark.parametrize("table", ["t.parquet", "t.csv"])
def test_an_empty_table_passes_nothing_but_its_columns(check, tmp_path: Path, table: str):
    empty = pa.table(COLUMNS).slice(0, 0)
    if table == "t.csv":
        pyarrow.csv.write_csv(empty, tmp_path / table)
    else:
        pyarrow.parquet.write_table(empty, tmp_path / table)
    results = check(
        table,
        columns={"id": ColumnSettings(nulls=0.5, min=0.0, allowed=(1.0,), unique=True)},
        rows=RowSettings(min=1),
        freshness=FreshnessSettings(column="seen_at", max_age=dt.timedelta(days=1)),
    )
    assert {name: each.verdict for name, each in results.items()} == {
        "columns": "pass",
        "rows": "fail",
        "id.nulls": "unknown",
        "id.range": "unknown",
        "id.allowed": "unknown",
        "id.unique": "unknown",
        "freshness": "unknown",
    }


def test_a_column_of_nothing_but_nulls_has_no_values_to_look_at(check, tmp_path: Path):
    write(tmp_path / "t.parquet", id=pa.nulls(3, pa.int64()))
    assert column(check, "id", "unique", unique=True).verdict == "unknown"
    assert column(check, "id", "allowed", allowed=(1.0,)).verdict == "unknown"


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ({"min": 4}, "pass"),
        ({"min": 5}, "fail"),
        ({"max": 4}, "pass"),
        ({"max": 3}, "fail"),
        ({"min": 4, "max": 4}, "pass"),
    ],
)
def test_rows_are_counted(check, settings: dict, verdict: Answer):
    result = check(rows=RowSettings(**settings))["rows"]
    assert (result.verdict, result.value) == (verdict, 4.0)


def freshness(check, name: str, **age: float):
    return check(freshness=FreshnessSettings(column=name, max_age=dt.timedelta(**age)))["freshness"]


def test_the_newest_row_tells_the_age(check):
    assert freshness(check, "seen_at", hours=2).verdict == "pass"
    old = freshness(check, "seen_at", hours=1, minutes=59)
    assert (old.verdict, old.reason) == ("fail", "the newest seen_at is 2026-11-23 10:00")


def test_the_age_of_a_date_counts_from_its_midnight(check):
    assert freshness(check, "day", hours=36).verdict == "pass"
    assert freshness(check, "day", hours=35).verdict == "fail"


def test_times_with_a_zone_are_brought_to_utc(check, tmp_path: Path):
    zone = dt.timezone(dt.timedelta(hours=5))
    write(
        tmp_path / "t.parquet", at=pa.array([dt.datetime(2026, 11, 23, 16, tzinfo=zone)], pa.timestamp("us", "+05:00"))
    )
    result = freshness(check, "at", hours=1)
    assert (result.verdict, result.reason) == ("pass", "the newest at is 2026-11-23 11:00")


def test_a_row_that_is_still_to_come_makes_the_age_unknown(check, tmp_path: Path):
    write(tmp_path / "t.parquet", at=[dt.datetime(2026, 11, 20), dt.datetime(2027, 1, 1)])
    assert freshness(check, "at", days=1).verdict == "unknown"


@pytest.mark.parametrize("name", ["country", "id", "active"])
def test_what_is_no_time_has_no_age(check, name: str):
    assert freshness(check, name, days=1).verdict == "unknown"


def duplicates(check, *, recorded: Sequence[Data] = (), keys: tuple[str, ...] = ("id",), **settings):
    return check(no_duplicates_with=DuplicateSettings(keys=keys, **settings), data=recorded)["duplicates"]


def test_rows_of_the_training_reference_are_found_by_their_key(check, tmp_path: Path):
    write(tmp_path / "train.parquet", id=[3, 3, 4, 5, None], country=["DE", "DE", "AT", "AT", "AT"])
    result = duplicates(check, table="train.parquet")
    assert (result.verdict, result.reason) == ("fail", "id is in the reference too in 2 of 4 rows")
    assert [line.split()[0] for line in result.evidence] == ["t.parquet", "train.parquet"]
    assert duplicates(check, keys=("id", "country"), table="train.parquet").reason.endswith("in 1 of 4 rows")


def test_a_training_reference_without_common_rows_passes(check, tmp_path: Path):
    write(tmp_path / "train.csv", id=[8, 9])
    assert duplicates(check, table="train.csv").verdict == "pass"


def test_the_training_reference_can_be_the_one_of_the_record(check, tmp_path: Path):
    digest = hash_file(write(tmp_path / "train.parquet", id=[1]))
    train = Data(name="train", ref="train.parquet", digest=f"sha256:{digest}")
    assert duplicates(check, recorded=[train], data="train").verdict == "fail"
    changed = Data(name="train", ref="train.parquet", digest="sha256:" + "0" * 64)
    result = duplicates(check, recorded=[changed], data="train")
    assert result.verdict == "unknown"
    assert "is not the data that the version refers to any more" in result.reason


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "the version's record has no data reference train (it has: none)"),
        ([Data(name="train", ref="warehouse.churn")], "is no .parquet or .csv"),
        ([Data(name="train", ref="gone.parquet")], "there is no file gone.parquet"),
    ],
)
def test_a_training_reference_that_is_not_there_is_unknown(check, data, said: str):
    result = duplicates(check, recorded=data, data="train")
    assert result.verdict == "unknown"
    assert said in result.reason


def test_keys_of_unlike_types_are_unknown(check, tmp_path: Path):
    write(tmp_path / "train.parquet", id=["a", "b"])
    assert duplicates(check, table="train.parquet").verdict == "unknown"


def test_several_files_are_one_table(check, tmp_path: Path):
    (tmp_path / "parts").mkdir()
    for number in range(3):
        write(tmp_path / "parts" / f"{number}.parquet", id=[number])
    (tmp_path / "parts" / "other.txt").write_text("no table")
    result = check("parts/*.parquet", rows=RowSettings(min=3, max=3))["rows"]
    assert result.verdict == "pass"
    assert result.evidence[0].startswith("parts/*.parquet (3 files) sha256:")


def test_the_digest_of_the_file_is_evidence(check, tmp_path: Path):
    result = check(rows=RowSettings(min=1))["rows"]
    assert result.evidence == (f"t.parquet sha256:{hash_file(tmp_path / 't.parquet')}",)


@pytest.mark.parametrize("table", ["gone.parquet", "gone-*.csv"])
def test_a_table_that_is_not_there_is_unknown(check, table: str):
    results = check(table, rows=RowSettings(min=1), columns={"id": ColumnSettings(unique=True)})
    assert {each.verdict for each in results.values()} == {"unknown"}
    assert results["rows"].reason == f"there is no file {table}: make it, or correct the path in lean.toml"


def test_a_file_that_is_no_table_is_unknown_and_its_digest_kept(check, tmp_path: Path):
    (tmp_path / "t.parquet").write_bytes(b"PAR1 but no more than that")
    result = check(rows=RowSettings(min=1))["rows"]
    assert result.verdict == "unknown"
    assert "t.parquet can't be read as a table" in result.reason
    assert result.evidence


def test_a_table_in_a_bucket_is_brought_here(check, tmp_path: Path):
    asked = []

    def fetch(address: str, into: Path) -> list[Path]:
        asked.append(address)
        into.mkdir()
        return [write(into / "t.parquet", id=[1, 2])]

    result = check("s3://bucket/data/t.parquet", fetch=fetch, rows=RowSettings(min=2))["rows"]
    assert (result.verdict, asked) == ("pass", ["s3://bucket/data/t.parquet"])
    assert result.evidence[0].startswith("s3://bucket/data/t.parquet sha256:")


def test_a_bucket_that_does_not_answer_is_unknown(check):
    def fetch(_: str, __: Path) -> list[Path]:
        raise ObjectsUnreachable("s3://bucket does not answer: try again")

    result = check("s3://bucket/t.parquet", fetch=fetch, rows=RowSettings(min=2))["rows"]
    assert (result.verdict, result.reason) == ("unknown", "s3://bucket does not answer: try again")
