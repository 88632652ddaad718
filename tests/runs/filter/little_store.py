"""A small DuckDB schema with runs in it, and the same runs for Python, so that both can be asked the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from lean_core.runs.filter import Condition, Key, compile_condition

SCHEMA = """
CREATE TABLE run (
    run_no INTEGER, run_id VARCHAR, name VARCHAR, status VARCHAR, start_time TIMESTAMP, end_time TIMESTAMP,
    user_name VARCHAR, artifact_uri VARCHAR
);
CREATE TABLE metric (run_no INTEGER, key VARCHAR, value DOUBLE);
CREATE TABLE param (run_no INTEGER, key VARCHAR, value VARCHAR);
CREATE TABLE tag (run_no INTEGER, key VARCHAR, value VARCHAR);
CREATE TABLE local (run_no INTEGER, key VARCHAR, value VARCHAR);
CREATE TABLE input (run_no INTEGER, name VARCHAR, digest VARCHAR, context VARCHAR);
"""
TABLES = ("run", "metric", "param", "tag", "local", "input")
ATTRIBUTES = {
    "run_id": "r.run_id",
    "name": "r.name",
    "status": "r.status",
    "start_time": "r.start_time",
    "end_time": "r.end_time",
    "duration": "epoch(r.end_time - r.start_time)",
    "user": "r.user_name",
    "artifact_uri": "r.artifact_uri",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    name: str
    digest: str
    context: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ARun:
    run_id: str = "r0"
    name: str | None = None
    status: str | None = "FINISHED"
    start_time: datetime | None = None
    end_time: datetime | None = None
    user: str | None = None
    artifact_uri: str | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    local: dict[str, str] = field(default_factory=dict)
    inputs: tuple[Dataset, ...] = ()

    @property
    def duration(self) -> float | None:
        if self.start_time is None or self.end_time is None:
            return None
        return (self.end_time - self.start_time).total_seconds()


class LittleStore:
    """Runs in a DuckDB in memory, found as the query layer finds them: one join a key."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        self.connection.execute(SCHEMA)

    def fill(self, runs: Iterable[ARun]) -> None:
        for table in TABLES:
            self.connection.execute(f"DELETE FROM {table}")
        for number, run in enumerate(runs):
            row = [number, run.run_id, run.name, run.status, run.start_time, run.end_time, run.user, run.artifact_uri]
            self.connection.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            pairs = {"metric": run.metrics, "param": run.params, "tag": run.tags, "local": run.local}
            for table, values in pairs.items():
                for key, value in values.items():
                    self.connection.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", [number, key, value])
            for dataset in run.inputs:
                row = [number, dataset.name, dataset.digest, dataset.context]
                self.connection.execute("INSERT INTO input VALUES (?, ?, ?, ?)", row)

    def find(self, condition: Condition) -> set[str]:
        """Return the ids of the runs that match."""
        joins: dict[Key, str] = {}

        def column(key: Key) -> str:
            if key.kind == "attribute":
                return ATTRIBUTES[key.name]
            if key.kind == "dataset":
                return f"(SELECT list(i.{key.name}) FROM input i WHERE i.run_no = r.run_no)"
            return f"{joins.setdefault(key, f'k{len(joins)}')}.value"

        where = compile_condition(condition, column)
        joined = " ".join(
            f"LEFT JOIN (SELECT run_no, value FROM {key.kind} WHERE key = ?) {alias} ON {alias}.run_no = r.run_no"
            for key, alias in joins.items()
        )
        parameters = [*(key.name for key in joins), *where.parameters]
        sql = f"SELECT r.run_id FROM run r {joined} WHERE {where.sql}"
        return {run_id for (run_id,) in self.connection.execute(sql, parameters).fetchall()}
