from __future__ import annotations

import math
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lean_core.errors import SchemaUnknown, SourceError, SourceForbidden, SourceMissing, SourceUnreadable
from lean_core.runs.readers.sqlite import SqliteReader
from tests.runs.readers.conftest import Store
from tests.runs.readers.mlflow_stores import (
    LONG,
    ODD_KEY,
    START,
    as_client_says,
    as_reader_says,
    column,
    fingerprint_folder,
    loaded,
)


def change(store: Store, *statements: str) -> None:
    with closing(sqlite3.connect(store.path)) as database, database:
        for statement in statements:
            database.execute(statement)


def of_run(reader: SqliteReader, table: str, run_key: str) -> list[dict[str, object]]:
    return [row for row in loaded(reader.load(None))[table].to_pylist() if row["run_key"] == run_key]


def test_a_store_says_what_mlflows_own_client_says(store: Store, reader: SqliteReader) -> None:
    assert as_reader_says(reader) == as_client_says(store.client)


def test_long_params_and_odd_keys_arrive_whole(store: Store, reader: SqliteReader) -> None:
    older = "y" * 9_000  # MLflow took longer ones once, and keys of any kind
    change(store, f"insert into params (run_uuid, key, value) values ('{store.ids['full']}', '🎈,\t', '{older}')")
    params = {row["key"]: row["value"] for row in of_run(reader, "param", store.ids["full"])}
    assert params == {"lr": "0.1", "note": LONG, ODD_KEY: "é", "imputer ": "1", "imputer": "2", "🎈,\t": older}


def test_nan_and_both_infinities_survive(store: Store, reader: SqliteReader) -> None:
    odd = {row["step"]: row["value"] for row in of_run(reader, "point", store.ids["full"]) if row["key"] == "odd"}
    assert math.isnan(odd[0])
    assert (odd[1], odd[2]) == (math.inf, -math.inf)


def test_times_are_utc(store: Store, reader: SqliteReader) -> None:
    [run] = of_run(reader, "run", store.ids["full"])
    start = datetime(1970, 1, 1) + timedelta(milliseconds=START)
    assert (run["start_time"], run["end_time"]) == (start, start + timedelta(seconds=60))


def test_deleted_runs_and_runs_of_deleted_experiments_are_read_as_deleted(store: Store, reader: SqliteReader) -> None:
    change(store, f"update runs set lifecycle_stage = 'active' where run_uuid = '{store.ids['lost']}'")
    lifecycle = column(loaded(reader.load(None))["run"], "run_key", "lifecycle")
    assert {name for name, key in store.ids.items() if lifecycle.get(key) == "deleted"} == {"trashed", "lost"}


def test_a_dataset_comes_with_its_digest_and_context(store: Store, reader: SqliteReader) -> None:
    inputs = loaded(reader.load(None))["input"].to_pylist()
    said = {row["run_key"]: (row["name"], row["digest"], row["context"], row["source"]) for row in inputs}
    assert said == {
        store.ids["full"]: ("customers", "d1", "training", "c.csv"),
        store.ids["child"]: ("customers", "d1", None, "c.csv"),
    }


def test_only_the_runs_that_are_asked_for_are_loaded(store: Store, reader: SqliteReader) -> None:
    wanted = [store.ids["full"], store.ids["bare"], "nobody's"]
    some, everything = loaded(reader.load(wanted)), loaded(reader.load(None))
    for table, rows in some.items():
        expected = [row for row in everything[table].to_pylist() if row["run_key"] in wanted]
        assert sorted(map(repr, rows.to_pylist())) == sorted(map(repr, expected)), table


def test_the_catalog_lists_experiments_and_models(store: Store, reader: SqliteReader) -> None:
    catalog = reader.catalog()
    experiments = column(catalog["experiment"], "name", "lifecycle")
    assert experiments == {"Default": "active", "churn": "active", "abandoned": "deleted"}
    assert catalog["experiment"]["experiment_key"].to_pylist() == catalog["experiment"]["experiment_id"].to_pylist()
    [model] = catalog["registered_model"].to_pylist()
    assert (model["name"], model["description"]) == ("churn", "who leaves")
    assert model["created_at"] is not None


def test_model_versions_have_aliases_and_stages_and_deleted_ones_are_left_out(
    store: Store, reader: SqliteReader
) -> None:
    versions = reader.catalog()["model_version"].to_pylist()
    said = {row["version"]: (row["stage"], row["aliases"], row["run_id"], row["status"]) for row in versions}
    assert said == {
        "1": ("Staging", [], store.ids["full"], "READY"),
        "2": (None, ["best", "champion"], store.ids["full"], "READY"),
    }


def test_logged_models_name_the_run_that_made_them(store: Store, reader: SqliteReader) -> None:
    [model] = reader.catalog()["logged_model"].to_pylist()
    said = {name: model[name] for name in ("model_id", "name", "run_id", "model_type", "status")}
    assert said == {
        "model_id": store.ids["model"],
        "name": "churn-model",
        "run_id": store.ids["full"],
        "model_type": "agent",
        "status": "PENDING",
    }


def test_artifacts_of_a_dead_machine_are_found_beside_the_store(store: Store, reader: SqliteReader) -> None:
    (store.path.parent / "mlruns" / "1").mkdir(parents=True)
    [run] = of_run(reader, "run", store.ids["full"])
    assert run["artifact_uri"] == f"file:///C:/Users/ana/project/mlruns/1/{store.ids['full']}/artifacts"
    assert run["artifact_path"] == str(store.path.parent / "mlruns" / "1" / store.ids["full"] / "artifacts")
    [model] = reader.catalog()["logged_model"].to_pylist()
    assert model["artifact_path"] is None  # mlruns/1/models is not there


def test_artifacts_that_are_nowhere_have_no_path(store: Store, reader: SqliteReader) -> None:
    [run] = of_run(reader, "run", store.ids["full"])
    assert run["artifact_path"] is None


def test_nothing_of_the_source_changes(store: Store, reader: SqliteReader) -> None:
    before = fingerprint_folder(store.path.parent)
    reader.scan(None)
    reader.catalog()
    loaded(reader.load(None))
    loaded(reader.load([store.ids["full"]]))
    reader.close()
    assert fingerprint_folder(store.path.parent) == before


def test_a_folder_with_signs_that_mean_something_in_a_uri_is_opened(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "50% ?mode=rwc#x &é"
    shutil.copytree(store.path.parent, folder)
    with closing(SqliteReader(folder / "mlflow.db")) as reader:
        assert loaded(reader.load(None))["run"].num_rows == 7


def test_a_store_without_runs_loads_nothing(store: Store, reader: SqliteReader) -> None:
    change(store, *(f"delete from {table}" for table in ("metrics", "latest_metrics", "params", "tags", "runs")))
    assert list(reader.load(None)) == []
    assert list(reader.load([])) == []


def test_a_store_of_many_rows_is_read_in_order_and_in_full(store: Store, reader: SqliteReader) -> None:
    count = 300_000
    change(
        store,
        "insert into params (run_uuid, key, value) with recursive n(i) as (select 1 union all select i + 1 from n"
        f" where i < {count}) select '{store.ids['bare']}', 'p' || i, i from n",
    )
    found = loaded(reader.load(None))
    added = [int(row["value"]) for row in found["param"].to_pylist() if row["run_key"] == store.ids["bare"]]
    assert added == list(range(1, count + 1))


# Loosely typed values


def test_columns_that_are_null_for_long_and_then_are_not_are_read(store: Store, reader: SqliteReader) -> None:
    count = 70_000
    change(
        store,
        "insert into runs (run_uuid, experiment_id, status) with recursive n(i) as (select 1 union all"
        f" select i + 1 from n where i < {count}) select 'null' || i, 1, 'RUNNING' from n",
        "insert into runs (run_uuid, experiment_id, name, user_id, start_time) values ('last', 1, 'n', 'u', 5)",
    )
    [last] = [row for row in loaded(reader.load(None))["run"].to_pylist() if row["run_key"] == "last"]
    assert (last["name"], last["user"], last["start_time"]) == ("n", "u", datetime(1970, 1, 1, 0, 0, 0, 5_000))
    assert reader.warnings.found == []


def test_a_text_among_metric_values_is_left_out_with_a_warning(store: Store, reader: SqliteReader) -> None:
    full, child = store.ids["full"], store.ids["child"]
    change(
        store,
        f"insert into metrics (key, value, timestamp, run_uuid, step, is_nan) values ('m', 'high', 1, '{full}', 0, 0)",
        f"insert into metrics (key, value, timestamp, run_uuid, step, is_nan) values ('m', 3, 'noon', '{child}', 0, 0)",
    )
    found = [row for row in loaded(reader.load(None))["point"].to_pylist() if row["key"] == "m"]
    assert [(row["run_key"], row["value"], row["time"]) for row in found] == [(child, 3.0, None)]
    said = {(warning.kind, warning.place) for warning in reader.warnings.found}
    assert {("value of an unexpected type", full), ("value of an unexpected type", child)} <= said
    assert ("point without value", full) in said


def test_numbers_and_blobs_in_text_columns_are_read_as_text(store: Store, reader: SqliteReader) -> None:
    bare = store.ids["bare"]
    change(
        store,
        f"insert into params (run_uuid, key, value) values ('{bare}', 'a', 7)",
        f"insert into params (run_uuid, key, value) values ('{bare}', 'b', x'68c3a9')",
        f"insert into params (run_uuid, key, value) values ('{bare}', 'c', x'ff41')",
    )
    params = {row["key"]: row["value"] for row in of_run(reader, "param", bare)}
    assert params == {"a": "7", "b": "hé", "c": "\ufffdA"}
    [warning] = reader.warnings.found
    assert (warning.kind, warning.place, warning.skipped) == ("text that is not UTF-8", bare, False)


@pytest.mark.parametrize("absurd", [1_730_000_000_000_000, -(2**62)])
def test_an_absurd_time_is_unknown_with_a_warning(store: Store, reader: SqliteReader, absurd: int) -> None:
    change(store, f"update runs set start_time = {absurd} where run_uuid = '{store.ids['full']}'")
    [run] = of_run(reader, "run", store.ids["full"])
    assert (run["start_time"], run["end_time"] is None) == (None, False)
    assert [(one.kind, one.place) for one in reader.warnings.found] == [("time out of range", store.ids["full"])]


# What can't be read


def sentence(path: Path, error: type[SourceError]) -> str:
    with closing(SqliteReader(path)) as reader, pytest.raises(SourceError) as caught:
        reader.scan(None)
    assert type(caught.value) is error
    text = str(caught.value)
    assert path.name in text
    assert "\n" not in text
    return text


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "there is no file" in sentence(tmp_path / "mlflow.db", SourceMissing)


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").touch()
    assert "is empty" in sentence(tmp_path / "mlflow.db", SourceUnreadable)


def test_a_folder_is_said_to_be_one(tmp_path: Path) -> None:
    assert "is a folder" in sentence(tmp_path, SourceUnreadable)


def test_a_file_of_another_kind_is_said_not_to_be_sqlite(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello " * 100, encoding="utf-8")
    assert "is not an SQLite database" in sentence(tmp_path / "notes.txt", SourceUnreadable)


def test_a_database_of_another_program_is_said_not_to_be_mlflows(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "music.db")) as database:
        database.execute("create table song (title text)")
    assert "is not an MLflow store: it has neither runs nor experiments, only song" in sentence(
        tmp_path / "music.db", SourceUnreadable
    )


def test_a_database_without_tables_is_said_to_have_none(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "new.db")) as database:
        database.execute("pragma user_version = 1")
    assert "no tables at all" in sentence(tmp_path / "new.db", SourceUnreadable)


def test_a_cut_off_file_is_said_to_be_damaged(store: Store) -> None:
    os.truncate(store.path, store.path.stat().st_size // 2)
    assert "is damaged" in sentence(store.path, SourceUnreadable)


def test_a_damaged_page_is_said_to_be_damage(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as database:
        [[page]] = database.execute("select rootpage from sqlite_master where name = 'tags'")
    with store.path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    assert "is damaged" in sentence(store.path, SourceUnreadable)


def test_a_forbidden_file_is_said_to_be_forbidden(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    assert "may not be read" in sentence(store.path, SourceForbidden)


def test_a_table_without_an_indispensable_column_is_named_with_the_schema(store: Store) -> None:
    change(store, "alter table metrics rename column value to reading")
    text = sentence(store.path, SchemaUnknown)
    assert "table metrics has no column value" in text
    assert "schema version " in text


def test_a_missing_table_is_named(store: Store) -> None:
    change(store, "alter table params rename to parameters")
    assert "no table params" in sentence(store.path, SchemaUnknown)
