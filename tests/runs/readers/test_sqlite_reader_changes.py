"""What `scan` finds after real changes by MLflow, and that loading it brings a copy up to date exactly."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from lean_core.runs.reader import Delta, Listing
from lean_core.runs.readers.sqlite import SqliteReader
from tests.runs.readers.conftest import Store
from tests.runs.readers.mlflow_changes import CHANGES, Change, Copy, follow, prepare, purge


def remember(store: Store) -> bytes:
    with closing(SqliteReader(store.path)) as reader:
        found = reader.scan(None)
    assert isinstance(found, Listing)
    return found.bookmark


def scan(store: Store, bookmark: bytes) -> Listing | Delta | None:
    with closing(SqliteReader(store.path)) as reader:
        return reader.scan(bookmark)


def run_sql(store: Store, *statements: str) -> None:
    with closing(sqlite3.connect(store.path)) as database:
        for statement in statements:
            database.execute(statement)
            database.commit()


@pytest.mark.parametrize("change", CHANGES)
def test_exactly_the_runs_that_changed_are_found(store: Store, change: Change) -> None:
    prepare(store)
    bookmark = remember(store)
    expected = change(store)
    found = scan(store, bookmark)
    assert isinstance(found, Delta)
    assert sorted(found.changed) == sorted(store.ids[name] for name in expected)
    assert found.gone == ()
    assert scan(store, found.bookmark) is None


def test_a_new_run_is_found(store: Store) -> None:
    bookmark = remember(store)
    run_id = store.client.create_run(store.ids["churn"]).info.run_id
    found = scan(store, bookmark)
    assert isinstance(found, Delta)
    assert (found.changed, found.gone) == ((run_id,), ())


def test_a_purged_run_is_gone(store: Store) -> None:
    bookmark = remember(store)
    purge(store, "trashed")
    found = scan(store, bookmark)
    assert isinstance(found, Delta)
    assert (found.changed, found.gone) == ((), (store.ids["trashed"],))


def test_after_the_purge_of_the_run_with_the_last_rows_everything_counts_as_changed(store: Store) -> None:
    store.client.log_metric(store.ids["killed"], "last", 1.0)
    bookmark = remember(store)
    store.client.delete_run(store.ids["killed"])
    purge(store, "killed")
    store.client.log_metric(store.ids["bare"], "takes the row number", 1.0)
    found = scan(store, bookmark)
    assert isinstance(found, Listing)
    assert store.ids["killed"] not in found.runs["run_key"].to_pylist()


def test_a_store_restored_from_a_dump_counts_as_changed_as_a_whole(store: Store) -> None:
    run_sql(store, "delete from metrics where rowid = 2")
    bookmark = remember(store)
    with closing(sqlite3.connect(store.path)) as database:
        dump = "\n".join(database.iterdump())
    store.path.unlink()
    with closing(sqlite3.connect(store.path)) as database:
        database.executescript(dump)  # numbers the rows anew, without the gap
    assert isinstance(scan(store, bookmark), Listing)


def test_a_vacuum_changes_no_run(store: Store) -> None:
    run_sql(store, "delete from metrics where rowid = 2")
    bookmark = remember(store)
    run_sql(store, "vacuum")
    found = scan(store, bookmark)
    assert isinstance(found, Delta)
    assert (found.changed, found.gone) == ((), ())


def test_a_migrated_store_counts_as_changed_as_a_whole(store: Store) -> None:
    bookmark = remember(store)
    run_sql(store, "update alembic_version set version_num = 'later'")
    assert isinstance(scan(store, bookmark), Listing)


def test_a_listing_after_doubt_has_other_fingerprints_for_all_runs(store: Store) -> None:
    with closing(SqliteReader(store.path)) as reader:
        first = reader.scan(None)
        run_sql(store, "update alembic_version set version_num = 'later'")
        second = reader.scan(None)
    assert isinstance(first, Listing)
    assert isinstance(second, Listing)
    assert first.runs["run_key"] == second.runs["run_key"]
    assert not set(first.runs["fingerprint"].to_pylist()) & set(second.runs["fingerprint"].to_pylist())


@pytest.mark.parametrize("bookmark", [b"", b"client-1:abc", b"\xff" * 500])
def test_a_bookmark_that_is_not_understood_counts_as_none(store: Store, bookmark: bytes) -> None:
    found = scan(store, bookmark)
    assert isinstance(found, Listing)
    assert found.runs.num_rows == 7


def test_a_truncated_bookmark_counts_as_none(store: Store) -> None:
    bookmark = remember(store)
    assert isinstance(scan(store, bookmark[: len(bookmark) // 2]), Listing)


def test_a_bookmark_of_another_store_makes_everything_count_as_changed(store: Store, store_template: Store) -> None:
    run_sql(store, "delete from params", "delete from metrics")
    assert isinstance(scan(store, remember(store_template)), Listing)


def test_an_unchanged_file_is_not_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bookmark = remember(store)
    with closing(SqliteReader(store.path)) as reader:
        monkeypatch.setattr(reader._connection, "read", None)
        assert reader.scan(bookmark) is None


def test_following_a_store_through_all_changes_ends_in_the_same_state_as_reading_it_anew(store: Store) -> None:
    followed = follow(store, lambda: SqliteReader(store.path))
    anew = Copy(open_reader=lambda: SqliteReader(store.path))
    anew.sync()
    assert followed.kept == anew.kept
