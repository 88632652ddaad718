from __future__ import annotations

import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from lean_core.runs import FoundStore, sources_toml
from lean_core.workbench import Workbench


def write_store(database: Path) -> None:
    """Write as much of an MLflow database as it takes to be seen as one."""
    database.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        for table in ("experiments", "runs", "metrics", "params", "tags"):
            connection.execute(f"create table {table} (x)")
        connection.commit()


@pytest.mark.parametrize("uri", ["mlflow.db", "./mlflow.db", "sqlite:///mlflow.db", "{folder}/mlflow.db"])
def test_a_store_that_is_a_source_already_is_left_out_however_it_is_written(uri: str, make_workspace):
    folder = make_workspace()
    for name in ("mlflow.db", "older.db"):
        write_store(folder / name)
    (folder / "lean.toml").write_text(f"[sources.a]\nuri = '{uri.format(folder=folder)}'\n", encoding="utf-8")
    assert [store.uri for store in Workbench.open(folder).detect().stores] == ["older.db"]


def test_a_server_among_the_sources_is_no_store_here(make_workspace):
    folder = make_workspace("[sources.team]\nuri = 'http://127.0.0.1:5000'\n")
    write_store(folder / "mlflow.db")
    assert [store.uri for store in Workbench.open(folder).detect().stores] == ["mlflow.db"]


def test_a_workspace_below_is_left_to_itself(make_workspace):
    folder = make_workspace()
    write_store(folder / "demo" / "mlflow.db")
    write_store(folder / "notebooks" / "mlflow.db")
    (folder / "demo" / "lean.toml").touch()
    assert [store.uri for store in Workbench.open(folder).detect().stores] == ["notebooks/mlflow.db"]


def test_tables_to_add_take_names_that_are_free():
    stores = (FoundStore(form="database file", uri="mlflow.db"), FoundStore(form="database file", uri="x/mlflow.db"))
    block = sources_toml(stores, taken=["mlflow"])
    assert block.startswith("# ")
    assert list(tomllib.loads(block)["sources"]) == ["mlflow-2", "x-mlflow"]


def test_the_schema_s_version_is_that_of_its_newest_migration(make_workspace):
    workbench = Workbench.open(make_workspace())
    (ledger,) = [table.rows for table in workbench.contents() if table.name == "schema_migration"]
    assert workbench.schema_version() == ledger
