"""What `scan` finds after real changes by MLflow, and that loading it brings a copy up to date exactly."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from mlflow.entities import Dataset, DatasetInput, Metric, Param

from lean_core.runs.reader import Delta, Listing
from lean_core.runs.readers.sqlite import SqliteReader
from tests.runs.readers.conftest import Store
from tests.runs.readers.mlflow_stores import as_sets, loaded

Change = Callable[[Store], set[str]]
"""Changes a store through MLflow and returns the names of the runs that are to be found changed."""


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


def log_metric(store: Store) -> set[str]:
    store.client.log_metric(store.ids["running"], "loss", 0.5)
    return {"running"}


def log_batch(store: Store) -> set[str]:
    store.client.log_batch(store.ids["child"], metrics=[Metric("m", 1, 1, 1)], params=[Param("p", "1")])
    store.client.log_param(store.ids["bare"], "q", "1")
    return {"child", "bare"}


def set_tag(store: Store) -> set[str]:
    store.client.set_tag(store.ids["full"], "mlflow.user", "bea")
    return {"full"}


def delete_tag(store: Store) -> set[str]:
    store.client.delete_tag(store.ids["full"], "empty")
    return {"full"}


def move_last_tags(store: Store) -> set[str]:
    """Take the tag away from the runs that got it last, and give it to others: SQLite uses the row numbers again."""
    for name in ("killed", "full"):
        store.client.delete_tag(store.ids[name], "candidate")
    for name in ("bare", "full"):
        store.client.set_tag(store.ids[name], "candidate", "yes")
    return {"killed", "bare"}


def terminate(store: Store) -> set[str]:
    store.client.set_terminated(store.ids["running"])
    return {"running"}


def rename(store: Store) -> set[str]:
    store.client.update_run(store.ids["bare"], name="another")
    return {"bare"}


def delete_run(store: Store) -> set[str]:
    store.client.delete_run(store.ids["killed"])
    return {"killed"}


def restore_run(store: Store) -> set[str]:
    store.client.restore_run(store.ids["trashed"])
    return {"trashed"}


def delete_experiment(store: Store) -> set[str]:
    store.client.delete_experiment(store.ids["churn"])
    return {"full", "child", "killed", "running", "bare"}


def restore_experiment(store: Store) -> set[str]:
    store.client.restore_experiment(store.ids["abandoned"])
    return {"lost"}


def log_input(store: Store) -> set[str]:
    data = Dataset(name="orders", digest="d2", source_type="local", source="o.csv", schema=None, profile=None)
    store.client.log_inputs(store.ids["bare"], [DatasetInput(data, [])])
    return {"bare"}


def rename_experiment(store: Store) -> set[str]:
    store.client.rename_experiment(store.ids["churn"], "retention")
    return set()


@pytest.mark.parametrize(
    "change",
    [
        log_metric, log_batch, set_tag, delete_tag, move_last_tags, terminate, rename, delete_run, restore_run,
        delete_experiment, restore_experiment, log_input, rename_experiment,
    ],
)  # fmt: skip
def test_exactly_the_runs_that_changed_are_found(store: Store, change: Change) -> None:
    for name in ("killed", "full"):
        store.client.set_tag(store.ids[name], "candidate", "yes")
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


def purge(store: Store, name: str) -> None:
    """Do what `mlflow gc` does with a deleted run."""
    store.client._tracking_client.store._hard_delete_run(store.ids[name])


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


@dataclass
class Copy:
    """What a sync keeps: it follows a store by loading what each scan says."""

    store: Store
    bookmark: bytes | None = None
    kept: dict[str, set[tuple[object, ...]]] | None = None

    def sync(self) -> None:
        with closing(SqliteReader(self.store.path)) as reader:
            found = reader.scan(self.bookmark)
            if found is None:
                return
            self.bookmark = found.bookmark
            if isinstance(found, Listing):
                self.kept = {name: set(rows) for name, rows in as_sets(loaded(reader.load(None))).items()}
                return
            assert self.kept is not None
            fresh = as_sets(loaded(reader.load(found.changed)))
            dropped = {*found.changed, *found.gone}
            self.kept = {
                name: {row for row in rows if row[0] not in dropped} | set(fresh[name])
                for name, rows in self.kept.items()
            }


def test_following_a_store_through_all_changes_ends_in_the_same_state_as_reading_it_anew(store: Store) -> None:
    copy = Copy(store=store)
    copy.sync()
    for name in ("killed", "full"):
        store.client.set_tag(store.ids[name], "candidate", "yes")
    changes: Iterator[Change] = iter(
        [log_metric, log_batch, set_tag, delete_tag, move_last_tags, terminate, rename, restore_run, log_input,
         restore_experiment, delete_run, delete_experiment]
    )  # fmt: skip
    for change in changes:
        change(store)
        copy.sync()
    purge(store, "killed")
    copy.sync()
    anew = Copy(store=store)
    anew.sync()
    assert copy.kept == anew.kept
