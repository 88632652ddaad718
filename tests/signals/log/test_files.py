"""Formats, types, and places."""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import json
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from lean_core.settings import LogColumns
from tests.ceph import Ceph
from tests.contract.backends import name_owner
from tests.signals.log.logs import AT, Folder, a_row, write_parquet

HOUR = dt.timedelta(hours=1)


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_csv_is_read(log: Folder, suffix: str):
    text = "at,version,score,latency_ms,status,label,age,plan\n"
    text += "2026-11-23T11:00:00Z,7,0.5,20,200,1,40,pro\n2026-11-23 11:30:00+00,7,0.5,30,500,,,free\n"
    write_text(log.path / "log" / f"one{suffix}", text)
    found = log.ask_all("rows", "errors", "nulls.age", "label_share")
    assert [found[name].value for name in found] == [2, 1, 0.5, 0.5]


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".jsonl.gz"])
def test_jsonl_is_read(log: Folder, suffix: str):
    rows = [a_row(at="2026-11-23T11:00:00Z"), a_row(at="2026-11-23T13:30:00+02:00", age=None)]
    write_text(log.path / "log" / f"one{suffix}", "\n".join(map(json.dumps, rows)))
    found = log.ask_all("rows", "nulls.age", "accuracy")
    assert [found[name].value for name in found] == [2, 0.5, 1]


def test_a_line_that_is_still_being_written_does_not_hide_the_others(log: Folder):
    row = json.dumps(a_row(at="2026-11-23T11:00:00Z"))
    write_text(log.path / "log" / "one.jsonl", f"{row}\n{row}\n{row[:40]}")
    write_text(log.path / "log" / "two.csv", "at,score\n2026-11-23T11:00:00Z,1\n2026-11-2")
    found = log.measure("rows")
    assert found.value == 3
    assert "do not count" in found.note


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_times_may_be_numbers_since_1970(log: Folder, unit: int):
    seconds = int((AT - HOUR - dt.datetime(1970, 1, 1)).total_seconds())
    log.write("one.parquet", [a_row(at=seconds * unit)])
    assert log.measure("age").value == 1


def test_times_with_a_zone_are_taken_to_utc(log: Folder):
    zone = dt.timezone(dt.timedelta(hours=2))
    rows = pa.table({"at": pa.array([dt.datetime(2026, 11, 23, 13, tzinfo=zone)], pa.timestamp("us", "Europe/Berlin"))})
    pa.parquet.write_table(rows, log.path / "log" / "one.parquet")
    assert log.measure("age", columns=LogColumns(time="at")).value == 1


def test_times_may_be_texts_and_days(log: Folder):
    log.write("one.parquet", [a_row(at="2026-11-23T11:00:00+01:00"), a_row(at="no time")])
    assert log.measure("age").value == 2
    log.write("one.parquet", [a_row(at=dt.date(2026, 11, 23))])
    assert log.measure("age").value == 12


@pytest.mark.parametrize("score", [1, True, decimal.Decimal("0.9"), "0.9"])
def test_predictions_may_be_any_kind_of_number(log: Folder, score: object):
    log.write("one.parquet", [a_row(score=score)])
    assert log.measure("accuracy").value == 1
    assert log.measure("nulls.prediction").value == 0


def test_hive_partitions_are_columns(log: Folder):
    row = a_row()
    del row["version"]
    log.write("day=2026-11-23/version=8/one.parquet", [row])
    log.write("day=2026-11-22/version=7/one.parquet", [row | {"at": AT - 24 * HOUR}])
    assert log.measure("rows", window=2 * HOUR).value == 1
    from lean_core.signals.log import ObservedVersion, observed_version
    from tests.signals.log.logs import telemetry

    found = observed_version(telemetry(), log.around, AT)
    assert isinstance(found, ObservedVersion)
    assert (found.version, found.at) == ("8", AT - dt.timedelta(minutes=30))
    assert [each.version for each in found.others] == ["8", "7"]


def test_a_pattern_stands_for_files(log: Folder):
    log.write("a/one.parquet", [a_row()])
    log.write("b/two.parquet", [a_row()])
    log.write("b/_temporary/three.parquet", [a_row()])
    (log.path / "log" / "b" / "_SUCCESS").touch()
    assert log.measure("rows", path="log/*/*.parquet").value == 2
    assert log.measure("rows", path="log/b").value == 1
    assert log.measure("rows", path="log/a/one.parquet").value == 1
    assert log.measure("rows", path="log/**/one.parquet").value == 1


def test_a_name_may_have_quotes_and_signs_of_patterns(log: Folder):
    log.write("it's [one]?.parquet", [a_row()])
    log.write("it's o.parquet", [a_row(), a_row()])
    assert log.measure("rows").value == 3


def test_what_changed_is_counted_anew_and_what_is_gone_no_longer(log: Folder):
    log.write("one.parquet", [a_row(label=None)])
    path = log.write("two.parquet", [a_row()])
    assert log.measure("label_share").value == 0.5
    log.write("one.parquet", [a_row()])
    assert log.measure("label_share").value == 1
    path.unlink()
    assert log.measure("rows").value == 1


def test_the_digest_follows_the_content(log: Folder):
    log.write("one.parquet", [a_row()])
    first = log.measure("rows").source.digest
    assert log.measure("rows").source.digest == first
    log.write("one.parquet", [a_row(), a_row()])
    assert log.measure("rows").source.digest != first


@pytest.mark.s3
def test_a_log_in_a_bucket(ceph: Ceph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    name_owner(ceph, monkeypatch)
    bucket = f"log-{uuid.uuid4().hex}"
    client = ceph.client()
    client.create_bucket(Bucket=bucket)
    for day in (22, 23):
        path = write_parquet(tmp_path / "it.parquet", [a_row(at=dt.datetime(2026, 11, day, 11))])
        client.upload_file(str(path), bucket, f"churn/day={day}/it.parquet")
    client.put_object(Bucket=bucket, Key="churn/day=23/half.parquet", Body=b"PAR1")
    log = Folder(path=tmp_path, settings={"endpoint": ceph.http, "region": ceph.region})
    for place in (
        f"s3://{bucket}/churn",
        f"s3://{bucket}/churn/",
        f"s3://{bucket}/churn/*/*.parquet",
        f"s3://{bucket}",
    ):
        found = log.measure("rows", path=place, window=48 * HOUR)
        assert found.value == 2, place
        assert "half.parquet" in found.note
    assert log.measure("rows", path=f"s3://{bucket}/churn/day=23/it.parquet", window=48 * HOUR).value == 1
    assert log.fail("rows", path=f"s3://{bucket}/nothing").trouble == "missing"
    assert log.fail("rows", path=f"s3://no-{bucket}/x").trouble == "missing"
    assert log.fail("rows", path=f"s3://{bucket}/churn", engine="spark://cluster:7077").trouble == "refused"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert log.fail("rows", path=f"s3://{bucket}/churn").trouble == "unauthorised"
