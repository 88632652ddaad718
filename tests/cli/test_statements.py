from __future__ import annotations

import json
from pathlib import Path

import pytest

from lean_core.objects import LocalObjects
from lean_core.registry.read import read_trail
from tests.releases.gate_registry import GateRegistry

SETTINGS = """
[registry]
uri = "registry"
[gates.churn.prod]
metrics.auc = { min = 0.8 }
checklist = ["Model card reviewed"]
approvals = { count = 1 }
"""
CHURN = ("churn", "7", "--env", "prod")


@pytest.fixture
def workspace(make_workspace) -> Path:
    folder = make_workspace(SETTINGS)
    GateRegistry(folder).add_version("7", {"auc": 0.7}, created_by="ana")
    return folder


def events(workspace: Path) -> list:
    return list(read_trail(LocalObjects(workspace / "registry"), "churn").events)


def test_a_blocked_version_gets_through_by_what_people_state(call, workspace):
    assert call("gate", *CHURN, cwd=workspace).returncode == 1
    for arguments in (
        ("waive", *CHURN, "--check", "metrics.auc", "--reason", "labels are late", "--until", "14d", "--by", "bo"),
        ("attest", *CHURN, "--item", "Model card reviewed", "--by", "bo", "--note", "in the wiki"),
        ("approve", *CHURN, "--by", "bo"),
    ):
        done = call(*arguments, cwd=workspace)
        assert done.returncode == 0, done.stderr
    assert call("gate", *CHURN, cwd=workspace).returncode == 0
    gate, waiver, attestation, approval, passed = events(workspace)
    assert (waiver.check, waiver.by, waiver.reason) == ("metrics.auc", "bo", "labels are late")
    assert (attestation.item, attestation.note) == ("Model card reviewed", "in the wiki")
    assert (approval.by, approval.self, approval.saw) == ("bo", False, (gate.id,))
    assert passed.checks[0].waived_by == waiver.id


def test_what_is_stated_is_told_as_a_sentence_or_as_json(call, workspace):
    done = call("attest", *CHURN, "--item", "Model card reviewed", "--by", "bo", cwd=workspace)
    assert done.stdout == "bo attested “Model card reviewed” of churn 7 for prod.\n"
    assert done.stderr == f"recorded {events(workspace)[0].id}\n"
    told = json.loads(call("approve", *CHURN, "--by", "bo", "--json", cwd=workspace).stdout)
    assert (told["kind"], told["by"], told["environment"]) == ("approval", "bo", "prod")


def test_a_self_approval_is_recorded_and_labelled_and_does_not_count(call, workspace):
    done = call("approve", *CHURN, "--by", "ana", cwd=workspace)
    assert done.returncode == 0
    assert "their own version" in done.stdout
    assert "it does not count here" in done.stderr
    assert events(workspace)[0].self


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("approve", "churn", "8", "--env", "prod"), "there is no version 8 of churn"),
        (("approve", "churn", "7", "--env", "qa"), "there is no environment 'qa'"),
        (("approve", "churn", "7", "--env", "test"), "lean.toml has no gate for churn in test"),
        (("approve", *CHURN, "--saw", "nothing"), "the trail has no event 'nothing' about churn 7"),
        (("attest", *CHURN, "--item", "Model card"), "did you mean 'Model card reviewed'?"),
        (("attest", *CHURN), "Missing option '--item'"),
        (
            ("waive", *CHURN, "--check", "metrics.acu", "--reason", "x", "--until", "1d"),
            "there is no check 'metrics.acu' in [gates.churn.prod]: did you mean 'metrics.auc'?",
        ),
        (
            ("waive", *CHURN, "--check", "metrics.auc", "--reason", "x", "--until", "31d"),
            "longer than the 30 days that [gates.churn.prod] allows",
        ),
        (("waive", *CHURN, "--check", "metrics.auc", "--reason", "x", "--until", "soon"), "'soon' is no time"),
        (("waive", *CHURN, "--check", "metrics.auc", "--until", "1d"), "Missing option '--reason'"),
        (("withdraw", "churn", "7"), "Missing option '--reason'"),
        (("withdraw", "churn", "8", "--reason", "x", "--yes"), "there is no version 8 of churn"),
    ],
)
def test_nonsense_is_refused_with_code_2_and_nothing_is_written(call, workspace, arguments, said: str):
    done = call(*arguments, cwd=workspace)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert events(workspace) == []


def test_a_withdrawn_version_fails_and_stays_withdrawn(call, workspace):
    done = call("withdraw", "churn", "7", "--reason", "leaks the label", "--yes", "--by", "bo", cwd=workspace)
    assert (done.returncode, done.stdout) == (0, "bo withdrew churn 7: “leaks the label”.\n")
    assert call("gate", *CHURN, cwd=workspace).returncode == 1
    again = call("withdraw", "churn", "7", "--reason", "again", "--yes", cwd=workspace)
    assert again.returncode == 2
    assert "churn 7 was withdrawn by bo" in again.stderr


def test_a_withdrawal_without_yes_is_asked_about(shell, workspace):
    done = shell("withdraw", "churn", "7", "--reason", "leaks the label", cwd=workspace)
    assert done.returncode == 130
    assert "Withdraw churn 7 from every environment, for good?" in done.stderr
    assert events(workspace) == []
