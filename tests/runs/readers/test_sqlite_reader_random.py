"""Whatever is done to a store between two scans, exactly that is found."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from lean_core.runs.readers.sqlite import SqliteReader, amendment, leaves, store
from tests.runs.readers.synced import Contents, MemoryStore, Synced

SCHEMA = """
    pragma page_size = 512;
    create table experiments (experiment_id integer primary key, name text, lifecycle_stage text);
    create table runs (run_uuid varchar(32) not null primary key, experiment_id integer, status text, end_time bigint);
    create table params (key text not null, value text, run_uuid text not null, primary key (key, run_uuid));
    create table tags (key text not null, value text, run_uuid text not null, primary key (key, run_uuid));
    create table metrics (key text, value float, timestamp bigint, run_uuid text);
    insert into experiments values (1, 'one', 'active'), (2, 'two', 'active');
"""
RUNS = st.sampled_from(["a", "b", "c", "d"])
FILLERS = 60
VALUES = st.sampled_from(["1", "2"])
LONG = "-" * 2_000
"""Makes a value continue on pages of its own."""
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("run"), RUNS, VALUES),
        st.tuples(st.just("purge"), RUNS, VALUES),
        st.tuples(st.just("status"), RUNS, VALUES),
        st.tuples(st.sampled_from(["tag 1", "tag 2", "long 2", "untag 1", "untag 2"]), RUNS, VALUES),
        st.tuples(st.sampled_from(["metric", "param"]), RUNS, VALUES),
        st.tuples(st.just("experiment"), RUNS, VALUES),
        st.tuples(st.just("scan"), RUNS, VALUES),
    ),
    max_size=40,
)


def operate(database: sqlite3.Connection, operation: str, run: str, value: str) -> None:
    """Do one thing."""
    there = database.execute("select 1 from runs where run_uuid = ?", (run,)).fetchone() is not None
    verb, _, key = operation.partition(" ")
    match verb:
        case "run":
            database.execute("insert or ignore into runs values (?, ?, 'RUNNING', null)", (run, int(value)))
        case "purge":
            for table in ("metrics", "params", "tags", "runs"):
                database.execute(f"delete from {table} where run_uuid = ?", (run,))
        case "status":
            database.execute("update runs set status = ?, end_time = ? where run_uuid = ?", (value, value, run))
        case "untag":
            database.execute("delete from tags where run_uuid = ? and key = ?", (run, key))
        case "tag" | "long" if there:
            value = LONG + value if verb == "long" else value
            sql = "insert into tags values (?, ?, ?) on conflict do update set value = excluded.value"
            database.execute(sql, (key, value, run))
        case "metric" if there:
            database.execute("insert into metrics values ('m', ?, 1, ?)", (value, run))
        case "param" if there:
            database.execute("insert or ignore into params values (?, ?, ?)", (value, value, run))
        case "experiment":
            sql = "update experiments set lifecycle_stage = iif(lifecycle_stage = 'active', 'deleted', 'active')"
            database.execute(f"{sql} where experiment_id = ?", (value,))
    database.commit()


def fill(database: sqlite3.Connection) -> None:
    """Add runs that nothing happens to, so that the tables have many pages."""
    for number in range(FILLERS):
        database.execute("insert into runs values (?, 1, 'FINISHED', 1)", (f"filler {number}",))
        for key in "12":
            database.execute("insert into tags values (?, ?, ?)", (key, f"value {number}", f"filler {number}"))
    database.execute("update tags set value = ? where run_uuid = 'filler 7'", (LONG,))
    database.commit()


def said(database: sqlite3.Connection) -> dict[str, tuple[Any, ...]]:
    """Return everything that a store says of each run."""
    runs = """
        select run_uuid, status, experiment_id, (
            select lifecycle_stage from experiments where experiments.experiment_id = runs.experiment_id
        )
        from runs
    """
    found: dict[str, tuple[Any, ...]] = {}
    for run, status, experiment, lifecycle in database.execute(runs):
        rows = {
            table: sorted(database.execute(f"select key, value from {table} where run_uuid = ?", (run,)))
            for table in ("params", "tags", "metrics")
        }
        metrics = sorted((key, float(value)) for key, value in rows["metrics"])
        found[run] = (status, str(experiment), lifecycle, rows["params"], rows["tags"], metrics)
    return found


def kept(contents: Contents) -> dict[str, tuple[Any, ...]]:
    """Return the same of what was imported, without the runs that are gone."""
    return {
        key: (
            of_run["run"][3],
            of_run["run"][1],
            of_run["run"][8],
            of_run["param"],
            of_run["tag"],
            sorted((key, value) for key, _, _, value in of_run["point"]),
        )
        for key, of_run in contents.items()
        if not of_run["run"][-1]
    }


@settings(max_examples=25, deadline=None)
@given(operations=OPERATIONS, most_added=st.sampled_from([-1, 2, 1_000]), at_once=st.sampled_from([1, 7, 128]))
def test_a_sync_follows_whatever_was_done_since_the_last_one(
    operations: list[tuple[str, str, str]], most_added: int, at_once: int
) -> None:
    with ExitStack() as leaving:
        folder = leaving.enter_context(tempfile.TemporaryDirectory())
        leaving.enter_context(patch.object(store, "RANGE_ROWS", 3))
        leaving.enter_context(patch.object(amendment, "MOST_ADDED", most_added))
        leaving.enter_context(patch.object(leaves, "_PAGES_AT_ONCE", at_once))
        path = Path(folder) / "mlflow.db"
        database = leaving.enter_context(closing(sqlite3.connect(path)))
        memory = leaving.enter_context(closing(MemoryStore()))
        synced = Synced(open_reader=lambda: SqliteReader(path), store=memory)
        database.execute("pragma synchronous = off")
        database.executescript(SCHEMA)
        fill(database)
        synced.sync()
        before = said(database)
        for operation, run, value in [*operations, ("scan", "", "")]:
            if operation != "scan":
                operate(database, operation, run, value)
                continue
            report, now = synced.sync(), said(database)
            assert kept(synced.contents()) == now
            assert report.imported == len(now.keys() - before.keys())
            assert report.gone == len(before.keys() - now.keys())
            before = now
