"""The workspace's file: units of work, threads, processes, versions."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time

import duckdb
import pytest

from lean_core.errors import StoreBusy, StoreDamaged, StoreNewer, StoreNotDuckDB
from lean_core.store import Change, Store, entries, owner, record
from lean_core.store.migrate import Migration, migrate

HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
connection.close()
"""
WRITE = """
import sys
from pathlib import Path
from lean_core.store import Change, Store, record
store = Store(Path(sys.argv[1]), busy_timeout=60)
for number in range(int(sys.argv[3])):
    with store.write() as cursor:
        record(cursor, Change(actor=sys.argv[2], noun="n", subject="s", after={"number": number}))
    print(number, flush=True)
"""


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "lean.duckdb", busy_timeout=0.3)


def journal_length(store):
    with store.read() as cursor:
        return cursor.execute("select count(*) from journal").fetchone()[0]


def write_entry(store, number=0):
    with store.write() as cursor:
        record(cursor, Change(actor="ana", noun="note", subject="a", after={"number": number}))


def test_a_write_that_fails_leaves_nothing_behind(store):
    write_entry(store)
    with pytest.raises(RuntimeError, match="stop"), store.write() as cursor:
        record(cursor, Change(actor="ana", noun="note", subject="a", after={}))
        raise RuntimeError("stop")
    assert journal_length(store) == 1


def test_an_error_that_was_swallowed_inside_a_write_still_fails_it(store):
    write_entry(store)
    with pytest.raises(Exception, match=r"[Tt]ransaction"), store.write() as cursor:
        record(cursor, Change(actor="ana", noun="note", subject="a", after={}))
        with contextlib.suppress(duckdb.Error):
            cursor.execute("select error('inside')")
    assert journal_length(store) == 1


def test_the_version_changes_with_every_write_and_with_no_read(store):
    write_entry(store)
    before = store.version()
    journal_length(store)
    assert store.version() == before
    write_entry(store)
    assert store.version() != before


def test_the_file_is_free_whenever_nobody_works(store):
    write_entry(store)
    duckdb.connect(store.path).close()


def is_free(path):
    """Whether the file can be opened with other settings: it can't while this process has it open."""
    try:
        duckdb.connect(path).close()
    except duckdb.ConnectionException:
        return False
    return True


def test_a_file_that_is_kept_stays_open_between_questions_and_is_free_afterwards(store, monkeypatch):
    monkeypatch.setattr(owner, "IDLE", 3600)
    monkeypatch.setattr(owner, "LONGEST", 3600)
    with store.kept():
        assert not store.path.exists()
        with store.kept():
            write_entry(store)
        assert not is_free(store.path)
        assert journal_length(store) == 1
        assert not is_free(store.path)
    assert is_free(store.path)


def test_a_file_that_is_kept_is_let_go_of_while_nobody_asks(store, monkeypatch):
    monkeypatch.setattr(owner, "LONGEST", 3600)
    with store.kept():
        write_entry(store)
        patience = time.monotonic() + 60
        while not is_free(store.path):
            assert time.monotonic() < patience, "nobody lets go of it"
            time.sleep(0.01)
        assert journal_length(store) == 1


def test_a_file_is_kept_for_so_long_at_most(store, monkeypatch):
    monkeypatch.setattr(owner, "LONGEST", 0)
    with store.kept():
        write_entry(store)
        assert is_free(store.path)


def test_a_question_that_takes_longer_than_a_file_is_kept_is_answered(store, monkeypatch):
    monkeypatch.setattr(owner, "IDLE", 0)
    with store.kept():
        write_entry(store)
        with store.read() as cursor:
            time.sleep(0.05)
            assert cursor.execute("select count(*) from journal").fetchone() == (1,)
            assert not is_free(store.path)


@pytest.mark.parametrize("keep", [contextlib.nullcontext, Store.kept])
def test_threads_see_their_own_rows_and_lose_no_write(store, keep):
    def work(number):
        for _ in range(20):
            with keep(store):
                write_entry(store, number)
                with store.read() as cursor:
                    rows = cursor.execute("select ? from range(100)", [number]).fetchall()
            if rows != [(number,)] * 100:
                wrong.append(number)

    wrong: list[int] = []
    store = Store(store.path, busy_timeout=30)
    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert journal_length(store) == 80


def test_two_processes_write_the_same_file_and_lose_nothing(store):
    command = [sys.executable, "-c", WRITE, str(store.path)]
    writers = [subprocess.Popen([*command, f"w{number}", "25"], stdout=subprocess.DEVNULL) for number in range(2)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    assert journal_length(store) == 50


def test_a_killed_writer_keeps_what_it_had_acknowledged(store):
    command = [sys.executable, "-c", WRITE, str(store.path), "w", "100000"]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    acknowledged = [writer.stdout.readline() for _ in range(10)]
    writer.kill()
    acknowledged += writer.stdout.readlines()
    writer.wait()
    # The last line may be cut off by the kill.
    assert journal_length(Store(store.path, busy_timeout=30)) >= len(
        [line for line in acknowledged if line.endswith("\n")]
    )


def test_a_busy_file_names_who_holds_it(store):
    write_entry(store)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        holder.stdout.readline()
        with pytest.raises(StoreBusy, match=rf"held by python\S* \(process {holder.pid}\)"):
            journal_length(store)
    finally:
        holder.communicate(b"\n")
    assert journal_length(store) == 1


def test_a_busy_file_is_waited_for(store):
    write_entry(store)
    patient = Store(store.path, busy_timeout=60)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    holder.stdout.readline()
    threading.Thread(target=lambda: (time.sleep(0.3), holder.communicate(b"\n"))).start()
    assert journal_length(patient) == 1


def test_a_migration_and_its_record_share_a_transaction(tmp_path):
    path = tmp_path / "x.duckdb"
    good = Migration(number=1, name="good", sql="create table a (b integer)")
    bad = Migration(number=2, name="bad", sql="create table c (d integer); select error('no')")
    with duckdb.connect(path) as connection:
        migrate(connection, path, (good,))
        with pytest.raises(duckdb.Error):
            migrate(connection, path, (good, bad))
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        assert tables == {"a", "schema_migration"}
        assert migrate(connection, path, (good,)) == 1


def test_a_file_of_a_newer_version_is_refused(store):
    write_entry(store)
    with duckdb.connect(store.path) as connection:
        connection.execute("insert into schema_migration values (9999, 'future', 'x', now()::timestamp)")
    with pytest.raises(StoreNewer, match="schema 9999, future"):
        journal_length(Store(store.path))


def test_a_schema_step_with_another_text_is_refused(store):
    write_entry(store)
    with duckdb.connect(store.path) as connection:
        connection.execute("update schema_migration set sha256 = 'other' where number = 1")
    with pytest.raises(StoreDamaged, match="schema step 1"):
        journal_length(Store(store.path))


def test_a_duckdb_file_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "lean.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create table theirs (a integer)")
    before = path.read_bytes()
    with pytest.raises(StoreNotDuckDB, match="of another program"):
        journal_length(Store(path))
    assert path.read_bytes() == before


def test_the_journal_tells_what_was_before_and_after(store):
    with store.write() as cursor:
        record(cursor, Change(actor="ana", noun="note", subject="a", after={"body": "x"}))
        record(cursor, Change(actor="ben", noun="note", subject="a", before={"body": "x"}, after={"body": "y"}))
        record(cursor, Change(actor="ana", noun="note", subject="a", before={"body": "y"}))
    with store.read() as cursor:
        found = entries(cursor, noun="note", subject="a")
    assert [(entry.action, entry.actor, entry.before, entry.after) for entry in found] == [
        ("delete", "ana", {"body": "y"}, None),
        ("update", "ben", {"body": "x"}, {"body": "y"}),
        ("create", "ana", None, {"body": "x"}),
    ]
