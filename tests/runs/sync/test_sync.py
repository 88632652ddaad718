"""Importing a source: complete or not at all, and only what changed."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest

from lean_core.errors import SourceUnreachable
from lean_core.runs import Moment, RunQuery, Source, find_runs, metric_histories, source_states, sync_source
from lean_core.runs.reader import Delta
from lean_core.runs.sync import owner, table
from lean_core.store import Store
from tests.runs.builders import START, ARun, MemoryReader

MOMENT = Moment(now=dt.datetime(2026, 11, 23), abandoned_after=dt.timedelta(days=1))
SOURCE = Source(name="local", uri="mlflow.db", kind="auto", folder=Path(), timeout=10)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "lean.duckdb")


def sync(store, reader):
    return sync_source(store, SOURCE, open_reader=lambda _: reader, tell=lambda _: None)


def found(store, **query):
    with store.read() as cursor:
        return {run.run_id: run for run in find_runs(cursor, RunQuery(**query), MOMENT).runs}


def rows_in(store, name):
    with store.read() as cursor:
        return cursor.execute(f"select count(*) from {name}").fetchone()[0]


def test_a_first_sync_imports_every_run_with_all_that_belongs_to_it(store):
    run = ARun(
        key="a",
        name="first",
        params={"depth": "3"},
        tags={"mlflow.source.git.commit": "c" * 40, "mlflow.parentRunId": "p", "team": "core"},
        points=[("auc", 0, START, 0.5), ("auc", 1, START, 0.7)],
        inputs=[("churn", "d1", "training")],
    )
    report = sync(store, MemoryReader(runs=[run]))
    assert (report.state, report.imported, report.changed, report.unchanged) == ("ok", 1, 0, 0)
    only = found(store)["a"]
    assert (only.name, only.user, only.commit, only.parent_run_id) == ("first", "ana", "c" * 40, "p")
    assert (only.params, only.metrics, only.experiment) == ({"depth": "3"}, {"auc": 0.7}, "experiment-1")
    assert [(each.name, each.digest, each.context) for each in only.inputs] == [("churn", "d1", "training")]
    with store.read() as cursor:
        (history,) = metric_histories(cursor, ("local:a",))
    assert (history.steps, history.values) == ((0, 1), (0.5, 0.7))


def test_a_second_sync_loads_only_new_and_changed_runs(store):
    sync(store, MemoryReader(runs=[ARun(key="a"), ARun(key="b", params={"x": "1"})]))
    again = MemoryReader(
        runs=[ARun(key="a"), ARun(key="b", edition=2, params={"x": "2"}), ARun(key="c")], bookmark=b"2"
    )
    report = sync(store, again)
    assert again.loaded == ["b", "c"]
    assert (report.imported, report.changed, report.unchanged, report.deleted) == (1, 1, 1, 0)
    assert found(store)["b"].params == {"x": "2"}
    assert rows_in(store, "param") == 1


def test_a_sync_of_an_unchanged_source_says_so_and_keeps_the_warnings(store):
    reader = MemoryReader(runs=[ARun(key="a")])
    reader.warnings.add("run without meta.yaml", "mlruns/0/x")
    sync(store, reader)
    report = sync(store, MemoryReader(runs=[]))
    assert (report.state, report.unchanged, report.skipped) == ("unchanged", 1, {"run without meta.yaml": 1})


def test_a_run_that_is_gone_from_the_source_is_marked_and_kept(store):
    sync(store, MemoryReader(runs=[ARun(key="a", params={"x": "1"}), ARun(key="b")]))
    report = sync(store, MemoryReader(runs=[ARun(key="b")], bookmark=b"2"))
    assert (report.deleted, report.gone) == (1, 1)
    assert set(found(store)) == {"b"}
    gone = found(store, view="deleted")["a"]
    assert gone.gone_at is not None
    assert gone.params == {"x": "1"}


def test_a_gone_run_that_comes_back_is_active_again(store):
    sync(store, MemoryReader(runs=[ARun(key="a")]))
    sync(store, MemoryReader(runs=[], bookmark=b"2"))
    sync(store, MemoryReader(runs=[ARun(key="a")], bookmark=b"3"))
    assert found(store)["a"].gone_at is None


def test_a_delta_changes_only_what_it_names(store):
    sync(store, MemoryReader(runs=[ARun(key="a"), ARun(key="b"), ARun(key="c")]))
    delta = Delta(changed=("b", "d"), gone=("c",), bookmark=b"2")
    reader = MemoryReader(runs=[ARun(key="a"), ARun(key="b", name="new"), ARun(key="d")], bookmark=b"2", delta=delta)
    report = sync(store, reader)
    assert (report.imported, report.changed, report.unchanged, report.gone) == (1, 1, 1, 1)
    assert reader.loaded == ["b", "d"]
    assert {key: run.name for key, run in found(store).items()} == {"a": None, "b": "new", "d": None}


def test_a_failing_source_keeps_its_last_import_as_stale(store):
    sync(store, MemoryReader(runs=[ARun(key="a", params={"x": "1"})]))
    broken = MemoryReader(
        runs=[ARun(key="a", edition=2, params={"x": "2"})],
        bookmark=b"2",
        fails=SourceUnreachable("it went away."),
        after_chunks=2,
    )
    report = sync(store, broken)
    assert (report.state, report.error) == ("failed", "it went away.")
    assert found(store)["a"].params == {"x": "1"}
    with store.read() as cursor:
        (state,) = source_states(cursor).values()
    assert (state.state, state.message) == ("stale", "it went away.")
    assert rows_in(store, "param") == 1


def test_an_interruption_leaves_the_last_import_and_the_next_sync_sweeps(store):
    sync(store, MemoryReader(runs=[ARun(key="a", params={"x": "1"})]))
    broken = MemoryReader(runs=[ARun(key="a", edition=2)], bookmark=b"2", fails=KeyboardInterrupt(), after_chunks=3)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        sync(store, broken)
    assert found(store)["a"].params == {"x": "1"}
    report = sync(store, MemoryReader(runs=[ARun(key="a", edition=2)], bookmark=b"2"))
    assert (report.state, report.changed) == ("ok", 1)
    with store.read() as cursor:
        assert table.unfinished(cursor, "local") == []


def test_two_syncs_of_one_source_at_once_are_refused(store):
    sync(store, MemoryReader(runs=[]))
    with store.write() as cursor:
        from lean_core import clock

        table.begin(cursor, source="local", owner=owner.this_process(), runs=1, now=clock.now())
    report = sync(store, MemoryReader(runs=[], bookmark=b"2"))
    assert report.state == "failed"
    assert "is being synced by process" in report.error


def test_a_sync_whose_process_died_is_swept(store):
    sync(store, MemoryReader(runs=[]))
    with store.write() as cursor:
        from lean_core import clock

        dead = owner.this_process().rpartition(":")[0] + ":999999999"
        lease = table.begin(cursor, source="local", owner=dead, runs=1, now=clock.now())
        cursor.execute("insert into param values (?, 'left', 'over')", [lease.first_run_no])
    sync(store, MemoryReader(runs=[], bookmark=b"2"))
    assert rows_in(store, "param") == 0


def test_the_latest_value_is_the_greatest_step_then_time_then_value_and_nan_loses(store):
    later = START + dt.timedelta(hours=1)
    points = [
        ("a", 1, START, 9.0), ("a", 2, START, 1.0), ("a", 2, START, 3.0), ("a", 2, START, math.nan),
        ("b", 0, later, 5.0), ("b", 0, START, 7.0),
        ("c", None, None, math.inf),
        ("d", 1, START, math.nan),
    ]  # fmt: skip
    sync(store, MemoryReader(runs=[ARun(key="r", points=points)]))
    metrics = found(store)["r"].metrics
    assert {key: metrics[key] for key in "abc"} == {"a": 3.0, "b": 5.0, "c": math.inf}
    assert math.isnan(metrics["d"])


def test_a_deleted_run_counts_as_deleted_once(store):
    report = sync(store, MemoryReader(runs=[ARun(key="a", lifecycle="deleted"), ARun(key="b")]))
    assert (report.imported, report.deleted) == (2, 1)
    report = sync(
        store,
        MemoryReader(
            runs=[ARun(key="a", lifecycle="deleted", edition=2), ARun(key="b", edition=2, lifecycle="deleted")],
            bookmark=b"2",
        ),
    )
    assert (report.changed, report.deleted) == (2, 1)


@pytest.mark.parametrize(
    ("run", "status"),
    [
        (ARun(key="r", status="RUNNING", start=START, end=None), "ABANDONED"),
        (ARun(key="r", status="RUNNING", start=None, end=None), "ABANDONED"),
        (ARun(key="r", status="RUNNING", start=MOMENT.now, end=None), "RUNNING"),
        (ARun(key="r", status="RUNNING", start=START, end=None, points=[("m", 0, MOMENT.now, 1.0)]), "RUNNING"),
        (ARun(key="r", status="FINISHED", start=START, end=START), "FINISHED"),
        (ARun(key="r", status=None, start=None, end=None), None),
    ],
)
def test_running_without_a_sign_of_life_for_a_day_is_abandoned(store, run, status):
    sync(store, MemoryReader(runs=[run]))
    assert found(store)["r"].status == status


def test_another_address_under_the_same_name_forgets_the_bookmark(store):
    sync(store, MemoryReader(runs=[ARun(key="a")]))
    other = Source(name="local", uri="other.db", kind="auto", folder=Path(), timeout=10)
    report = sync_source(store, other, open_reader=lambda _: MemoryReader(runs=[ARun(key="b")]), tell=lambda _: None)
    assert (report.imported, report.gone) == (1, 1)


def test_a_source_in_the_state_of_the_last_import_is_not_even_scanned(store):
    sync(store, MemoryReader(runs=[ARun(key="a")], stated="s1"))
    same = MemoryReader(runs=[ARun(key="a"), ARun(key="b")], bookmark=b"2", stated="s1")
    assert (sync(store, same).state, sync(store, same).unchanged) == ("unchanged", 1)
    other = MemoryReader(runs=[ARun(key="a"), ARun(key="b")], bookmark=b"2", stated="s2")
    assert sync(store, other).imported == 1


def test_a_run_that_can_not_be_read_this_time_keeps_its_last_import_and_is_not_counted(store):
    sync(store, MemoryReader(runs=[ARun(key="a", params={"x": "1"}), ARun(key="b")]))
    broken = MemoryReader(runs=[ARun(key="a", edition=2), ARun(key="b"), ARun(key="c")], bookmark=b"2")
    broken.unreadable = {"a", "c"}
    report = sync(store, broken)
    assert (report.imported, report.changed, report.unchanged) == (0, 0, 2)
    assert found(store)["a"].params == {"x": "1"}
    mended = MemoryReader(
        runs=[ARun(key="a", edition=2, params={"x": "2"}), ARun(key="b"), ARun(key="c")], bookmark=b"3"
    )
    report = sync(store, mended)
    assert (report.imported, report.changed, report.unchanged) == (1, 1, 1)
    assert found(store)["a"].params == {"x": "2"}
