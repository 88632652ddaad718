"""Stores that another process has open, or left in the middle of something."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lean_core.errors import SourceUnreadable
from lean_core.runs.reader import Amendment, Listing
from lean_core.runs.readers.sqlite import SqliteReader, connection, file
from tests.runs.readers.conftest import Store
from tests.runs.readers.mlflow_stores import fingerprint_folder, loaded

PRELUDE = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
run = sys.argv[2]
def tag(key, value="yes"):
    db.execute("insert or replace into tags (run_uuid, key, value) values (?, ?, ?)", (run, key, value))
def done():
    print("done", flush=True)
"""


@contextmanager
def process(store: Store, script: str) -> Iterator[subprocess.Popen[str]]:
    """Run a script that has the store open, until it says that it is done with its first part."""
    command = [sys.executable, "-c", PRELUDE + script, str(store.path), store.ids["bare"]]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "done\n"
        yield running
    finally:
        running.kill()
        running.communicate()


def proceed(running: subprocess.Popen[str]) -> None:
    """Let the script do its next part, and wait until it has."""
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write("\n")
    running.stdin.flush()
    assert running.stdout.readline() == "done\n"


def tags(reader: SqliteReader, store: Store) -> dict[str, str]:
    rows = loaded(reader.load(None))["tag"].to_pylist()
    return {row["key"]: row["value"] for row in rows if row["run_key"] == store.ids["bare"]}


OPEN_LOG = "db.execute('pragma journal_mode = wal'); tag('in the log'); done(); sys.stdin.readline()"
CRASHED_LOG = "db.execute('pragma journal_mode = wal'); tag('in the log'); done(); os._exit(0)"
CRASHED = """
db.execute("pragma cache_size = 1"); db.execute("begin")
for number in range(5000): tag(f"key {number}", "before" * 10)
db.execute("commit"); db.execute("begin")
db.execute("update tags set value = ? where key like 'key %'", ("never!" * 10,))
done(); os._exit(0)
"""
LONG_TRANSACTION = CRASHED.replace("os._exit(0)", "sys.stdin.readline()")
EXCLUSIVE = "db.execute('begin exclusive'); tag('a', 'never'); done(); sys.stdin.readline()"


@pytest.mark.parametrize("script", [OPEN_LOG, CRASHED_LOG])
def test_rows_that_are_only_in_the_log_are_seen_and_nothing_changes(
    store: Store, reader: SqliteReader, script: str
) -> None:
    with process(store, script):
        assert Path(f"{store.path}-wal").stat().st_size > 0
        before = fingerprint_folder(store.path.parent)
        reader.scan(None)
        assert tags(reader, store)["in the log"] == "yes"
        reader.catalog()
        reader.close()
        assert fingerprint_folder(store.path.parent) == before


def test_the_log_of_a_store_behind_a_link_is_seen(store: Store, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(store.path)
    with process(store, OPEN_LOG), closing(SqliteReader(link)) as reader:
        assert tags(reader, store)["in the log"] == "yes"


@pytest.mark.parametrize("script", [CRASHED, LONG_TRANSACTION, EXCLUSIVE])
def test_what_was_not_committed_is_not_seen_and_nothing_changes(
    store: Store, reader: SqliteReader, script: str
) -> None:
    with process(store, script):
        before = fingerprint_folder(store.path.parent)
        reader.scan(None)
        assert not any(value.startswith("never") for value in tags(reader, store).values())
        reader.close()
        assert fingerprint_folder(store.path.parent) == before


@pytest.mark.parametrize("script", [OPEN_LOG, CRASHED, LONG_TRANSACTION])
def test_a_copy_for_the_client_has_what_was_committed_and_nothing_else(
    store: Store, script: str, tmp_path: Path
) -> None:
    with process(store, script):
        copy = file.copy_anyway(store.path, tmp_path)
    with closing(sqlite3.connect(copy)) as database:
        values = [value for (value,) in database.execute("select value from tags where key in ('in the log', 'key 1')")]
    assert values == (["yes"] if script == OPEN_LOG else ["before" * 10])


def test_uncommitted_rows_are_in_the_file_itself_in_these_tests(store: Store) -> None:
    with process(store, CRASHED):
        uri = f"file:{store.path.as_posix().replace(' ', '%20')}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as careless:
            [[count]] = careless.execute("select count(*) from tags where value like 'never%'").fetchall()
    assert count > 0


def test_a_store_in_wal_mode_that_nobody_has_open_is_read_in_place(
    store: Store, reader: SqliteReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(store.path)) as database:
        database.execute("pragma journal_mode = wal")
    monkeypatch.setattr(connection, "copy_whole", None)
    before = fingerprint_folder(store.path.parent)
    assert loaded(reader.load(None))["run"].num_rows == 7
    reader.close()
    assert fingerprint_folder(store.path.parent) == before


def test_a_log_that_did_not_change_is_not_copied_again(
    store: Store, reader: SqliteReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with process(store, OPEN_LOG):
        found = reader.scan(None)
        assert isinstance(found, Listing)
        monkeypatch.setattr(connection, "copy_whole", None)
        assert reader.scan(found.bookmark) is None


def test_a_change_in_a_log_that_keeps_its_size_is_found(store: Store, reader: SqliteReader) -> None:
    script = """
db.execute("pragma journal_mode = wal")
for number in range(100): tag("filler", str(number))
db.execute("pragma wal_checkpoint(restart)"); tag("first")
done(); sys.stdin.readline(); tag("second"); done(); sys.stdin.readline()
"""
    with process(store, script) as running:
        log = Path(f"{store.path}-wal")
        first = reader.scan(None)
        assert isinstance(first, Listing)
        size = log.stat().st_size
        proceed(running)
        assert log.stat().st_size == size
        second = reader.scan(first.bookmark)
        assert isinstance(second, Amendment)
        assert {"first", "second"} <= set(second.tags["key"].to_pylist())
        assert tags(reader, store)["second"] == "yes"


def test_rows_added_after_the_scan_wait_for_the_next_one(store: Store, reader: SqliteReader) -> None:
    script = "done(); sys.stdin.readline(); tag('late'); done(); sys.stdin.readline()"
    with process(store, script) as running:
        found = reader.scan(None)
        assert isinstance(found, Listing)
        proceed(running)
        assert "late" not in tags(reader, store)
        later = reader.scan(found.bookmark)
        assert isinstance(later, Amendment)
        assert "late" in later.tags["key"].to_pylist()
        assert tags(reader, store)["late"] == "yes"


FLIPPING = """
db.execute("pragma busy_timeout = 20000"); db.execute("pragma synchronous = off")
db.execute("begin")
for number in range(4000): tag(f"flip {number}", "a" * 200)
db.execute("commit"); done()
for flip in range(100_000):
    db.execute("update tags set value = ? where key like 'flip%'", ("ab"[flip % 2] * 200,))
    if flip % 10 == 9: done()
"""


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_read_beside_a_busy_writer_is_never_torn(store: Store, reader: SqliteReader, mode: str) -> None:
    with process(store, f"db.execute('pragma journal_mode = {mode}')\n{FLIPPING}") as running:
        seen = []
        for _ in range(60):  # a careless reader tears one of 15 here
            [run] = [rows for batch in reader._connection.read(
                "select min(value) as least, max(value) as greatest, count(*) as flips from tags where key like 'flip%'"
            ) for rows in batch.to_pylist()]  # fmt: skip
            assert (run["least"], run["flips"]) == (run["greatest"], 4000)
            seen.append(run["least"])
        assert running.stdout is not None
        assert running.stdout.readline() == "done\n"  # the writer was not stopped by our reading


def test_a_load_that_is_given_up_lets_go_of_the_file(store: Store, reader: SqliteReader) -> None:
    with closing(reader.load(None)) as chunks:
        next(chunks)
    assert isinstance(reader.scan(None), Listing)
    assert loaded(reader.load(None))["run"].num_rows == 7


def test_copies_are_removed_in_the_end(
    store: Store, reader: SqliteReader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    with process(store, OPEN_LOG):
        reader.scan(None)
        assert list((tmp_path / "copies").iterdir())
        reader.close()
    assert not list((tmp_path / "copies").iterdir())


def test_no_room_for_the_copy_is_said(store: Store, reader: SqliteReader, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_up(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with process(store, OPEN_LOG):
        monkeypatch.setattr(shutil, "copyfile", fill_up)
        with pytest.raises(SourceUnreadable, match=r"had to be copied to .*: No space left on device; make room there"):
            reader.scan(None)


def test_a_log_that_starts_anew_during_every_copy_is_given_up(
    store: Store, reader: SqliteReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = """
db.execute("pragma journal_mode = wal"); tag("0"); done()
while sys.stdin.readline(): db.execute("pragma wal_checkpoint(restart)"); tag("again"); done()
"""
    with process(store, script) as running:
        copy = shutil.copyfile

        def copy_slowly(source: Path, target: Path) -> None:
            copy(source, target)
            proceed(running)

        monkeypatch.setattr(file.shutil, "copyfile", copy_slowly)
        with pytest.raises(SourceUnreadable, match="writes to it without a pause; sync again"):
            reader.scan(None)
