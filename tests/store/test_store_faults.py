"""Each way in which the file can't be used has its own error and sentence."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from lean_core.errors import DiskFull, StoreDamaged, StoreNewer, StoreNotDuckDB, StoreReadOnly
from lean_core.store import Change, Store, record
from lean_core.store.faults import translate


def open_it(path):
    with Store(path, busy_timeout=0.2).read() as cursor:
        cursor.execute("select sum(length(body)) from note").fetchall()


def fill(path, rows):
    with Store(path).write() as cursor:
        cursor.execute(
            """
            insert into note
            select 's', i::varchar, repeat(md5(i::varchar), 40), now()::timestamp, 'a' from range(?) t(i)
            """,
            [rows],
        )


@pytest.mark.parametrize("content", [b"", b"hi", b"hello world " * 1000])
def test_a_file_that_is_not_duckdb(tmp_path, content):
    path = tmp_path / "lean.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreNotDuckDB, match="not a DuckDB file; move it away"):
        open_it(path)
    assert path.read_bytes() == content


def test_a_sqlite_file_is_not_taken_for_ours(tmp_path):
    path = tmp_path / "lean.duckdb"
    with sqlite3.connect(path) as connection:
        connection.execute("create table a (b)")
    with pytest.raises(StoreNotDuckDB):
        open_it(path)


@pytest.mark.parametrize("keep", [5_000, 0.5])
def test_a_file_that_is_cut_off(tmp_path, keep):
    path = tmp_path / "lean.duckdb"
    fill(path, 20_000)
    os.truncate(path, int(path.stat().st_size * keep) if keep < 1 else keep)
    with pytest.raises(StoreDamaged, match="damaged or cut off; restore a copy"):
        open_it(path)


def test_a_file_with_flipped_bytes(tmp_path):
    path = tmp_path / "lean.duckdb"
    fill(path, 20_000)
    content = bytearray(path.read_bytes())
    content[12_300:12_400] = b"x" * 100
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match="damaged"):
        open_it(path)


def test_a_folder_in_the_place_of_the_file(tmp_path):
    path = tmp_path / "lean.duckdb"
    path.mkdir()
    with pytest.raises(StoreReadOnly, match="is a folder"):
        open_it(path)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(StoreReadOnly, match="is not a folder; create it"):
        open_it(tmp_path / "nowhere" / "lean.duckdb")


def test_a_file_of_a_newer_duckdb_says_upgrade():
    # DuckDB 2.0's own words for a file of a later format, which no released version can write yet.
    said = duckdb.IOException(
        "IO Error: Trying to read a database file with version number 999, but we can only read versions between"
        " 64 and 68."
    )
    error = translate(said, Path("lean.duckdb"))
    assert isinstance(error, StoreNewer)
    assert "upgrade the workbench" in str(error)


@pytest.mark.parametrize("existing", [True, False], ids=["file", "folder"])
def test_a_place_that_can_not_be_written_to(tmp_path, existing):
    path = tmp_path / "lean.duckdb"
    if existing:
        fill(path, 1)
        path.chmod(0o444)
    tmp_path.chmod(0o555)
    if os.geteuid() == 0:
        # Root may write anywhere: an account that owns nothing tries, with everything already imported.
        said = subprocess.run(
            [sys.executable, "-c", _as_nobody(path)], capture_output=True, text=True, check=True
        ).stdout
        assert said.startswith("StoreReadOnly ")
        assert "can't be written to" in said
    else:
        with pytest.raises(StoreReadOnly, match="can't be written to"):
            open_it(path)


def _as_nobody(path):
    return f"""
import os, sys, pathlib
sys.path.insert(0, {str(Path.cwd())!r})
import duckdb
from lean_core.errors import StoreError
from lean_core.store import Store
for parent in pathlib.Path({str(path)!r}).parents:
    if str(parent).startswith("/tmp/pytest") or "pytest-" in str(parent):
        parent.chmod(parent.stat().st_mode | 0o055)
os.setgid(65534); os.setuid(65534)
try:
    with Store(pathlib.Path({str(path)!r}), busy_timeout=0.2).read() as cursor:
        print("opened")
except StoreError as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 3 MB; mounting one takes root."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_loses_nothing_that_was_kept(small_disk):
    store = Store(small_disk / "lean.duckdb")
    kept = 0
    with pytest.raises(DiskFull, match="the disk is full, nothing of this was kept"):
        while kept < 10_000:
            with store.write() as cursor:
                after = {"text": os.urandom(20_000).hex()}
                record(cursor, Change(actor="ana", noun="note", subject=str(kept), after=after))
            kept += 1
    with store.read() as cursor:
        assert cursor.execute("select count(*) from journal").fetchone() == (kept,)
