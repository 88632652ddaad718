"""Facts about the demo that a person will see, read from its store as MLflow's client reads it."""

from __future__ import annotations

import datetime as dt
import math
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lean_core.demo import Demo

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run


@pytest.fixture(scope="module")
def client(copied_store: Path) -> MlflowClient:
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=f"sqlite:///{copied_store}", registry_uri=f"sqlite:///{copied_store}")


@pytest.fixture(scope="module")
def runs(client: MlflowClient) -> list[Run]:
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    return list(client.search_runs(experiments, order_by=["attributes.start_time"]))


def named(runs: list[Run], name: str) -> list[Run]:
    return [run for run in runs if run.info.run_name == name]


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def test_the_runs_lie_in_two_experiments(client: MlflowClient):
    names = {experiment.name for experiment in client.search_experiments()}

    assert names == {"churn-baseline", "churn-network"}


def test_each_experiment_says_that_its_dates_are_invented(client: MlflowClient):
    for experiment in client.search_experiments():
        assert "really trained" in experiment.tags["mlflow.note.content"]
        assert "invented" in experiment.tags["mlflow.note.content"]


def test_one_run_failed_one_was_left_running_and_the_rest_finished(runs: list[Run]):
    assert Counter(run.info.status for run in runs) == {"FINISHED": 15, "FAILED": 1, "RUNNING": 1}


def test_the_failed_run_shows_how_its_loss_diverged(client: MlflowClient, runs: list[Run]):
    (failed,) = [run for run in runs if run.info.status == "FAILED"]
    losses = [point.value for point in client.get_metric_history(failed.info.run_id, "train_loss")]

    assert len(losses) > 1
    assert losses[0] > 1
    assert all(not math.isnan(loss) for loss in losses[:-1])
    assert math.isnan(losses[-1])
    assert "not a number" in failed.data.tags["failure"]


def test_the_run_left_running_began_two_days_ago_and_has_half_of_its_history(client: MlflowClient, runs: list[Run]):
    (left,) = [run for run in runs if run.info.status == "RUNNING"]
    history = client.get_metric_history(left.info.run_id, "valid_auc")
    last_sign_of_life = max(point.timestamp for point in history)

    assert left.info.end_time is None
    assert len(history) == int(left.data.params["epochs"]) // 2
    assert last_sign_of_life < (dt.datetime.now(dt.UTC) - dt.timedelta(days=2)).timestamp() * 1000


def test_runs_began_over_the_last_days_and_none_in_the_future(runs: list[Run]):
    now = dt.datetime.now(dt.UTC).timestamp() * 1000
    ages = [(now - run.info.start_time) / 86_400_000 for run in runs]

    assert min(ages) > 0
    assert 9 < max(ages) < 10
    assert len({round(age) for age in ages}) > 4


def test_times_within_a_run_are_in_order(client: MlflowClient, runs: list[Run]):
    for run in runs:
        if run.info.status == "FINISHED" and "train_loss" in run.data.metrics:
            history = client.get_metric_history(run.info.run_id, "train_loss")
            stamps = [point.timestamp for point in sorted(history, key=lambda point: point.step)]
            assert [run.info.start_time, *stamps, run.info.end_time] == sorted(
                [run.info.start_time, *stamps, run.info.end_time]
            )


def test_two_configurations_were_trained_with_three_seeds_and_show_a_spread(runs: list[Run]):
    groups: dict[tuple[tuple[str, str], ...], list[Run]] = {}
    for run in runs:
        groups.setdefault(tuple(sorted((k, v) for k, v in run.data.params.items() if k != "seed")), []).append(run)
    repeated = [group for group in groups.values() if len(group) > 1]

    assert sorted(len(group) for group in repeated) == [3, 3]
    for group in repeated:
        assert {run.data.params["seed"] for run in group} == {"1", "2", "3"}
        assert statistics.stdev(run.data.metrics["test_auc"] for run in group) > 0


def test_the_network_beats_the_baseline_on_the_same_test_customers(runs: list[Run]):
    baseline = min(run.data.metrics["test_auc"] for run in named(runs, "logistic"))
    networks = [run.data.metrics["test_auc"] for run in named(runs, "16 hidden units")]

    assert 0.7 < baseline < min(networks) < 0.95


def test_the_sweep_is_a_parent_with_three_children(runs: list[Run]):
    (parent,) = named(runs, "how many hidden units?")
    children = [run for run in runs if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id]

    assert sorted(int(child.data.params["hidden_units"]) for child in children) == [8, 16, 32]
    assert parent.data.metrics["best_valid_auc"] == max(child.data.metrics["valid_auc"] for child in children)


def test_one_run_was_evaluated_on_other_data_than_all_others(runs: list[Run]):
    evaluated: Counter[tuple[str, str]] = Counter()
    for run in runs:
        for given in run.inputs.dataset_inputs:
            if {tag.key: tag.value for tag in given.tags}["mlflow.data.context"] == "eval":
                evaluated[given.dataset.name, given.dataset.digest] += 1

    assert [name for name, _ in evaluated] == ["churn-test", "churn-test-new-customers"]
    assert list(evaluated.values()) == [15, 1]


def test_all_runs_learned_from_the_same_data(runs: list[Run]):
    learned_from = {
        (given.dataset.name, given.dataset.digest)
        for run in runs
        for given in run.inputs.dataset_inputs
        if {tag.key: tag.value for tag in given.tags}["mlflow.data.context"] == "training"
    }

    assert len(learned_from) == 1


def test_the_model_has_three_versions_and_a_champion_that_is_not_the_newest(client: MlflowClient):
    versions = client.search_model_versions("name='churn'")

    assert sorted(int(version.version) for version in versions) == [1, 2, 3]
    assert int(client.get_model_version_by_alias("churn", "champion").version) == 2
    assert all(version.description and version.status == "READY" for version in versions)


def test_each_version_has_its_files_in_the_artifacts_of_its_run(client: MlflowClient, made: Demo):
    for version in client.search_model_versions("name='churn'"):
        experiment = client.get_experiment(client.get_run(version.run_id).info.experiment_id)
        model = made.folder / "mlruns" / experiment.name / version.run_id / "artifacts" / "model"
        assert version.source == f"runs:/{version.run_id}/model"
        assert {path.name for path in model.iterdir()} == {
            "model.json",
            "python_env.yaml",
            "requirements.txt",
            "weights.npz",
        }


def test_artifact_places_point_into_the_folder(runs: list[Run], made: Demo):
    inside = (made.folder / "mlruns").as_uri() + "/"

    assert all(run.info.artifact_uri.startswith(inside) for run in runs)


def test_nothing_is_pickled(made: Demo):
    kinds = {path.suffix for path in (made.folder / "mlruns").rglob("*") if path.is_file()}

    assert kinds == {".csv", ".json", ".md", ".npz", ".txt", ".yaml"}


def test_the_environments_of_the_two_experiments_differ(made: Demo):
    packages = {
        experiment: {
            tuple(line.partition("==")[0] for line in path.read_text().splitlines())
            for path in (made.folder / "mlruns" / experiment).rglob("requirements.txt")
        }
        for experiment in ("churn-baseline", "churn-network")
    }

    assert packages["churn-baseline"] == {("numpy", "pandas")}
    assert packages["churn-network"] == {("alembic", "mlflow-skinny", "numpy", "pandas", "sqlalchemy")}


def test_the_empty_experiment_that_mlflow_makes_is_put_away(client: MlflowClient):
    from mlflow.entities import ViewType

    deleted = client.search_experiments(view_type=ViewType.DELETED_ONLY)

    assert [experiment.name for experiment in deleted] == ["Default"]


def test_each_run_names_the_commit_that_its_code_is_in(runs: list[Run], made: Demo):
    commits = git(made.folder, "log", "--reverse", "--format=%H", "--", "train.py").splitlines()
    in_runs = list(dict.fromkeys(run.data.tags["mlflow.source.git.commit"] for run in runs))

    assert len(commits) == 2
    assert in_runs == commits


def test_the_commits_changed_the_script_and_left_nothing_behind(made: Demo):
    assert git(made.folder, "status", "--porcelain") == ""
    assert "train.py" in git(made.folder, "diff", "--stat", "HEAD~2", "HEAD~1")
    assert "lean.toml" in git(made.folder, "diff", "--stat", "HEAD~1", "HEAD")
    assert git(made.folder, "log", "--format=%an").splitlines() == ["Ana Example"] * 3


def test_the_script_in_the_folder_gives_the_same_numbers_again(copied_store: Path, made: Demo, runs: list[Run]):
    """As a person would run it; in a copy of the folder."""
    from mlflow import MlflowClient

    folder = copied_store.parent / "again"
    (folder / "data").mkdir(parents=True)
    for name in ("train.py", "requirements.txt", "data/churn.csv"):
        (folder / name).write_bytes((made.folder / name).read_bytes())
    options = ["--hidden-units", "16", "--seed", "2"]
    subprocess.run([sys.executable, "train.py", *options], cwd=folder, capture_output=True, check=True)

    store = f"sqlite:///{folder / 'mlflow.db'}"
    again = MlflowClient(tracking_uri=store)
    (run,) = again.search_runs([again.get_experiment_by_name("churn-network").experiment_id])
    (first, *_) = [run for run in named(runs, "16 hidden units") if run.data.params["seed"] == "2"]
    assert run.data.params == first.data.params
    # Threads of the linear algebra may add up in another order.
    assert run.data.metrics == pytest.approx(first.data.metrics, abs=1e-9)
