"""A few rows of a log: those of the window, the newest first, as the files have them."""

from __future__ import annotations

import datetime as dt

from lean_core.signals.answer import Unread
from lean_core.signals.log.sample import LONGEST, Sample, sample_rows
from lean_core.signals.sources.log import read
from tests.signals.log.logs import AT, DAY, Folder, Row, a_row, many, questions, telemetry, write_parquet


def look(log: Folder, *, limit: int = 200, window: dt.timedelta = DAY) -> Sample:
    """Count the log, as a reading does, and return rows of it."""
    (question,) = questions(["rows"], window=window)
    read(telemetry(), [question], log.around)
    found = sample_rows(telemetry(), question, log.around, limit)
    assert isinstance(found, Sample)
    return found


def minutes_ago(count: int, *, days: int = 0) -> list[Row]:
    return many(count, age=float, at=lambda number: AT - dt.timedelta(days=days, minutes=number + 1))


def test_only_rows_of_the_window_are_taken_the_newest_first(log: Folder):
    write_parquet(log.path / "log/a.parquet", minutes_ago(3))
    write_parquet(log.path / "log/b.parquet", minutes_ago(3, days=2))
    found = look(log)
    assert [row["age"] for row in found.rows] == [0.0, 1.0, 2.0]
    assert found.files == ("a.parquet",)
    assert (found.since, found.until) == (AT - DAY, AT + dt.timedelta(minutes=15))


def test_no_more_rows_are_taken_than_asked_for_and_no_more_files_read(log: Folder):
    write_parquet(log.path / "log/new.parquet", minutes_ago(30))
    write_parquet(log.path / "log/old.parquet", minutes_ago(30, days=0.5))
    found = look(log, limit=20)
    assert len(found.rows) == 20
    assert found.files == ("new.parquet",)


def test_what_folders_say_is_a_column_and_types_that_differ_are_text(log: Folder):
    write_parquet(log.path / "log/region=eu/a.parquet", [a_row(version="7")])
    write_parquet(log.path / "log/region=us/b.parquet", [a_row(version=8)])
    found = look(log)
    assert {(row["region"], row["version"]) for row in found.rows} == {("eu", "7"), ("us", "8")}


def test_what_is_nested_or_long_is_short_text(log: Folder):
    write_parquet(log.path / "log/a.parquet", [a_row(plan="x" * 5_000, tags=["a", "b"])])
    (row,) = look(log).rows
    assert len(str(row["plan"])) == LONGEST
    assert row["tags"] == "['a', 'b']"


def test_a_file_that_was_damaged_since_hides_no_other(log: Folder):
    write_parquet(log.path / "log/a.parquet", minutes_ago(3))
    damaged = write_parquet(log.path / "log/b.parquet", minutes_ago(3))
    look(log)
    damaged.write_bytes(b"not Parquet")
    (question,) = questions(["rows"])
    found = sample_rows(telemetry(), question, log.around, 200)
    assert isinstance(found, Sample)
    assert len(found.rows) == 3
    assert found.notes[0].startswith("b.parquet can't be read: ")


def test_a_log_that_is_gone_is_told(log: Folder):
    (question,) = questions(["rows"])
    found = sample_rows(telemetry(), question, log.around, 200)
    assert isinstance(found, Unread)
    assert found.trouble == "missing"
