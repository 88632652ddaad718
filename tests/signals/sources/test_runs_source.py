from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.signals.answer import Answer, Measured, Question, Surroundings, Unread
from lean_core.signals.sources.runs import read
from lean_core.store import Store
from lean_core.workbench import Workbench
from tests.conftest import FrozenClock, MakeWorkspace

NOW = dt.datetime(2026, 11, 23, 12)
SYNCED = NOW - dt.timedelta(hours=2)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "lean.duckdb")


def add_source(store: Store, name: str, *, synced: dt.datetime | None = SYNCED, message: str | None = None) -> None:
    with store.write() as cursor:
        cursor.execute(
            """insert into source (name, uri, kind, last_success, state, message)
               values (?, 'mlflow.db', 'auto', ?, ?, ?)""",
            [name, synced, "ok" if synced else "never", message],
        )


def add_experiment(store: Store, name: str, *, source: str = "mlflow", lifecycle: str | None = "active") -> None:
    with store.write() as cursor:
        cursor.execute("insert into experiment values (?, ?, '1', ?, ?, null)", [source, name, name, lifecycle])


def add_run(
    store: Store,
    *,
    hours: float | None,
    experiment: str = "churn",
    source: str = "mlflow",
    status: str = "FINISHED",
    lifecycle: str = "active",
    gone: bool = False,
    name: str | None = "nightly",
) -> None:
    """A run that ended so many hours before the sync."""
    end = None if hours is None else SYNCED - dt.timedelta(hours=hours)
    with store.write() as cursor:
        cursor.execute(
            """insert into run (run_no, source, run_key, run_id, experiment_key, name, status, end_time, lifecycle,
               gone_at) values (1, ?, 'a', 'a', ?, ?, ?, ?, ?, ?)""",
            [source, experiment, name, status, end, lifecycle, NOW if gone else None],
        )


def ask(store: Store, expression: str) -> Answer:
    def open_bucket(*_: str) -> None:
        raise AssertionError

    around = Surroundings(folder=store.path.parent, environ={}, store=store, open_bucket=open_bucket)
    question = Question(signal="retrained", expression=expression, window=dt.timedelta(hours=1), at=NOW)
    return read([question], around)["retrained"]


def measure(store: Store, expression: str = "churn") -> Measured:
    answer = ask(store, expression)
    assert isinstance(answer, Measured), answer
    return answer


def refuse(store: Store, expression: str = "churn") -> Unread:
    answer = ask(store, expression)
    assert isinstance(answer, Unread), answer
    assert "\n" not in answer.sentence
    return answer


@pytest.fixture
def churn(store: Store) -> Store:
    """An experiment whose last run finished 3.5 hours before the sync."""
    add_source(store, "mlflow")
    add_experiment(store, "churn")
    for hours, name in ((30.0, "older"), (3.5, "nightly"), (9.0, "between")):
        add_run(store, hours=hours, name=name)
    return store


def test_it_is_so_many_hours_between_the_end_of_the_last_finished_run_and_the_last_sync(churn: Store):
    answer = measure(churn)
    assert (answer.value, answer.unit, answer.n, answer.observed_at) == (3.5, "h", 3, SYNCED)
    assert (answer.source.place, answer.source.query) == ("lean.duckdb", "mlflow/churn")
    assert answer.note == "The last finished run is nightly, as of the last sync."


@pytest.mark.parametrize(
    "unlike",
    [{"status": "FAILED"}, {"status": "RUNNING"}, {"lifecycle": "deleted"}, {"gone": True}, {"experiment": "other"}],
)
def test_a_run_that_did_not_finish_or_is_no_longer_there_does_not_count(churn: Store, unlike: dict[str, object]):
    add_run(churn, **{"hours": 1, **unlike})  # type: ignore[arg-type]
    assert measure(churn).value == 3.5


def test_a_run_that_ended_by_a_clock_ahead_of_ours_ended_just_now(churn: Store):
    add_run(churn, hours=-0.1)
    assert measure(churn).value == 0


def test_a_sync_that_failed_since_is_told_and_does_not_make_the_reading_newer(store: Store):
    add_source(store, "mlflow", message="mlflow.db is locked.")
    add_experiment(store, "churn")
    add_run(store, hours=1)
    answer = measure(store)
    assert answer.observed_at == SYNCED
    assert answer.note.endswith("A later sync failed: mlflow.db is locked.")


def test_an_experiment_of_several_sources_is_named_by_its_source(churn: Store):
    add_source(churn, "cloud", synced=NOW)
    add_experiment(churn, "churn", source="cloud")
    add_run(churn, source="cloud", hours=1)

    assert (measure(churn, "cloud/churn").value, measure(churn, "cloud/churn").observed_at) == (3, NOW)
    assert measure(churn, "mlflow/churn").value == 3.5
    answer = refuse(churn)
    assert answer.trouble == "refused"
    assert answer.sentence == "Several sources have it: write cloud/churn or mlflow/churn."


def test_a_name_with_a_slash_in_it_is_a_name(churn: Store):
    add_experiment(churn, "/Users/ana/churn")
    add_run(churn, experiment="/Users/ana/churn", hours=2)
    assert measure(churn, "/Users/ana/churn").value == measure(churn, "mlflow//Users/ana/churn").value == 2


def test_an_experiment_that_is_not_there_is_answered_by_those_that_are_nearest_first(churn: Store):
    for name in ("churn-network", "upsell", "pricing", "a", "b", "c"):
        add_experiment(churn, name)
    answer = refuse(churn, "chrun-network")
    assert answer.trouble == "missing"
    assert answer.sentence.startswith(
        "There is no experiment 'chrun-network' among the imported runs; there are: churn-network, churn, "
    )
    assert answer.sentence.endswith(" and 2 more.")
    assert "there are: mlflow/churn-network, " in refuse(churn, "mlflow/chrun-network").sentence


def test_a_deleted_experiment_is_none(store: Store):
    add_source(store, "mlflow")
    add_experiment(store, "churn", lifecycle="deleted")
    assert refuse(store).sentence == "There is no experiment 'churn', nor any other, among the imported runs."


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({"status": "RUNNING", "hours": None}, "Experiment mlflow/churn: no run of it has finished."),
        ({"hours": None}, "Experiment mlflow/churn: of 1 finished runs none says when it ended."),
    ],
)
def test_an_experiment_without_a_finished_run_is_no_number(store: Store, run: dict[str, object], said: str):
    add_source(store, "mlflow")
    add_experiment(store, "churn")
    add_run(store, **run)  # type: ignore[arg-type]
    answer = refuse(store)
    assert (answer.trouble, answer.sentence) == ("empty", said)


def test_what_was_never_imported_says_how_to_import_it(store: Store):
    assert refuse(store).sentence == "No source of runs was imported yet: `lean-mlops sync` does it."
    add_source(store, "mlflow", synced=None)
    assert refuse(store).sentence == "mlflow was never imported: `lean-mlops sync` does it."
    add_source(store, "cloud")
    add_experiment(store, "churn", source="cloud")
    add_run(store, source="cloud", hours=1)
    assert refuse(store, "mlflow/churn").sentence == "mlflow was never imported: `lean-mlops sync` does it."
    assert measure(store).value == 1


def test_runs_that_mlflow_wrote_are_found_once_they_are_synced(
    make_workspace: MakeWorkspace, clock: FrozenClock, tmp_path: Path
):
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{tmp_path}/mlflow.db")
    run = client.create_run(client.create_experiment("churn", artifact_location=str(tmp_path)), run_name="nightly")
    ended = (clock.time - dt.timedelta(hours=5)).replace(tzinfo=dt.UTC)
    client.set_terminated(run.info.run_id, end_time=round(ended.timestamp() * 1000))
    workbench = Workbench.open(make_workspace(f"[sources.mlflow]\nuri = '{tmp_path}/mlflow.db'\n"))

    workbench.sync()
    answer = measure(workbench.store)
    assert (answer.value, answer.observed_at) == (5, clock.time)
