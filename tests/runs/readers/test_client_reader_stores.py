"""Stores that MLflow's client opens itself: databases, which it must not change."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from mlflow import MlflowClient

from lean_core.errors import SourceMissing, SourceUnreachable, SourceUnreadable
from lean_core.runs.reader import Listing
from lean_core.runs.readers.client import ClientReader
from lean_core.runs.readers.sqlite import SqliteReader
from tests.http_stub import refused
from tests.postgres import Postgres
from tests.runs.readers.conftest import Store
from tests.runs.readers.mlflow_stores import as_sets, fill, fingerprint_folder, whole


def test_a_sqlite_file_is_read_from_a_copy(store: Store) -> None:
    before = fingerprint_folder(store.path.parent)
    with closing(ClientReader(f"sqlite:///{store.path}")) as reader, closing(SqliteReader(store.path)) as direct:
        assert isinstance(reader.scan(None), Listing)
        direct.scan(None)
        assert whole(reader) == whole(direct)
        assert as_sets(reader.catalog()) == as_sets(direct.catalog())
    assert fingerprint_folder(store.path.parent) == before


def test_closing_removes_the_copy(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    with closing(ClientReader(f"sqlite:///{store.path}")) as reader:
        reader.scan(None)
        assert list(copies.iterdir())
    assert not list(copies.iterdir())


def test_a_sqlite_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"nowhere\.db"):
        ClientReader(f"sqlite:///{tmp_path / 'nowhere.db'}").scan(None)
    assert not list(tmp_path.iterdir())


def test_a_sqlite_file_from_the_future_is_unreadable(store: Store, tmp_path: Path) -> None:
    future = Path(shutil.copy(store.path, tmp_path / "future.db"))
    with closing(sqlite3.connect(future)) as connection:
        connection.execute("update alembic_version set version_num = 'ffffffffffff'")
        connection.commit()
    with closing(ClientReader(f"sqlite:///{future}")) as reader, pytest.raises(SourceUnreadable, match="version"):
        reader.scan(None)


def test_a_store_that_the_client_could_change_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="without the risk of changing it"):
        ClientReader(str(tmp_path)).scan(None)
    assert not list(tmp_path.iterdir())


def test_a_missing_driver_is_named() -> None:
    with pytest.raises(SourceUnreadable, match="without the package pg8000"):
        ClientReader("postgresql+pg8000://ada:hunter2@127.0.0.1:1/mlflow").scan(None)


def test_a_database_that_does_not_answer_is_unreachable() -> None:
    with pytest.raises(SourceUnreachable, match="did not let MLflow's client in") as caught:
        ClientReader(refused().replace("http://", "postgresql://ada:hunter2@") + "/mlflow").scan(None)
    assert "hunter2" not in str(caught.value)


@pytest.mark.postgresql
def test_a_postgresql_store_is_read_in_a_session_that_can_t_write(postgres_server: Postgres) -> None:
    postgres_server.execute("create database filled")
    uri = postgres_server.uri("filled")
    writable = uri.replace("postgresql:", "postgresql+psycopg2:")
    ids = fill(MlflowClient(writable, registry_uri=writable))
    with closing(ClientReader(uri)) as reader:
        runs = {row[1]: row[4] for row in whole(reader)["run"]}
        assert runs[ids["killed"]] == "KILLED"
        assert reader._client is not None
        with pytest.raises(Exception, match="read-only transaction"):
            reader._client.create_experiment("written")


@pytest.mark.postgresql
def test_an_empty_postgresql_database_stays_empty(postgres_server: Postgres) -> None:
    postgres_server.execute("create database bare")
    with closing(ClientReader(postgres_server.uri("bare"))) as reader, pytest.raises(SourceUnreadable) as caught:
        reader.scan(None)
    assert "s3cret" not in str(caught.value)
    tables = "select count(*) from information_schema.tables where table_schema = 'public'"
    assert postgres_server.execute(tables, database="bare") == [(0,)]


@pytest.mark.postgresql
def test_a_wrong_password_is_not_shown(postgres_server: Postgres) -> None:
    uri = postgres_server.uri("postgres").replace("s3cret", "hunter2")
    with closing(ClientReader(uri)) as reader, pytest.raises(SourceUnreachable, match="did not let") as caught:
        reader.scan(None)
    assert "hunter2" not in str(caught.value)
