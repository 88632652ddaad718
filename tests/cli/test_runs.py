from __future__ import annotations

import json
from pathlib import Path

import pytest

PROMISED = ["run_id", "source", "experiment", "name", "status", "start_time", "end_time", "user", "commit", "params",
            "metrics", "tags"]  # fmt: skip


def objects(done) -> list[dict]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_json_has_the_promised_keys_first(call, synced: Path):
    runs = objects(call("runs", "--json", cwd=synced))
    assert len(runs) == 3
    assert all(list(run)[: len(PROMISED)] == PROMISED for run in runs)


def test_json_says_what_mlflow_logged(call, synced: Path):
    run = objects(call("runs", "--json", "--filter", "params.model = 'xgb'", cwd=synced))[0]
    assert len(run.pop("run_id")) == 32
    tags = run.pop("tags")
    assert tags["mlflow.user"] == "ana"
    assert {key: run[key] for key in PROMISED if key in run} == {
        "source": "local",
        "experiment": "churn",
        "name": "run 0",
        "status": "FINISHED",
        "start_time": "2026-09-21T14:13:20.123Z",
        "end_time": "2026-09-21T14:13:50.000Z",
        "user": "ana",
        "commit": "0123abc" + "0" * 33,
        "params": {"model": "xgb"},
        "metrics": {"auc": 0.91, "loss": "Infinity"},
    }


def test_nan_is_a_string_in_json(call, synced: Path):
    (run,) = objects(call("runs", "--json", "--filter", "params.model = 'logit'", cwd=synced))
    assert run["metrics"] == {"auc": "NaN", "loss": "Infinity"}


def test_the_newest_run_comes_first_and_sort_changes_that(call, synced: Path):
    def order(*arguments: str) -> list[str]:
        return [run["name"] for run in objects(call("runs", "--json", *arguments, cwd=synced))]

    assert order() == ["run 2", "run 1", "run 0"]
    assert order("--sort", "start_time") == ["run 0", "run 1", "run 2"]
    assert order("--sort", "metrics.auc") == ["run 1", "run 0", "run 2"]
    assert order("--sort", "metrics.auc DESC") == ["run 0", "run 1", "run 2"]
    assert order("--sort", "metrics.auc desc", "--limit", "1") == ["run 0"]
    assert order("--limit", "0") == []


def test_json_lists_every_run_once_in_order_however_few_are_held_at_a_time(synced: Path, monkeypatch, capsys):
    monkeypatch.setattr("lean_core.workbench.runs.RUNS_AT_ONCE", 2)
    monkeypatch.chdir(synced)
    from lean_core.cli.runs import command

    command.main(["--json", "--sort", "start_time"], standalone_mode=False)
    assert [run["name"] for run in json.loads(capsys.readouterr().out)] == ["run 0", "run 1", "run 2"]


def test_deleted_runs_are_shown_on_request(call, synced: Path):
    assert objects(call("runs", "--json", "--view", "deleted", cwd=synced)) == []
    assert len(objects(call("runs", "--json", "--view", "all", cwd=synced))) == 3


def test_a_limit_is_told_on_stderr(call, synced: Path):
    done = call("runs", "--limit", "2", cwd=synced)
    assert done.returncode == 0
    assert done.stderr == "2 of 3 runs; --limit N shows more\n"
    assert len(done.stdout.splitlines()) == 3


def test_a_table_shows_what_differs(call, synced: Path):
    head, *rows = call("runs", "--sort", "metrics.auc desc", cwd=synced).stdout.splitlines()
    assert head.split("  ")[0] == "run"
    assert "metrics.auc" in head
    assert "params.model" in head
    assert "metrics.loss" not in head
    assert [row.split()[-2:] for row in rows] == [["0.91", "xgb"], ["0.87", "forest"], ["nan", "logit"]]
    assert all("2026-09-21 14:1" in row and "FINISHED" in row and "30 s" in row for row in rows[:1])


def test_no_run_is_an_empty_list_and_a_hint(call, synced: Path):
    done = call("runs", "--json", "--filter", "metrics.auc > 2", cwd=synced)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert "no run matches" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--filter", "metrics.auc >> 1"], ["--filter", "1; drop table run"], ["--sort", "x.y"]]
)
def test_a_wrong_expression_is_code_2_and_marked(call, synced: Path, arguments: list[str]):
    done = call("runs", *arguments, cwd=synced)
    assert (done.returncode, done.stdout) == (2, "")
    assert arguments[1] in done.stderr
    assert done.stderr.splitlines()[-1].strip(" ^") == ""


def test_a_wrong_sort_key_is_told_as_such(call, synced: Path):
    done = call("runs", "--sort", "metricz.auc desc", cwd=synced)
    assert "--sort, column 1: there is no kind of key named 'metricz'" in done.stderr
    assert "filter" not in done.stderr


def test_a_workspace_that_was_never_synced_has_no_runs(call, workspace: Path):
    done = call("runs", "--json", cwd=workspace)
    assert (done.returncode, done.stdout) == (0, "[]\n")


def test_the_workspace_is_named_by_option_before_or_after_and_by_the_environment(shell, synced: Path):
    for arguments in (["--workspace", str(synced), "runs", "--json"], ["runs", "--json", "--workspace", str(synced)]):
        assert len(objects(shell(*arguments))) == 3
    assert len(objects(shell("runs", "--json", LEAN_WORKSPACE=str(synced)))) == 3
