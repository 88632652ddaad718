from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lean_core.objects import open_objects
from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Surroundings, Unread
from lean_core.signals.sources.table import read
from tests.ceph import Ceph
from tests.contract.backends import name_owner

AT = dt.datetime(2026, 11, 23, 12)
HOUR = dt.timedelta(hours=1)


def write(path: Path, **columns: list) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
    return path


def ask(folder: Path, column: str, *, path: str = "table", **settings: str) -> Answer:
    around = Surroundings(
        folder=folder,
        environ={},
        store=None,
        open_bucket=lambda uri, endpoint, region: open_objects(uri, folder=folder, endpoint=endpoint, region=region),
    )
    telemetry = TelemetrySettings(kind="table", path=path, **settings)
    return read(telemetry, [Question(signal="it", expression=column, window=HOUR, at=AT)], around)["it"]


def test_the_age_is_that_of_the_newest_time_in_the_column(tmp_path: Path):
    write(tmp_path / "table" / "one.parquet", seen=[AT - 9 * HOUR, None])
    write(tmp_path / "table" / "two.parquet", seen=[AT - 3 * HOUR, AT - 5 * HOUR])
    found = ask(tmp_path, "seen")
    assert isinstance(found, Measured)
    assert (found.value, found.unit, found.n) == (3, "h", 4)
    assert found.source.digest


@pytest.mark.parametrize("column", [["2026-11-23"], [dt.date(2026, 11, 23)], [1_795_392_000_000]])
def test_a_time_may_be_a_day_a_text_or_a_number(tmp_path: Path, column: list):
    write(tmp_path / "table.parquet", seen=column)
    assert ask(tmp_path, "seen", path="table.parquet").value == 12


def test_nothing_there_is_missing(tmp_path: Path):
    found = ask(tmp_path, "seen")
    assert isinstance(found, Unread)
    assert found.trouble == "missing"


def test_a_table_without_rows_is_empty(tmp_path: Path):
    pq.write_table(pa.table({"seen": pa.array([], "timestamp[us]")}), tmp_path / "table.parquet")
    assert ask(tmp_path, "seen", path="table.parquet").trouble == "empty"


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path):
    write(tmp_path / "table.parquet", one=[1], other=[2])
    found = ask(tmp_path, "seen", path="table.parquet")
    assert found.sentence == 'table.parquet has no column "seen": there are one, other.'


def test_a_column_without_times_is_told(tmp_path: Path):
    write(tmp_path / "table.parquet", seen=["never", None])
    assert "no time in any of 2 rows" in ask(tmp_path, "seen", path="table.parquet").sentence


def test_a_time_that_is_still_to_come_is_no_age(tmp_path: Path):
    write(tmp_path / "table.parquet", seen=[AT + HOUR])
    found = ask(tmp_path, "seen", path="table.parquet")
    assert isinstance(found, Unread)
    assert "still to come" in found.sentence


def test_a_damaged_file_does_not_hide_the_others(tmp_path: Path):
    write(tmp_path / "table" / "one.parquet", seen=[AT - HOUR])
    (tmp_path / "table" / "two.parquet").write_bytes(b"PAR1")
    found = ask(tmp_path, "seen")
    assert found.value == 1
    assert "two.parquet" in found.note
    (tmp_path / "table" / "one.parquet").unlink()
    assert ask(tmp_path, "seen").trouble == "malformed"


def test_csv_is_a_table_too(tmp_path: Path):
    (tmp_path / "table.csv").write_text("seen\n2026-11-23T10:00:00Z\n")
    assert ask(tmp_path, "seen", path="table.csv").value == 2


@pytest.mark.s3
def test_a_table_in_a_bucket(ceph: Ceph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    name_owner(ceph, monkeypatch)
    bucket = f"table-{uuid.uuid4().hex}"
    ceph.client().create_bucket(Bucket=bucket)
    path = write(tmp_path / "it.parquet", seen=[AT - HOUR])
    ceph.client().upload_file(str(path), bucket, "features/it.parquet")
    found = ask(tmp_path, "seen", path=f"s3://{bucket}/features/*.parquet", endpoint=ceph.http, region=ceph.region)
    assert found.value == 1
