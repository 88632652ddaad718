from __future__ import annotations

import math
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg2
import pytest
from mlflow import MlflowClient

from lean_core.errors import (
    SchemaUnknown,
    SourceError,
    SourceForbidden,
    SourceMissing,
    SourceUnreachable,
    SourceUnreadable,
)
from lean_core.runs.reader import Delta, Listing
from lean_core.runs.readers.postgresql import PostgresReader, bookmark
from tests.postgres import PASSWORD, Postgres
from tests.runs.readers.mlflow_changes import (
    CHANGES,
    Change,
    Copy,
    delete_experiment,
    follow,
    move_last_tags,
    prepare,
    purge,
)
from tests.runs.readers.mlflow_stores import as_client_says, as_reader_says, column, fill, loaded

pytestmark = pytest.mark.postgresql


@dataclass(frozen=True, kw_only=True)
class Store:
    server: Postgres
    database: str
    ids: dict[str, str]

    @property
    def uri(self) -> str:
        return self.server.uri(self.database)

    @property
    def client(self) -> MlflowClient:
        uri = self.server.uri(self.database, scheme="postgresql+psycopg2")
        return MlflowClient(uri, registry_uri=uri)

    def execute(self, *statements: str) -> list[tuple[object, ...]]:
        return self.server.execute(*statements, database=self.database)


@pytest.fixture(scope="module")
def template(postgres_server: Postgres) -> Store:
    postgres_server.execute("create database template")
    store = Store(server=postgres_server, database="template", ids={})
    store = replace(store, ids=fill(store.client))
    disconnect(store)
    return store


def disconnect(store: Store) -> None:
    """End the connections that MLflow keeps in its pools."""
    others = f"datname = '{store.database}' and pid <> pg_backend_pid()"
    store.server.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}")
    while store.server.execute(f"select 1 from pg_stat_activity where {others}"):
        time.sleep(0.01)


@pytest.fixture
def store(template: Store, request: pytest.FixtureRequest) -> Iterator[Store]:
    database = f"store_{abs(hash(request.node.nodeid))}"
    template.server.execute(f"create database {database} template template")
    copied = replace(template, database=database)
    yield copied
    disconnect(copied)
    template.server.execute(f"drop database {database}")


@pytest.fixture
def reader(store: Store, tmp_path: Path) -> Iterator[PostgresReader]:
    with closing(open_reader(store.uri, tmp_path)) as opened:
        yield opened


def open_reader(uri: str, folder: Path = Path("/nowhere")) -> PostgresReader:
    return PostgresReader(uri, timeout=3, folder=folder)


def remember(store: Store) -> bytes:
    with closing(open_reader(store.uri)) as reader:
        found = reader.scan(None)
    assert isinstance(found, Listing)
    return found.bookmark


def scan(store: Store, mark: bytes) -> Listing | Delta | None:
    with closing(open_reader(store.uri)) as reader:
        return reader.scan(mark)


# What is read


def test_a_store_says_what_mlflows_own_client_says(store: Store, reader: PostgresReader) -> None:
    assert as_reader_says(reader) == as_client_says(store.client)


def test_nan_and_both_infinities_survive(store: Store, reader: PostgresReader) -> None:
    points = loaded(reader.load([store.ids["full"]]))["point"].to_pylist()
    odd = {row["step"]: row["value"] for row in points if row["key"] == "odd"}
    assert math.isnan(odd[0])
    assert (odd[1], odd[2]) == (math.inf, -math.inf)


def test_runs_of_deleted_experiments_are_read_as_deleted(store: Store, reader: PostgresReader) -> None:
    store.execute("update runs set lifecycle_stage = 'active'")
    lifecycle = column(loaded(reader.load(None))["run"], "run_key", "lifecycle")
    assert {name for name, key in store.ids.items() if lifecycle.get(key) == "deleted"} == {"lost"}


def test_only_the_runs_that_are_asked_for_are_loaded(store: Store, reader: PostgresReader) -> None:
    wanted = [store.ids["full"], store.ids["bare"], "nobody's"]
    some, everything = loaded(reader.load(wanted)), loaded(reader.load(None))
    for table, rows in some.items():
        expected = [row for row in everything[table].to_pylist() if row["run_key"] in wanted]
        assert sorted(map(repr, rows.to_pylist())) == sorted(map(repr, expected)), table


def test_the_catalog_lists_experiments_and_models(store: Store, reader: PostgresReader) -> None:
    catalog = reader.catalog()
    experiments = column(catalog["experiment"], "name", "lifecycle")
    assert experiments == {"Default": "active", "churn": "active", "abandoned": "deleted"}
    assert catalog["registered_model"]["name"].to_pylist() == ["churn"]
    versions = {row["version"]: (row["stage"], row["aliases"]) for row in catalog["model_version"].to_pylist()}
    assert versions == {"1": ("Staging", []), "2": (None, ["best", "champion"])}
    [model] = catalog["logged_model"].to_pylist()
    assert (model["model_id"], model["run_id"], model["status"]) == (store.ids["model"], store.ids["full"], "PENDING")


def test_relative_artifacts_are_found_in_the_workspaces_folder(
    store: Store, reader: PostgresReader, tmp_path: Path
) -> None:
    (tmp_path / "mlruns" / "1").mkdir(parents=True)
    paths = column(loaded(reader.load(None))["run"], "run_key", "artifact_path")
    assert paths[store.ids["full"]] == str(tmp_path / "mlruns" / "1" / store.ids["full"] / "artifacts")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg2", "postgresql+psycopg"])
def test_addresses_in_sqlalchemys_forms_are_understood(store: Store, scheme: str) -> None:
    with closing(open_reader(store.server.uri(store.database, scheme=scheme))) as reader:
        assert isinstance(reader.scan(None), Listing)


def test_the_search_path_of_the_address_is_used(store: Store) -> None:
    store.execute("create schema tracking", "alter table runs set schema tracking")
    with closing(open_reader(f"{store.uri}?options=-csearch_path%3Dtracking,public")) as reader:
        assert loaded(reader.load(None))["run"].num_rows == 7
    with closing(open_reader(store.uri)) as reader, pytest.raises(SchemaUnknown, match="no table runs"):
        reader.scan(None)


def test_a_store_of_many_rows_comes_in_chunks(store: Store, reader: PostgresReader) -> None:
    store.execute(
        "insert into params (run_uuid, key, value)"
        f" select '{store.ids['bare']}', 'p' || i, i from generate_series(1, 200000) i",
        "analyze params",
    )
    found = loaded(reader.load(None))
    added = [int(row["value"]) for row in found["param"].to_pylist() if row["run_key"] == store.ids["bare"]]
    assert sorted(added) == list(range(1, 200_001))


def test_an_absurd_time_is_unknown_with_a_warning(store: Store, reader: PostgresReader) -> None:
    store.execute(f"update runs set start_time = {10**15 * 2} where run_uuid = '{store.ids['full']}'")
    starts = column(loaded(reader.load(None))["run"], "run_key", "start_time")
    assert starts[store.ids["full"]] is None
    assert [(one.kind, one.place) for one in reader.warnings.found] == [("time out of range", store.ids["full"])]


# What changes


REWRITTEN = {move_last_tags: {"full"}, delete_experiment: {"trashed"}}
"""Runs of which MLflow writes a row anew although nothing is different afterwards."""


@pytest.mark.parametrize("change", CHANGES)
def test_exactly_the_runs_that_changed_are_found(store: Store, change: Change) -> None:
    prepare(store)
    mark = remember(store)
    expected = change(store)
    found = scan(store, mark)
    assert isinstance(found, Delta)
    changed = {name for name, key in store.ids.items() if key in found.changed}
    assert changed - REWRITTEN.get(change, set()) == expected
    assert len(changed) == len(found.changed)
    assert found.gone == ()
    assert scan(store, found.bookmark) is None


def test_a_purged_run_is_gone(store: Store) -> None:
    mark = remember(store)
    purge(store, "trashed")
    found = scan(store, mark)
    assert isinstance(found, Delta)
    assert (found.changed, found.gone) == ((), (store.ids["trashed"],))


def test_what_others_write_in_the_same_server_changes_no_run(store: Store) -> None:
    mark = remember(store)
    store.execute("create table other (a int)", "insert into other values (1)")
    found = scan(store, mark)
    assert isinstance(found, Delta)
    assert (found.changed, found.gone) == ((), ())
    assert scan(store, found.bookmark) is None


@pytest.mark.parametrize("first", ["", "savepoint inner_part"])
def test_a_transaction_that_was_open_during_the_scan_is_found_when_it_is_done(store: Store, first: str) -> None:
    with closing(psycopg2.connect(store.uri)) as slow:
        cursor = slow.cursor()
        cursor.execute("create temp table takes_a_number (a int)")
        if first:
            cursor.execute(first)
        cursor.execute(f"insert into tags (run_uuid, key, value) values ('{store.ids['bare']}', 'slow', '1')")
        cursor.execute(f"delete from tags where run_uuid = '{store.ids['bare']}' and key = 'mlflow.runName'")
        store.client.set_tag(store.ids["killed"], "quick", "1")  # a later transaction is done first
        mark = remember(store)
        slow.commit()
    found = scan(store, mark)
    assert isinstance(found, Delta)
    assert store.ids["bare"] in found.changed
    assert set(found.changed) <= {store.ids["bare"], store.ids["killed"]}


def test_what_is_loaded_is_of_the_moment_of_the_scan(store: Store, reader: PostgresReader) -> None:
    first = reader.scan(None)
    assert isinstance(first, Listing)
    store.client.set_tag(store.ids["bare"], "late", "1")
    assert "late" not in loaded(reader.load(None))["tag"]["key"].to_pylist()
    second = reader.scan(first.bookmark)
    assert isinstance(second, Delta)
    assert second.changed == (store.ids["bare"],)
    assert "late" in loaded(reader.load(second.changed))["tag"]["key"].to_pylist()


@pytest.mark.parametrize(
    "doubt",
    [
        "update alembic_version set version_num = 'later'",
        "create table copy (like params including all); drop table params; alter table copy rename to params",
    ],
)
def test_with_any_doubt_everything_counts_as_changed(store: Store, doubt: str) -> None:
    with closing(open_reader(store.uri)) as reader:
        first = reader.scan(None)
    assert isinstance(first, Listing)
    store.execute(doubt)
    second = scan(store, first.bookmark)
    assert isinstance(second, Listing)
    assert sorted(first.runs["run_key"].to_pylist()) == sorted(second.runs["run_key"].to_pylist())
    assert not set(first.runs["fingerprint"].to_pylist()) & set(second.runs["fingerprint"].to_pylist())


@pytest.mark.parametrize(("field", "by"), [("next", 10**6), ("oldest", -(2**31)), ("oldest", -(2**40))])
def test_transactions_too_far_apart_to_compare_are_a_doubt(store: Store, field: str, by: int) -> None:
    mark = bookmark.decode(remember(store))
    assert mark is not None
    moved = replace(mark.moment, snapshot="", **{field: getattr(mark.moment, field) + by})
    assert isinstance(scan(store, bookmark.encode(replace(mark, moment=moved))), Listing)


@pytest.mark.parametrize("mark", [b"", b"sqlite-1", b"\xff" * 500])
def test_a_bookmark_that_is_not_understood_counts_as_none(store: Store, mark: bytes) -> None:
    assert isinstance(scan(store, mark), Listing)


def test_following_a_store_through_all_changes_ends_in_the_same_state_as_reading_it_anew(store: Store) -> None:
    followed = follow(store, lambda: open_reader(store.uri))
    anew = Copy(open_reader=lambda: open_reader(store.uri))
    anew.sync()
    assert followed.kept == anew.kept


# What must not happen


def contents(store: Store) -> dict[str, object]:
    tables = [name for (name,) in store.execute("select tablename from pg_tables where schemaname = 'public'")]
    return {
        str(name): store.execute(f"select md5(string_agg(t::text || xmin || ctid, '' order by ctid)) from {name} t")
        for name in tables
    }


def test_nothing_of_the_source_changes(store: Store) -> None:
    disconnect(store)
    before = contents(store)
    [(number,)] = store.execute("select txid_snapshot_xmax(txid_current_snapshot())")
    with closing(open_reader(store.uri)) as reader:
        reader.scan(None)
        reader.catalog()
        loaded(reader.load(None))
        loaded(reader.load([store.ids["full"]]))
    # A transaction that writes anything takes a number. None was taken.
    assert store.execute("select txid_snapshot_xmax(txid_current_snapshot())") == [(number,)]
    assert contents(store) == before


def test_the_database_itself_refuses_us_to_write(store: Store, reader: PostgresReader) -> None:
    reader.scan(None)
    with pytest.raises(SourceUnreadable, match="SQLSTATE 25006"):  # read_only_sql_transaction
        list(reader._connection.stream("insert into tags values ('a', 'b', 'c') returning key"))


def test_a_user_who_may_only_read_is_enough(store: Store) -> None:
    store.execute(
        f"create user only_reads password '{PASSWORD}'",
        "grant select on all tables in schema public to only_reads",
    )
    with closing(open_reader(store.server.uri(store.database, user="only_reads"))) as reader:
        assert isinstance(reader.scan(None), Listing)
        assert loaded(reader.load(None))["run"].num_rows == 7
    store.execute("drop owned by only_reads", "drop user only_reads")


def test_a_load_that_is_given_up_lets_go_of_the_connection(store: Store, reader: PostgresReader) -> None:
    store.execute(
        "insert into params (run_uuid, key, value)"
        f" select '{store.ids['bare']}', 'p' || i, i from generate_series(1, 100000) i"
    )
    chunks = reader.load(None)
    for chunk in chunks:
        if chunk.table == "param":
            break
    reader.close()
    disconnect_is_not_needed = (
        "select count(*) from pg_stat_activity where query like 'COPY%' and pid <> pg_backend_pid()"
    )
    while store.execute(disconnect_is_not_needed) != [(0,)]:
        time.sleep(0.01)


# What can't be read


def sentence(uri: str, error: type[SourceError]) -> str:
    with closing(open_reader(uri)) as reader, pytest.raises(SourceError) as caught:
        reader.scan(None)
    text = str(caught.value)
    assert type(caught.value) is error, text
    assert "\n" not in text
    assert PASSWORD not in text
    assert "s3cret" not in text
    return text


def test_a_wrong_password_is_said_to_be_wrong(postgres_server: Postgres) -> None:
    text = sentence(postgres_server.uri("postgres").replace("s3cret", "s3cret2"), SourceForbidden)
    assert "the user or the password is wrong" in text
    assert "owner:***@127.0.0.1" in text


def test_a_missing_database_is_said_to_be_missing(postgres_server: Postgres) -> None:
    assert "there is no such database" in sentence(postgres_server.uri("nowhere"), SourceMissing)


def test_a_server_that_is_not_there_is_said_not_to_answer(postgres_server: Postgres) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    uri = postgres_server.uri("postgres").replace(f":{postgres_server.port}", f":{port}")
    assert "nothing answers there" in sentence(uri, SourceUnreachable)


def test_a_host_without_an_address_is_said_to_have_none(postgres_server: Postgres) -> None:
    uri = postgres_server.uri("postgres").replace("127.0.0.1", "no-such-host.invalid")
    assert "has no address" in sentence(uri, SourceUnreachable)


def test_a_silent_server_is_given_up_in_time(postgres_server: Postgres) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        uri = postgres_server.uri("postgres").replace(f":{postgres_server.port}", f":{silent.getsockname()[1]}")
        began = time.monotonic()
        assert "does not answer" in sentence(f"{uri}?connect_timeout=2", SourceUnreachable)
        assert time.monotonic() - began < 20


def test_an_address_that_is_none_is_said_not_to_be_understood() -> None:
    assert "address is not understood" in sentence("postgresql://owner:s3cret@host:port/db", SourceUnreadable)


def test_a_user_without_rights_is_said_to_need_them(store: Store) -> None:
    store.execute(f"create user nobody_here password '{PASSWORD}'")
    text = sentence(store.server.uri(store.database, user="nobody_here"), SourceForbidden)
    assert "grant it select" in text
    store.execute("drop user nobody_here")


def test_a_database_of_another_program_is_said_not_to_be_mlflows(postgres_server: Postgres) -> None:
    postgres_server.execute("create database music")
    postgres_server.execute("create table song (title text)", database="music")
    assert "neither runs nor experiments, only song" in sentence(postgres_server.uri("music"), SourceUnreadable)


def test_a_table_without_an_indispensable_column_is_named_with_the_schema(store: Store) -> None:
    store.execute("alter table metrics rename column value to reading")
    assert "table metrics has no column value (schema version" in sentence(store.uri, SchemaUnknown)


def test_tables_locked_by_a_migration_are_waited_for_only_for_a_while(store: Store) -> None:
    with closing(psycopg2.connect(store.uri)) as migration:
        migration.cursor().execute("lock table runs in access exclusive mode")
        reader = PostgresReader(store.uri, timeout=0.2, folder=Path("/nowhere"))
        with closing(reader), pytest.raises(SourceUnreachable, match="locked, perhaps by a migration"):
            reader.scan(None)
