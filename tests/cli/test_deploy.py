from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT
from tests.cli.releases_workspace import gates, make, served, trail_of
from tests.releases.builders import a_gate, a_withdrawal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "workspace", *gates("12"))


def deployments(folder: Path) -> list[dict]:
    return [event for event in trail_of(folder) if event["kind"] == "deployment"]


def test_a_deployment_is_recorded_and_told_as_a_sentence(call, folder: Path):
    done = call("deploy", "churn", "12", "--env", "prod", "--how", "https://ci/1", "--by", "ana", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "ana deployed churn 12 to prod by https://ci/1, skipping dev and test.\n"
    (event,) = deployments(folder)
    assert {key: event[key] for key in ("version", "environment", "actor", "outcome", "how", "skipped")} == {
        "version": "12",
        "environment": "prod",
        "actor": "ana",
        "outcome": "succeeded",
        "how": "https://ci/1",
        "skipped": ["dev", "test"],
    }
    assert event["gate"].startswith("20260301T120000000Z-gate-prod-")
    assert "reason" not in event


def test_without_a_passing_gate_it_refuses_and_records_nothing(call, folder: Path):
    done = call("deploy", "churn", "13", "--env", "prod", "--run", "touch deployed", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "refused: churn 13 never went through the gate for prod" in done.stderr
    assert deployments(folder) == []
    assert not (folder / "deployed").exists()


def test_force_and_reason_go_together(call, folder: Path):
    for arguments in (["--force"], ["--reason", "urgent"], ["--force", "--reason", " "]):
        done = call("deploy", "churn", "13", "--env", "prod", *arguments, cwd=folder)
        assert done.returncode == 2
        assert "go together" in done.stderr
    done = call("deploy", "churn", "13", "--env", "prod", "--force", "--reason", "the demo", cwd=folder)
    assert done.returncode == 0
    assert "forced without a passing gate: “the demo”" in done.stdout
    (event,) = deployments(folder)
    assert (event["reason"], "gate" in event) == ("the demo", False)


def test_force_that_was_not_needed_is_not_recorded(call, folder: Path):
    done = call("deploy", "churn", "12", "--env", "prod", "--force", "--reason", "urgent", cwd=folder)
    assert "--force was not needed" in done.stderr
    (event,) = deployments(folder)
    assert ("gate" in event, "reason" in event) == (True, False)


def test_a_withdrawn_version_is_refused_even_by_force(call, tmp_path: Path):
    folder = make(tmp_path / "workspace", *gates("12"), a_withdrawal("12", day=1))
    done = call("deploy", "churn", "12", "--env", "prod", "--force", "--reason", "x", cwd=folder)
    assert done.returncode == 1
    assert "was withdrawn" in done.stderr


def test_an_unreadable_version_is_refused_even_by_force(call, folder: Path):
    (folder / "registry/churn/12/version.json").write_text("{", encoding="utf-8")
    done = call("deploy", "churn", "12", "--env", "prod", "--force", "--reason", "x", cwd=folder)
    assert done.returncode == 1
    assert "can't be deployed" in done.stderr


def test_a_policy_that_changed_since_is_said(call, tmp_path: Path):
    folder = make(tmp_path / "workspace", a_gate("12", policy_sha256="0" * 64))
    done = call("deploy", "churn", "12", "--env", "prod", cwd=folder)
    assert done.returncode == 0
    assert "The policy of the gate for prod has changed since churn 12 passed it" in done.stderr


def test_the_gate_command_lets_a_version_in(call, folder: Path):
    assert call("gate", "churn", "13", "--env", "prod", cwd=folder).returncode == 0
    done = call("deploy", "churn", "13", "--env", "prod", cwd=folder)
    assert done.returncode == 0
    assert "policy" not in done.stderr


def test_a_command_is_run_and_its_output_goes_to_stderr(call, folder: Path):
    command = 'echo "$LEAN_MODEL $LEAN_VERSION $LEAN_ENVIRONMENT"; test -f "$LEAN_ARTIFACT" && echo "it is there"'
    done = call("deploy", "churn", "12", "--env", "prod", "--run", command, "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "churn 12 prod\nit is there\n" in done.stderr
    said = json.loads(done.stdout)
    assert (said["outcome"], said["refused"], said["event"]["how"]) == ("succeeded", None, command)
    assert said["event"]["seconds"] >= 0
    assert said["event"]["sentence"].startswith(said["event"]["actor"])


def test_a_failing_command_is_recorded_and_exits_1(call, folder: Path):
    done = call("deploy", "churn", "12", "--env", "prod", "--run", "echo no route; exit 4", cwd=folder)
    assert done.returncode == 1
    assert "ended with code 4, which is recorded; nothing is declared live in prod" in done.stderr
    (event,) = deployments(folder)
    assert (event["outcome"], event["exit_code"], event["tail"]) == ("failed", 4, "no route")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_is_recorded_as_failed_and_exits_1(folder: Path, number: signal.Signals):
    words = ["deploy", "churn", "12", "--env", "prod", "--run", "echo begun > begun; sleep 300; touch finished"]
    process = subprocess.Popen(
        [sys.executable, "-m", "lean_core", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    until = time.monotonic() + 60
    while not (folder / "begun").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "was stopped, which is recorded" in errors
    (event,) = deployments(folder)
    assert (event["outcome"], "exit_code" in event) == ("failed", False)
    assert not (folder / "finished").exists()


def test_in_ci_the_run_of_the_ci_is_how(shell, folder: Path):
    github = {"GITHUB_RUN_ID": "7", "GITHUB_REPOSITORY": "shop/churn", "GITHUB_SERVER_URL": "https://github.com"}
    done = shell("deploy", "churn", "12", "--env", "prod", cwd=folder, **github)
    assert done.returncode == 0, done.stderr
    assert deployments(folder)[0]["how"] == "https://github.com/shop/churn/actions/runs/7"


def test_what_is_not_there_is_a_wrong_command(call, folder: Path):
    for arguments, words in (
        (["churn", "99", "--env", "prod"], "there is no version 99 of churn"),
        (["fraud", "1", "--env", "prod"], "there is no version 1 of fraud"),
        (["churn", "12", "--env", "staging"], "there is no environment 'staging'"),
        (["churn", "../12", "--env", "prod"], "can't be a folder everywhere"),
        (["churn", "12"], "Missing option '--env'"),
    ):
        done = call("deploy", *arguments, cwd=folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr


def test_a_registry_that_is_gone_is_code_3(call, folder: Path):
    (folder / "registry").rename(folder / "elsewhere")
    assert call("deploy", "churn", "12", "--env", "prod", cwd=folder).returncode == 3


def test_deploying_what_is_live_already_is_said(call, tmp_path: Path):
    folder = make(tmp_path / "workspace", *served("12"))
    assert "is live in prod already" in call("deploy", "churn", "12", "--env", "prod", cwd=folder).stderr
