"""Stores of every age, in the schemas that MLflow's own migrations made on their way, and half of such a way."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from mlflow.store.db.utils import _get_alembic_config
from mlflow.store.tracking.dbmodels.initial_models import Base

from lean_core.runs.readers.sqlite import SqliteReader
from tests.runs.readers.mlflow_stores import as_sets, loaded

FIRST_ROWS = """
    insert into experiments (experiment_id, name, artifact_location, lifecycle_stage)
        values (1, 'old', './mlruns/1', 'active'), (2, 'dropped', './mlruns/2', 'deleted');
    insert into runs (run_uuid, name, source_type, source_name, user_id, status, start_time, end_time, lifecycle_stage,
            artifact_uri, experiment_id)
        values ('r1', '', 'LOCAL', 'train.py', 'ana', 'FINISHED', 1000, 2000, 'active', './mlruns/1/r1/artifacts', 1),
               ('r2', '', 'LOCAL', 'train.py', 'ana', 'RUNNING', 3000, null, 'active', './mlruns/2/r2/artifacts', 2);
    insert into params (key, value, run_uuid) values ('alpha', '0.5', 'r1');
    insert into tags (key, value, run_uuid) values ('mlflow.runName', 'first', 'r1');
    insert into metrics (key, value, timestamp, run_uuid) values ('auc', 0.9, 1500, 'r1'), ('auc', 0.8, 1400, 'r1');
"""
SECOND = datetime(1970, 1, 1, 0, 0, 1)
EXPECTED = {
    "run": {
        ("r1", "1", "FINISHED", SECOND, datetime(1970, 1, 1, 0, 0, 2), "active"),
        ("r2", "2", "RUNNING", datetime(1970, 1, 1, 0, 0, 3), None, "deleted"),
    },
    "param": {("r1", "alpha", "0.5")},
    "point": {
        ("r1", "auc", 0, SECOND.replace(microsecond=500_000), 0.9),
        ("r1", "auc", 0, SECOND.replace(microsecond=400_000), 0.8),
    },
}


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Return a store as MLflow 1.0 made it."""
    path = tmp_path / "old.db"
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FIRST_ROWS)
    return path


class History:
    """MLflow's own migrations, one step at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = _get_alembic_config(f"sqlite:///{path}")
        self.script = ScriptDirectory.from_config(self.config)

    def steps(self) -> list[str]:
        """Return the revisions after which a table that is read looks different."""
        tables = "runs|experiments|metrics|params|tags|inputs|datasets|input_tags|model_versions|logged_models"
        ours = re.compile(f'"({tables})"')
        found = reversed(list(self.script.walk_revisions()))
        return [one.revision for one in found if ours.search(Path(one.path).read_text(encoding="utf-8"))]

    def upgrade(self, revision: str) -> None:
        """Do what `mlflow db upgrade` does, without loading all migrations again for each step."""
        engine = sqlalchemy.create_engine(f"sqlite:///{self.path}")
        steps = lambda current, _: self.script._upgrade_revs(revision, current)  # noqa: E731
        with engine.connect() as connection, EnvironmentContext(self.config, self.script, fn=steps) as environment:
            environment.configure(connection=connection, render_as_batch=True)
            with environment.begin_transaction():
                environment.run_migrations()
        engine.dispose()


def told(path: Path) -> dict[str, set[tuple[Any, ...]]]:
    with closing(SqliteReader(path)) as reader:
        assert reader.scan(None) is not None
        tables = loaded(reader.load(None))
        assert set(tables["run"]["run_key"].to_pylist()) == {"r1", "r2"}
        some = loaded(reader.load(["r1"]))
        assert some["point"].num_rows == tables["point"].num_rows
        assert reader.catalog()["experiment"].num_rows >= 2
        assert ("r1", "mlflow.runName", "first") in as_sets(tables)["tag"]
        assert reader.warnings.found == []
    run = ["run_key", "experiment_key", "status", "start_time", "end_time", "lifecycle"]
    kept = {"run": tables["run"].select(run), "param": tables["param"], "point": tables["point"]}
    return {name: set(rows) for name, rows in as_sets(kept).items()}


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::sqlalchemy.exc.SADeprecationWarning")
def test_a_store_is_read_at_every_step_of_mlflows_history(first: Path) -> None:
    assert told(first) == EXPECTED
    history = History(first)
    for revision in history.steps():
        history.upgrade(revision)
        assert told(first) == EXPECTED, revision
    assert len(history.steps()) > 15


def test_a_migration_that_broke_off_leaves_a_store_that_is_read(first: Path) -> None:
    history = History(first)
    history.upgrade(history.steps()[3])
    before = told(first)
    with closing(sqlite3.connect(first)) as database:
        database.executescript(
            "create table _alembic_tmp_runs (run_uuid varchar(32)); alter table runs add column deleted_time bigint;"
            "delete from alembic_version;"
        )
    assert told(first) == before
