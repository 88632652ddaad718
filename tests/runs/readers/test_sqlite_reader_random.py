"""Whatever is done to a store between two scans, exactly that is found."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from lean_core.runs.reader import Delta, Listing
from lean_core.runs.readers.sqlite import SqliteReader, store

SCHEMA = """
    create table experiments (experiment_id integer primary key, name text, lifecycle_stage text);
    create table runs (run_uuid varchar(32) not null primary key, experiment_id integer, status text, end_time bigint);
    create table params (key text not null, value text, run_uuid text not null, primary key (key, run_uuid));
    create table tags (key text not null, value text, run_uuid text not null, primary key (key, run_uuid));
    create table metrics (key text, value float, timestamp bigint, run_uuid text);
    insert into experiments values (1, 'one', 'active'), (2, 'two', 'active');
"""
RUNS = st.sampled_from(["a", "b", "c", "d"])
VALUES = st.sampled_from(["1", "2"])
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("run"), RUNS, VALUES),
        st.tuples(st.just("purge"), RUNS, VALUES),
        st.tuples(st.just("status"), RUNS, VALUES),
        st.tuples(st.sampled_from(["tag 1", "tag 2", "untag 1", "untag 2"]), RUNS, VALUES),
        st.tuples(st.sampled_from(["metric", "param"]), RUNS, VALUES),
        st.tuples(st.just("experiment"), RUNS, VALUES),
        st.tuples(st.just("scan"), RUNS, VALUES),
    ),
    max_size=40,
)


def operate(database: sqlite3.Connection, operation: str, run: str, value: str) -> set[str]:
    """Do one thing and return the runs that it may concern."""
    there = database.execute("select 1 from runs where run_uuid = ?", (run,)).fetchone() is not None
    verb, _, key = operation.partition(" ")
    concerned = {run}
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
        case "tag" if there:
            sql = "insert into tags values (?, ?, ?) on conflict do update set value = excluded.value"
            database.execute(sql, (key, value, run))
        case "metric" if there:
            database.execute("insert into metrics values ('m', ?, 1, ?)", (value, run))
        case "param" if there:
            database.execute("insert or ignore into params values (?, ?, ?)", (value, value, run))
        case "experiment":
            sql = "update experiments set lifecycle_stage = iif(lifecycle_stage = 'active', 'deleted', 'active')"
            database.execute(f"{sql} where experiment_id = ?", (value,))
            sql = "select run_uuid from runs where experiment_id = ?"
            concerned = {run for (run,) in database.execute(sql, (value,))}
    database.commit()
    return concerned


def contents(database: sqlite3.Connection) -> dict[str, list[object]]:
    """Return everything that is said of each run."""
    said = defaultdict(list)
    runs = "select a.*, e.lifecycle_stage from runs a join experiments e using (experiment_id)"
    for run, *row in database.execute(runs):
        said[run].append(row)
    for table in ("params", "tags", "metrics"):
        for *row, run in database.execute(f"select *, run_uuid from {table} order by 1, 2"):
            said[run].append((table, row))
    return dict(said)


@settings(max_examples=60, deadline=None)
@given(OPERATIONS)
def test_a_scan_finds_what_was_done_since_the_last_one(operations: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, patch.object(store, "RANGE_ROWS", 3):
        path = Path(folder) / "mlflow.db"
        with closing(sqlite3.connect(path)) as database, closing(SqliteReader(path)) as reader:
            database.execute("pragma synchronous = off")
            database.executescript(SCHEMA)
            first = reader.scan(None)
            assert isinstance(first, Listing)
            bookmark, before, concerned = first.bookmark, contents(database), set()
            for operation, run, value in [*operations, ("scan", "", "")]:
                if operation != "scan":
                    concerned |= operate(database, operation, run, value)
                    continue
                found, now = reader.scan(bookmark), contents(database)
                if found is None:
                    assert now == before
                    continue
                if isinstance(found, Delta):
                    differing = {run for run in now if now[run] != before.get(run)}
                    assert differing <= set(found.changed) <= concerned & set(now)
                    assert set(found.gone) == set(before) - set(now)
                else:
                    assert "purge" in {one for one, *_ in operations}
                    assert set(found.runs["run_key"].to_pylist()) == set(now)
                bookmark, before, concerned = found.bookmark, now, set()
