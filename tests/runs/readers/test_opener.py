"""Which reader opens a source, and what is said where none can."""

from __future__ import annotations

import sqlite3

import pytest

from bench.stores import make_sqlite_store
from lean_core.errors import SchemaUnknown, SourceMissing, SourceUnreadable
from lean_core.runs import Source, open_reader
from lean_core.runs.readers.opener import local_path
from lean_core.workbench import Workbench
from tests.runs.readers.folder_stores import run_id, write_experiment, write_run


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    make_sqlite_store(path, runs=3, params=2, metrics=2)
    return path


def a_source(folder, uri, kind="auto"):
    return Source(name="s", uri=uri, kind=kind, folder=folder, timeout=2)


def keys_in(source):
    reader = open_reader(source)
    try:
        return len(reader.scan(None).runs)
    finally:
        reader.close()


@pytest.mark.parametrize("uri", ["mlflow.db", "sqlite:///mlflow.db", "./mlflow.db"])
def test_a_database_is_found_from_where_the_settings_lie(tmp_path, database, uri):
    (tmp_path / "mlflow.db").write_bytes(database.read_bytes())
    assert keys_in(a_source(tmp_path, uri)) == 3


def test_an_absolute_sqlite_uri_has_four_slashes(tmp_path, database):
    assert local_path(a_source(tmp_path, f"sqlite:///{database}")) == database.resolve()


def test_a_place_with_nothing_is_missing(tmp_path):
    with pytest.raises(SourceMissing, match="there is nothing at"):
        open_reader(a_source(tmp_path, "nowhere"))


def test_an_empty_folder_and_a_folder_of_something_else_say_so(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceUnreadable, match="is empty"):
        open_reader(a_source(tmp_path, "empty"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("hello")
    with pytest.raises(SourceUnreadable, match="neither an MLflow store nor folders of runs"):
        open_reader(a_source(tmp_path, "other"))


def test_a_folder_of_artifacts_names_the_database_of_its_runs(tmp_path, database):
    (tmp_path / "mlflow.db").write_bytes(database.read_bytes())
    (tmp_path / "mlruns" / "1" / ("a" * 32) / "artifacts").mkdir(parents=True)
    with pytest.raises(SourceUnreadable, match=r"only artifacts, its runs are in .*mlflow\.db"):
        open_reader(a_source(tmp_path, "mlruns"))


def test_plain_folders_are_taken_for_runs(tmp_path):
    for name in ("a", "b"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "metrics.json").write_text('{"auc": 0.5}')
    assert keys_in(a_source(tmp_path, "runs")) == 2


def test_a_schema_that_nobody_knows_is_named(tmp_path, database):
    path = tmp_path / "mlflow.db"
    path.write_bytes(database.read_bytes())
    with sqlite3.connect(path) as connection:
        connection.execute("alter table params rename column key to name")
        connection.execute("update alembic_version set version_num = 'ffffffffffff'")
    before = path.read_bytes()
    reader = open_reader(a_source(tmp_path, "mlflow.db"))
    with pytest.raises(SchemaUnknown, match="params"):
        reader.scan(None)
    reader.close()
    assert path.read_bytes() == before


def test_a_schema_that_only_the_client_knows_is_read_through_it(tmp_path, database, monkeypatch):
    from lean_core.runs.readers.sqlite import SqliteReader

    def refuse(self, bookmark):
        raise SchemaUnknown("a column of a later MLflow is missing")

    path = tmp_path / "mlflow.db"
    path.write_bytes(database.read_bytes())
    # The client of the day knows exactly one schema more than our SQL: none yet, so our SQL plays ignorant.
    monkeypatch.setattr(SqliteReader, "scan", refuse)
    before = (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir()))
    assert keys_in(a_source(tmp_path, "mlflow.db")) == 3
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir())) == before


def test_a_mixed_folder_beside_its_database_is_quiet_where_both_are_sources(make_workspace, database):
    folder = make_workspace("[sources.db]\nuri = 'sqlite:///mlflow.db'\n[sources.old]\nuri = 'mlruns'\n")
    (folder / "mlflow.db").write_bytes(database.read_bytes())
    write_run(write_experiment(folder / "mlruns"))
    (folder / "mlruns" / "2" / run_id(2) / "artifacts").mkdir(parents=True)
    reports = Workbench.open(folder).sync()
    assert [report.warnings for report in reports] == [(), ()]
