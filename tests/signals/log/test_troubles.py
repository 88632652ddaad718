"""What goes wrong with a log, each with a sentence of its own."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lean_core.settings import LogColumns
from lean_core.signals import Unread
from lean_core.signals.files import find_files
from tests.signals.log.logs import AT, Folder, a_row, many, telemetry

HOUR = dt.timedelta(hours=1)


def test_nothing_at_the_path_is_missing(log: Folder):
    found = log.fail("rows")
    assert found.trouble == "missing"
    assert "no file at log" in found.sentence


@pytest.fixture
def closed() -> Iterator[Folder]:
    """Become somebody who may not look into the log's folder."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        Path(name, "log").mkdir(mode=0)
        before = os.geteuid()
        if before == 0:  # to root nothing is forbidden
            os.seteuid(65534)
        yield Folder(Path(name))
        os.seteuid(before)


def test_a_folder_that_may_not_be_listed_is_unauthorised(closed: Folder):
    found = find_files(telemetry(), closed.around)
    assert isinstance(found, Unread)
    assert found.trouble == "unauthorised"


def test_a_damaged_file_is_named_and_does_not_hide_the_others(log: Folder):
    log.write("good.parquet", [a_row(), a_row()])
    whole = log.write("half.parquet", many(1000)).read_bytes()
    (log.path / "log" / "half.parquet").write_bytes(whole[: len(whole) // 2])
    found = log.measure("rows")
    assert found.value == 2
    assert "half.parquet" in found.note


def test_a_file_that_was_half_written_counts_once_it_is_whole(log: Folder):
    whole = log.write("one.parquet", many(1000)).read_bytes()
    (log.path / "log" / "one.parquet").write_bytes(whole[:500])
    assert log.fail("rows").trouble == "malformed"
    (log.path / "log" / "one.parquet").write_bytes(whole)
    assert log.measure("rows").value == 1000


def test_a_file_that_was_damaged_later_counts_no_longer(log: Folder):
    log.write("one.parquet", [a_row()])
    log.write("two.parquet", [a_row()])
    assert log.measure("rows").value == 2
    (log.path / "log" / "two.parquet").write_bytes(b"PAR1")
    assert log.measure("rows").value == 1


def test_no_rows_are_no_number_where_a_file_can_not_be_read(log: Folder):
    log.write("old.parquet", [a_row(at=AT - 99 * HOUR)])
    (log.path / "log" / "today.parquet").write_bytes(b"PAR1")
    found = log.fail("rows", window=HOUR)
    assert found.trouble == "malformed"
    assert "today.parquet" in found.sentence


def test_a_column_that_is_missing_is_named_with_those_that_are_there(log: Folder):
    row = a_row()
    del row["latency_ms"]
    log.write("one.parquet", [row])
    found = log.fail("latency.p50")
    assert found.trouble == "malformed"
    assert '"latency_ms"' in found.sentence
    assert "version" in found.sentence


def test_a_column_that_is_missing_in_one_file_counts_as_null_there(log: Folder):
    row = a_row()
    del row["age"]
    log.write("new.parquet", [a_row()])
    log.write("old.parquet", [row])
    found = log.measure("nulls.age")
    assert found.value == 0.5
    assert 'old.parquet of 2 files has no column "age"' in found.note


def test_without_a_column_for_the_time_there_is_no_number(log: Folder):
    row = a_row()
    del row["at"]
    log.write("one.parquet", [row])
    assert 'no file has the column "at"' in log.fail("rows").sentence.lower()


def test_what_the_settings_do_not_name_is_said(log: Folder):
    log.write("one.parquet", [a_row()])
    found = log.fail("error_rate", columns=LogColumns(time="at"))
    assert found.trouble == "refused"
    assert "status" in found.sentence


def test_no_row_in_the_window_is_empty_and_tells_the_newest(log: Folder):
    log.write("one.parquet", [a_row(at=AT - 30 * HOUR)])
    found = log.fail("error_rate", window=HOUR)
    assert found.trouble == "empty"
    assert "2026-11-22 06:00" in found.sentence


@pytest.mark.parametrize(
    ("expression", "near"), [("psi.agee", "psi.age"), ("latency.p96", "latency.p9"), ("eror_rate", "error_rate")]
)
def test_an_expression_that_is_not_understood_names_the_nearest(log: Folder, expression: str, near: str):
    found = log.fail(expression)
    assert found.trouble == "refused"
    assert near in found.sentence


def test_rows_of_the_future_do_not_count_and_are_told(log: Folder):
    log.write("one.parquet", [a_row(), a_row(at=AT + 5 * HOUR)])
    assert log.measure("rows").value == 1
    assert "1 rows lie in the future" in log.measure("age").note


def test_rows_without_a_time_are_told(log: Folder):
    log.write("one.parquet", [a_row(), a_row(at=None)])
    found = log.measure("rows")
    assert found.value == 1
    assert "1 rows of the log have no time" in found.note


def test_time_that_is_up_says_how_far_it_came_and_goes_on(log: Folder):
    log.write("one.parquet", [a_row()])
    found = log.fail("rows", timeout=dt.timedelta(0))
    assert found.trouble == "timed out"
    assert "0 of 1 new files" in found.sentence
    assert log.measure("rows").value == 1


def test_a_file_without_rows_is_no_trouble(log: Folder):
    log.write("one.parquet", [a_row()])
    import pyarrow.parquet as pq

    pq.write_table(pq.read_table(log.path / "log" / "one.parquet").slice(0, 0), log.path / "log" / "none.parquet")
    assert log.measure("rows").value == 1


def test_an_engine_that_is_not_there_is_refused(log: Folder):
    log.write("one.parquet", [a_row()])
    found = log.fail("rows", engine="nonsense://here")
    assert found.trouble == "refused"
    assert "nonsense://here" in found.sentence


def test_a_folder_above_that_is_no_folder_is_told(log: Folder, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    assert log.fail("rows", path="file/log").trouble in {"missing", "malformed"}


def test_columns_with_any_name_are_found(log: Folder):
    columns = LogColumns(time='the "time"', prediction="a.score", features=("it's a.b c", "`x`"))
    rows = [{'the "time"': AT - HOUR, "a.score": 0.5, "it's a.b c": None, "`x`": "y"}]
    log.write("one.parquet", rows)
    found = log.ask_all("rows", "nulls.it's a.b c", "nulls.`x`", columns=columns)
    assert [found[name].value for name in found] == [1, 1, 0]
