"""What a sync makes of real changes by MLflow: exactly the runs that changed are others afterwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from lean_core.runs import SyncReport
from lean_core.runs.reader import Amendment, Found, Listing
from lean_core.runs.readers.sqlite import SqliteReader, amendment, scan
from tests.runs.readers.conftest import Store
from tests.runs.readers.mlflow_changes import CHANGES, Change, prepare, purge
from tests.runs.readers.synced import Contents, Synced, anew, differing


def remember(store: Store) -> bytes:
    with closing(SqliteReader(store.path)) as reader:
        found = reader.scan(None)
    assert isinstance(found, Listing)
    return found.bookmark


def look_again(store: Store, bookmark: bytes) -> Found:
    with closing(SqliteReader(store.path)) as reader:
        return reader.scan(bookmark)


def synced(store: Store) -> Synced:
    return Synced(open_reader=lambda: SqliteReader(store.path))


def run_sql(store: Store, *statements: str) -> None:
    with closing(sqlite3.connect(store.path)) as database:
        for statement in statements:
            database.execute(statement)
            database.commit()


def follow(store: Store, change: Change) -> tuple[Contents, SyncReport, Contents, set[str]]:
    """Return what was there before, what the sync of a change says, what is there then, and who should differ."""
    prepare(store)
    kept = synced(store)
    kept.sync()
    before = kept.contents()
    expected = {store.ids[name] for name in change(store)}
    return before, kept.sync(), kept.contents(), expected


@pytest.mark.parametrize("change", CHANGES)
def test_exactly_the_runs_that_changed_are_changed(store: Store, change: Change) -> None:
    before, report, after, expected = follow(store, change)
    assert (report.imported, report.changed, report.gone) == (0, len(expected), 0)
    assert differing(before, after) == expected
    assert after == anew(lambda: SqliteReader(store.path))


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found_where_the_file_can_not_be_looked_at(
    store: Store, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "_look", lambda *_: {})
    before, report, after, expected = follow(store, change)
    assert (report.changed, differing(before, after)) == (len(expected), expected)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found_where_the_new_rows_are_too_many_to_hold(
    store: Store, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amendment, "MOST_ADDED", -1)
    before, report, after, expected = follow(store, change)
    assert (report.changed, differing(before, after)) == (len(expected), expected)
    assert after == anew(lambda: SqliteReader(store.path))


def test_a_new_run_is_found(store: Store) -> None:
    kept = synced(store)
    kept.sync()
    run_id = store.client.create_run(store.ids["churn"], run_name="new").info.run_id
    store.client.log_param(run_id, "depth", "3")
    store.client.log_metric(run_id, "auc", 0.5)
    report = kept.sync()
    assert (report.imported, report.changed) == (1, 0)
    assert kept.contents()[run_id]["param"] == [("depth", "3")]
    assert kept.contents() == anew(lambda: SqliteReader(store.path))


def test_a_purged_run_is_gone_and_kept(store: Store) -> None:
    kept = synced(store)
    kept.sync()
    before = kept.contents()
    purge(store, "trashed")
    report = kept.sync()
    assert (report.changed, report.gone) == (0, 1)
    assert differing(before, kept.contents()) == {store.ids["trashed"]}
    assert kept.sync().state == "unchanged"


def test_a_gone_run_that_comes_back_is_as_a_new_import_would_have_it(store: Store) -> None:
    kept = synced(store)
    kept.sync()
    row = "select * from runs where run_uuid = ?"
    with closing(sqlite3.connect(store.path)) as database:
        [values] = database.execute(row, (store.ids["full"],)).fetchall()
    run_sql(store, f"delete from runs where run_uuid = '{store.ids['full']}'")
    assert kept.sync().gone == 1
    with closing(sqlite3.connect(store.path)) as database, database:
        database.execute(f"insert into runs values ({', '.join('?' * len(values))})", values)
    kept.sync()
    assert kept.contents() == anew(lambda: SqliteReader(store.path))


def test_the_last_tag_of_a_run_that_is_taken_away_is_lost(store: Store) -> None:
    kept = synced(store)
    kept.sync()
    run_sql(store, f"delete from tags where run_uuid = '{store.ids['bare']}'")
    assert kept.sync().changed == 1
    assert kept.contents()[store.ids["bare"]]["tag"] == []


def test_a_tag_that_moves_to_another_run_in_the_place_of_its_row_is_lost_by_the_first(store: Store) -> None:
    store.client.set_tag(store.ids["killed"], "candidate", "yes")
    kept = synced(store)
    kept.sync()
    run_sql(store, f"update tags set run_uuid = '{store.ids['bare']}' where key = 'candidate'")
    report = kept.sync()
    assert report.changed == 2
    assert kept.contents() == anew(lambda: SqliteReader(store.path))


def test_a_name_that_is_taken_away_is_no_longer_known(store: Store) -> None:
    kept = synced(store)
    kept.sync()
    run_sql(store, f"update runs set name = '' where run_uuid = '{store.ids['bare']}'")
    store.client.delete_tag(store.ids["bare"], "mlflow.runName")
    assert kept.sync().changed == 1
    assert kept.contents() == anew(lambda: SqliteReader(store.path))


def test_a_change_far_down_in_a_long_value_is_found(store: Store) -> None:
    store.client.set_tag(store.ids["bare"], "note", "x" * 7_000 + "1")
    store.client.set_tag(store.ids["full"], "note", "y" * 7_000 + "1")
    kept = synced(store)
    kept.sync()
    before = kept.contents()
    run_sql(store, f"update tags set value = '{'x' * 7_000}2' where run_uuid = '{store.ids['bare']}' and key = 'note'")
    assert kept.sync().changed == 1
    assert differing(before, kept.contents()) == {store.ids["bare"]}


def test_a_sync_that_another_one_overtook_adds_nothing_twice(store: Store) -> None:
    kept = synced(store)
    kept.sync()
    store.client.log_metric(store.ids["bare"], "loss", 0.5)

    class Overtaken(SqliteReader):
        def scan(self, bookmark: bytes | None) -> Found:
            found = super().scan(bookmark)
            kept.sync()
            return found

    late = Synced(open_reader=lambda: Overtaken(store.path), store=kept.store)
    with pytest.raises(AssertionError, match="was synced by another process meanwhile"):
        late.sync()
    assert kept.contents() == anew(lambda: SqliteReader(store.path))


def test_after_the_purge_of_the_run_with_the_last_rows_everything_counts_as_changed(store: Store) -> None:
    store.client.log_metric(store.ids["killed"], "last", 1.0)
    bookmark = remember(store)
    store.client.delete_run(store.ids["killed"])
    purge(store, "killed")
    store.client.log_metric(store.ids["bare"], "takes the row number", 1.0)
    found = look_again(store, bookmark)
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
    assert isinstance(look_again(store, bookmark), Listing)


def test_a_vacuum_changes_no_run(store: Store) -> None:
    run_sql(store, "delete from metrics where rowid = 2")
    kept = synced(store)
    kept.sync()
    run_sql(store, "pragma page_size = 1024", "vacuum")
    report = kept.sync()
    assert (report.state, report.imported, report.changed, report.gone) == ("ok", 0, 0, 0)


def test_a_migrated_store_counts_as_changed_as_a_whole(store: Store) -> None:
    kept = synced(store)
    kept.sync()
    run_sql(store, "update alembic_version set version_num = 'later'")
    assert kept.sync().changed == len(kept.contents())


@pytest.mark.parametrize("bookmark", [b"", b"client-1:abc", b"\xff" * 500, b'{"format": "sqlite-3"}\n', b"[]\n"])
def test_a_bookmark_that_is_not_understood_counts_as_none(store: Store, bookmark: bytes) -> None:
    found = look_again(store, bookmark)
    assert isinstance(found, Listing)
    assert found.runs.num_rows == 7


def test_a_truncated_bookmark_counts_as_none(store: Store) -> None:
    bookmark = remember(store)
    assert isinstance(look_again(store, bookmark[: len(bookmark) // 2]), Listing)
    assert isinstance(look_again(store, bookmark[:-1]), Listing)


def test_a_bookmark_of_another_store_makes_everything_count_as_changed(store: Store, store_template: Store) -> None:
    run_sql(store, "delete from params", "delete from metrics")
    assert isinstance(look_again(store, remember(store_template)), Listing)


def test_an_unchanged_file_is_not_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bookmark = remember(store)
    with closing(SqliteReader(store.path)) as reader:
        monkeypatch.setattr(reader._connection, "read", None)
        assert reader.scan(bookmark) is None


def test_of_many_runs_only_the_neighbours_of_those_that_changed_are_read(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as database, database:
        database.executemany(
            "insert into runs (run_uuid, status, experiment_id) values (?, 'RUNNING', 1)",
            [(f"{n:032}",) for n in range(2_000)],
        )
        database.executemany(
            "insert into tags (run_uuid, key, value) values (?, 'k', ?)", [(f"{n:032}", "v" * 40) for n in range(2_000)]
        )
    bookmark = remember(store)
    run_sql(
        store,
        f"update runs set status = 'FAILED' where run_uuid = '{1_000:032}'",
        f"update tags set value = 'w' where run_uuid = '{500:032}'",
    )
    found = look_again(store, bookmark)
    assert isinstance(found, Amendment)
    assert found.read_all is not None
    assert {f"{1_000:032}", f"{500:032}"} <= set(found.runs["run_key"].to_pylist())
    assert f"{500:032}" in found.tags["run_key"].to_pylist()
    assert found.runs.num_rows < 200
    assert found.tags.num_rows < 200


def test_following_a_store_through_all_changes_ends_in_the_same_state_as_reading_it_anew(store: Store) -> None:
    kept = synced(store)
    prepare(store)
    kept.sync()
    for change in CHANGES:
        change(store)
        kept.sync()
    assert kept.contents() == anew(lambda: SqliteReader(store.path))
