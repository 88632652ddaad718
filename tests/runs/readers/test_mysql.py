"""MLflow's store on MySQL, from the address in lean.toml to the imported runs."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from mlflow import MlflowClient

from lean_core.errors import SourceUnreachable, SourceUnreadable
from lean_core.runs.readers.client import ClientReader
from lean_core.workbench import Workbench
from tests.mysql import Mysql, mysql_server  # noqa: F401 - a fixture
from tests.runs.readers.mlflow_stores import as_client_says, as_reader_says, fill

pytestmark = pytest.mark.mysql


@dataclass(frozen=True, kw_only=True)
class Store:
    server: Mysql
    database: str
    ids: dict[str, str]

    @property
    def uri(self) -> str:
        return self.server.uri(self.database)

    @property
    def client(self) -> MlflowClient:
        uri = self.server.uri(self.database, scheme="mysql+pymysql")
        return MlflowClient(uri, registry_uri=uri)

    def content(self) -> list[tuple[object, ...]]:
        """Return a checksum of every table, and its definition."""
        names = [f"{self.database}.`{name}`" for (name,) in self.server.execute(f"show tables from {self.database}")]
        definitions = [row for name in names for row in self.server.execute(f"show create table {name}")]
        return [*self.server.execute(f"checksum table {', '.join(names)}"), *definitions]


@pytest.fixture(scope="module")
def store(mysql_server: Mysql) -> Store:  # noqa: F811 - the fixture
    mysql_server.execute("create database filled")
    empty = Store(server=mysql_server, database="filled", ids={})
    return Store(server=mysql_server, database="filled", ids=fill(empty.client))


def test_a_sync_imports_the_runs_and_changes_nothing_in_the_database(store: Store, make_workspace) -> None:
    before = store.content()
    workbench = Workbench.open(make_workspace(f"[sources.team]\nuri = '{store.uri}'\n"))
    (report,) = workbench.sync()
    assert report.error is None
    run, trashed = workbench.load([f"team:{store.ids['full']}", f"team:{store.ids['trashed']}"])
    assert (run.params["lr"], run.metrics["train/auc"], run.experiment) == ("0.1", 0.7, "churn")
    assert trashed.lifecycle == "deleted"
    assert {version.version for version in workbench.models(run).registered} == {"1", "2"}
    (again,) = workbench.sync()
    assert again.state == "unchanged"
    assert store.content() == before


def test_what_is_imported_is_what_mlflow_s_own_client_says(store: Store) -> None:
    with closing(ClientReader(store.uri)) as reader:
        reader.scan(None)
        assert as_reader_says(reader) == as_client_says(store.client)


def test_the_session_can_t_write(store: Store) -> None:
    with closing(ClientReader(store.uri)) as reader:
        reader.scan(None)
        assert reader._client is not None
        with pytest.raises(Exception, match="READ ONLY transaction"):
            reader._client.create_experiment("written")


def test_an_empty_database_stays_empty(mysql_server: Mysql) -> None:  # noqa: F811 - the fixture
    mysql_server.execute("create database bare")
    with closing(ClientReader(mysql_server.uri("bare"))) as reader, pytest.raises(SourceUnreadable) as caught:
        reader.scan(None)
    assert "s3cret" not in str(caught.value)
    assert mysql_server.execute("show tables from bare") == []


def test_a_wrong_password_is_not_shown(mysql_server: Mysql) -> None:  # noqa: F811 - the fixture
    uri = mysql_server.uri("filled").replace("s3cret", "hunter2")
    with closing(ClientReader(uri)) as reader, pytest.raises(SourceUnreachable, match="did not let") as caught:
        reader.scan(None)
    assert "hunter2" not in str(caught.value)


def test_a_store_that_moved_on_is_seen_by_the_next_sync(store: Store, make_workspace, tmp_path: Path) -> None:
    workbench = Workbench.open(make_workspace(f"[sources.team]\nuri = '{store.uri}'\n"))
    workbench.sync()
    store.client.log_metric(store.ids["running"], "late", 1.5)
    (report,) = workbench.sync()
    assert (report.state, report.changed) == ("ok", 1)
    (run,) = workbench.load([f"team:{store.ids['running']}"])
    assert run.metrics == {"late": 1.5}
