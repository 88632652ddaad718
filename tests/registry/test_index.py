from __future__ import annotations

import datetime as dt
import threading
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from lean_core.errors import ObjectsUnreachable
from lean_core.objects import LocalObjects, Objects
from lean_core.registry import Step, read_model, read_trail, read_version
from lean_core.registry.index import (
    IndexState,
    RefreshReport,
    index_state,
    indexed_models,
    indexed_trail,
    indexed_version,
    indexed_versions,
    refresh_index,
)
from lean_core.store import Store
from tests.ceph import Ceph
from tests.contract.backends import bucket, name_owner
from tests.registry.folders import AT, a_record, a_withdrawal, write, write_event, write_version

LATER = AT + dt.timedelta(days=1)


class WatchedObjects(LocalObjects):
    """A local registry that tells what was read, and fails on demand."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read_keys: list[str] = []
        self.fails = False

    def read(self, key: str, *, limit: int | None = None) -> bytes:
        if self.fails:
            raise ObjectsUnreachable("http://127.0.0.1:1 does not answer: start it")
        self.read_keys.append(key)
        return super().read(key, limit=limit)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a registry with a version in every state, and a trail."""
    root = tmp_path / "registry"
    write_version(root)
    write_version(root, a_record(version="2", owner=None, created_at=LATER), at=LATER)
    write(root, "churn/3/upload.json", "{}", at=LATER)
    write(root, "churn/4/version.json", "{", at=LATER)
    write(root, "churn/5/MLmodel", "flavors: {}")
    write_event(root, a_withdrawal("1", number=1))
    write_event(root, a_withdrawal("2", number=2, at=LATER))
    write(root, "churn/trail/odd.json", "{")
    write_version(root, a_record("fraud"))
    return root


@pytest.fixture
def objects(root: Path) -> WatchedObjects:
    return WatchedObjects(root)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "lean.duckdb")


def refresh(store: Store, objects: Objects) -> RefreshReport:
    return refresh_index(store, objects, tell=lambda _: None)


def counts(report: RefreshReport) -> tuple[str, int, int, int, int, int]:
    return report.state, report.new, report.changed, report.unchanged, report.gone, report.events


def contents(store: Store) -> object:
    """Return all that pages may ask for, comparable: NaN is not equal to itself."""
    with store.read() as cursor:
        names = [model.name for model in indexed_models(cursor)]
        return repr([indexed_models(cursor), [indexed_versions(cursor, name) for name in names], indexed_trail(cursor)])


def state(store: Store, objects: Objects) -> IndexState:
    with store.read() as cursor:
        return index_state(cursor, objects.uri)


def test_the_index_holds_what_reading_the_registry_finds(store: Store, objects: WatchedObjects):
    assert counts(refresh(store, objects)) == ("ok", 6, 0, 0, 0, 3)
    with store.read() as cursor:
        assert repr(indexed_versions(cursor, "churn")) == repr(read_model(objects, "churn"))
        assert indexed_trail(cursor, "churn") == read_trail(objects, "churn")
        assert repr(indexed_version(cursor, "churn", "2")) == repr(read_version(objects, "churn", "2"))
        assert indexed_version(cursor, "churn", "gone") is None


def test_models_are_counted_by_the_states_of_their_versions(store: Store, objects: WatchedObjects):
    refresh(store, objects)
    with store.read() as cursor:
        churn, fraud = indexed_models(cursor)
    assert (churn.name, churn.versions, churn.incomplete, churn.foreign, churn.unreadable) == ("churn", 2, 1, 1, 1)
    assert (churn.newest, churn.newest_at, churn.events, churn.last_event_at) == ("2", LATER, 3, LATER)
    assert churn.bytes == sum(path.stat().st_size for path in Path(objects.uri).glob("churn/[0-9]/*"))
    assert (fraud.name, fraud.versions, fraud.events, fraud.last_event_at) == ("fraud", 1, 0, None)


def test_a_trail_can_be_asked_for_one_version_and_keeps_what_cant_be_read(store: Store, objects: WatchedObjects):
    refresh(store, objects)
    with store.read() as cursor:
        trail = indexed_trail(cursor, "churn", "2")
        others = indexed_trail(cursor, "fraud")
    assert [event.version for event in trail.events] == ["2"]
    assert [each.key for each in trail.unreadable] == ["churn/trail/odd.json"]
    assert (others.events, others.unreadable) == ((), ())


def test_a_second_refresh_reads_only_what_it_could_not_read(store: Store, objects: WatchedObjects):
    refresh(store, objects)
    before, objects.read_keys = contents(store), []
    assert counts(refresh(store, objects)) == ("ok", 0, 0, 6, 0, 1)
    assert objects.read_keys == ["churn/trail/odd.json"]
    assert contents(store) == before


def test_a_refresh_of_what_did_not_change_reads_nothing(store: Store, objects: WatchedObjects, root: Path):
    (root / "churn/trail/odd.json").unlink()
    refresh(store, objects)
    objects.read_keys = []
    assert counts(refresh(store, objects)) == ("unchanged", 0, 0, 6, 0, 0)
    assert objects.read_keys == []


def test_only_what_is_new_or_changed_is_read_again(store: Store, objects: WatchedObjects, root: Path):
    (root / "churn/trail/odd.json").unlink()
    refresh(store, objects)
    objects.read_keys = []
    write_version(root, a_record(version="6"), files={"metrics.json": b"{}"})
    write(root, "churn/2/metrics.json", '{"auc": 0.5}')
    event = write_event(root, a_withdrawal("6", number=3))
    assert counts(refresh(store, objects)) == ("ok", 1, 1, 5, 0, 1)
    assert sorted(objects.read_keys) == [
        "churn/2/metrics.json",
        "churn/2/version.json",
        "churn/6/metrics.json",
        "churn/6/version.json",
        f"churn/trail/{event.id}.json",
    ]
    with store.read() as cursor:
        version = indexed_version(cursor, "churn", "2")
    assert version is not None
    assert version.metrics == {"auc": 0.5}


def test_what_is_gone_from_the_registry_is_gone_from_the_index(store: Store, objects: WatchedObjects, root: Path):
    refresh(store, objects)
    for path in [*(root / "fraud/1").iterdir(), *(root / "churn/trail").iterdir()]:
        path.unlink()
    assert counts(refresh(store, objects)) == ("ok", 0, 0, 5, 1, 3)
    with store.read() as cursor:
        assert [model.name for model in indexed_models(cursor)] == ["churn"]
        assert indexed_trail(cursor).events == ()


def test_a_lost_index_is_made_again(store: Store, objects: WatchedObjects):
    refresh(store, objects)
    before = contents(store)
    store.path.unlink()
    refresh(store, objects)
    assert contents(store) == before


@pytest.mark.parametrize("listed", [True, False])
def test_a_registry_that_cant_be_reached_keeps_the_last_index_as_stale(
    store: Store, objects: WatchedObjects, root: Path, clock, listed: bool
):
    refresh(store, objects)
    before, then = contents(store), clock.time
    write_version(root, a_record(version="6"))
    if listed:
        objects.fails = True
    else:
        root.rename(root.with_name("elsewhere"))
    report = refresh_index(store, objects, tell=lambda _: clock.advance(hours=1))
    assert report.state == "failed"
    found = state(store, objects)
    assert (found.state, found.last_success, found.message) == ("stale", then, report.error)
    assert contents(store) == before


def test_a_registry_that_can_be_reached_again_is_no_longer_stale(
    store: Store, objects: WatchedObjects, root: Path, clock
):
    write(root, "churn/6/model.pkl", "x")
    objects.fails = True
    refresh(store, objects)
    assert state(store, objects).state == "never"
    objects.fails = False
    now = clock.advance(hours=1)
    refresh(store, objects)
    assert state(store, objects) == IndexState(state="ok", last_success=now, last_attempt=now)


def test_an_interrupted_refresh_leaves_the_last_index(store: Store, objects: WatchedObjects, root: Path):
    refresh(store, objects)
    before = contents(store)
    write_version(root, a_record(version="6"))
    write_event(root, a_withdrawal("6", number=3))

    def interrupt(progress: Step) -> None:
        if progress.phase == "reading events":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh_index(store, objects, tell=interrupt)
    assert contents(store) == before
    assert counts(refresh(store, objects))[:2] == ("ok", 1)


def test_another_registry_starts_from_nothing(store: Store, objects: WatchedObjects, tmp_path: Path):
    refresh(store, objects)
    other = LocalObjects(tmp_path / "other")
    assert state(store, other).state == "never"
    assert refresh(store, other).state == "failed"
    with store.read() as cursor:
        assert indexed_models(cursor) == []
    write_version(tmp_path / "other")
    assert counts(refresh(store, other)) == ("ok", 1, 0, 0, 0, 0)


def test_another_version_of_the_workbench_reads_all_of_it_again(
    store: Store, objects: WatchedObjects, monkeypatch: pytest.MonkeyPatch
):
    refresh(store, objects)
    monkeypatch.setattr("lean_core.registry.index.refresh.__version__", "another")
    assert counts(refresh(store, objects)) == ("ok", 0, 6, 0, 0, 3)
    assert counts(refresh(store, objects)) == ("ok", 0, 0, 6, 0, 1)


def test_two_refreshes_at_once_both_succeed(store: Store, objects: WatchedObjects):
    reports: list[RefreshReport] = []
    threads = [threading.Thread(target=lambda: reports.append(refresh(store, objects))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.new for report in reports) == [0, 0, 0, 6]
    with store.read() as cursor:
        assert len(indexed_versions(cursor, "churn")) == 5


def test_texts_that_no_store_can_hold_do_no_harm(store: Store, objects: WatchedObjects, root: Path):
    write_version(root, a_record(version="6"), files={"metrics.json": b'{"a\\udcff": 1, "b": "\\udcff"}'})
    write(root, "churn/7/version.json", '{"schema": 1, "model": "\\udcff", "version": "7"}')
    write_event(root, replace(a_withdrawal(number=4), version="\udcff"))
    refresh(store, objects)
    with store.read() as cursor:
        version = indexed_version(cursor, "churn", "6")
    assert version is not None
    assert list(version.metrics) == ["a\\udcff"]


def test_the_progress_counts_up_to_what_there_is(store: Store, objects: WatchedObjects):
    told: list[Step] = []
    refresh_index(store, objects, tell=told.append)
    last = {progress.phase: (progress.done, progress.total) for progress in told}
    assert last == {"listing": (last["listing"][0], 0), "reading versions": (6, 6), "reading events": (3, 3)}
    assert last["listing"][0] > 15


def test_heartbeats_in_a_folder_are_not_listed(store: Store, objects: WatchedObjects, root: Path):
    write(root, ".heartbeats/nightly/2026-11-23/1.json", "{}")
    steps: list[Step] = []
    refresh_index(store, objects, tell=steps.append)
    listed = [step.done for step in steps if step.phase == "listing"]
    assert max(listed) == len(list(objects.walk())) - 1


@pytest.mark.s3
def test_a_registry_in_a_bucket_is_indexed_and_kept_when_the_bucket_refuses_us(
    store: Store, root: Path, ceph: Ceph, monkeypatch: pytest.MonkeyPatch
):
    name_owner(ceph, monkeypatch)
    backend = bucket(ceph, f"team/{uuid.uuid4().hex}")
    for path in (path for path in root.rglob("*") if path.is_file()):
        backend.plant(path.relative_to(root).as_posix(), path.read_bytes())
    assert counts(refresh(store, backend.open())) == ("ok", 6, 0, 0, 0, 3)
    with store.read() as cursor:
        assert indexed_trail(cursor).events == read_trail(LocalObjects(root), "churn").events
        metrics = {each.version: each.metrics.get("auc") for each in indexed_versions(cursor, "churn")}
    assert metrics == {"1": 0.91, "2": 0.91, "3": None, "4": None, "5": None}
    backend.plant("churn/2/metrics.json", b'{"auc": 0.5}')
    assert counts(refresh(store, backend.open())) == ("ok", 0, 1, 5, 0, 1)
    before = contents(store)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert refresh(store, backend.open()).state == "failed"
    assert state(store, backend.open()).state == "stale"
    assert contents(store) == before
