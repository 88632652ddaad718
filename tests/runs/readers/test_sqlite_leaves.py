"""The leaves of a table say where rows may have changed, and never leave one out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lean_core.runs.readers.sqlite.connection import SqliteConnection
from lean_core.runs.readers.sqlite.file import read_stamp
from lean_core.runs.readers.sqlite.leaves import NOTHING, Leaves, Look, OddFileError, look

ROWS = 3_000
PAGE_SIZES = [512, 4_096, 65_536]


def make(path: Path, *, page_size: int, rows: int = ROWS) -> Path:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"pragma page_size = {page_size}")
        database.execute("create table t (value text)")
        # Every hundredth value is longer than a page of the smaller sizes.
        values = (("long" * 2_000 if row % 100 == 0 else f"value {row}",) for row in range(1, rows + 1))
        database.executemany("insert into t values (?)", values)
    return path


def see(path: Path, before: Leaves = NOTHING) -> Look:
    with closing(sqlite3.connect(path)) as database:
        [[root]] = database.execute("select rootpage from sqlite_master where name = 't'").fetchall()
    with path.open("rb", buffering=0) as file:
        return look(file, root, before)


def run_sql(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(sql)


def rows_in(found: Look) -> set[int]:
    return {row for start, end in found.ranges for row in range(start, end + 1)}


@pytest.mark.parametrize("page_size", PAGE_SIZES)
def test_the_first_look_sees_every_row_and_the_next_one_none(tmp_path: Path, page_size: int) -> None:
    path = make(tmp_path / "t.db", page_size=page_size)
    first = see(path)
    assert first.leaves.rows == ROWS
    assert rows_in(first) == set(range(1, ROWS + 1))
    assert see(path, first.leaves).ranges == ()


@pytest.mark.parametrize("page_size", PAGE_SIZES)
@pytest.mark.parametrize(
    ("sql", "changed"),
    [
        ("update t set value = 'value 4' where rowid = 3", {3}),
        ("update t set value = 'much longer than before' where rowid in (1500, 1501)", {1500, 1501}),
        ("update t set value = substr(value, 1, 7999) || 'x' where rowid = 700", {700}),
        ("update t set value = null where rowid = 3000", {3000}),
        ("insert into t values ('new')", {3001}),
        ("insert into t (rowid, value) values (-5, 'before all')", {-5}),
        ("insert into t (rowid, value) values (9223372036854775807, 'the last there can be')", {2**63 - 1}),
    ],
)
def test_a_row_that_changes_is_among_the_next_look_s(
    tmp_path: Path, page_size: int, sql: str, changed: set[int]
) -> None:
    path = make(tmp_path / "t.db", page_size=page_size)
    before = see(path).leaves
    run_sql(path, sql)
    found = see(path, before)
    assert all(any(start <= row <= end for start, end in found.ranges) for row in changed)
    assert len(found.ranges) < 4


@pytest.mark.parametrize("page_size", PAGE_SIZES)
def test_a_row_that_is_deleted_is_no_longer_counted(tmp_path: Path, page_size: int) -> None:
    path = make(tmp_path / "t.db", page_size=page_size)
    before = see(path).leaves
    run_sql(path, "delete from t where rowid = 1700")
    found = see(path, before)
    assert (found.leaves.rows, len(found.ranges)) == (ROWS - 1, 1)


def test_an_empty_table_has_no_rows(tmp_path: Path) -> None:
    found = see(make(tmp_path / "t.db", page_size=512, rows=0))
    assert (found.leaves.rows, found.ranges) == (0, ())


@pytest.mark.parametrize("root", [0, 1, 10**6])
def test_a_page_that_is_no_root_is_refused(tmp_path: Path, root: int) -> None:
    path = make(tmp_path / "t.db", page_size=512)
    with path.open("rb", buffering=0) as file, pytest.raises(OddFileError):
        look(file, root)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "t.db", page_size=512)
    content = bytearray(path.read_bytes())
    for place in range(4_096, len(content), 512):
        content[place : place + 12] = b"\xff" * 12
    path.write_bytes(content)
    with pytest.raises(OddFileError):
        see(path)


def test_a_file_that_is_written_to_meanwhile_is_not_looked_at(tmp_path: Path) -> None:
    path = make(tmp_path / "t.db", page_size=4_096, rows=10)
    with closing(SqliteConnection(path)) as connection:
        stamp = read_stamp(path)
        assert connection.inspect(stamp, lambda file: file.read(6)) == b"SQLite"
        assert connection.inspect(stamp, lambda _: run_sql(path, "insert into t values ('more')") or "seen") is None
        assert connection.inspect(stamp, lambda _: "seen") is None
