from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from lean_core.objects import LocalObjects
from lean_core.registry.read import read_trail
from tests.releases.gate_registry import GateRegistry

ROOT = Path(__file__).parents[2]
SETTINGS = """
[registry]
uri = "registry"
[gates.churn.prod]
metrics.auc = { min = 0.8 }
metrics.ece = { max = 0.05 }
"""


@pytest.fixture
def workspace(make_workspace) -> Path:
    """Return a workspace with three versions: one that passes, one that fails, one of which too little is known."""
    folder = make_workspace(SETTINGS)
    registry = GateRegistry(folder)
    registry.add_version("good", {"auc": 0.91, "ece": 0.02})
    registry.add_version("bad", {"auc": 0.7, "ece": 0.02})
    registry.add_version("unknown", {"auc": 0.91})
    return folder


def events(workspace: Path) -> list:
    return list(read_trail(LocalObjects(workspace / "registry"), "churn").events)


@pytest.mark.parametrize(
    ("version", "code", "verdict"), [("good", 0, "pass"), ("bad", 1, "fail"), ("unknown", 4, "unknown")]
)
def test_the_exit_code_is_the_verdict_and_the_event_is_written(call, workspace, version: str, code: int, verdict: str):
    done = call("gate", "churn", version, "--env", "prod", "--by", "ci", cwd=workspace)
    assert done.returncode == code, done.stderr
    (event,) = events(workspace)
    assert (event.verdict, event.version, event.environment, event.actor) == (verdict, version, "prod", "ci")
    assert done.stderr == f"recorded {event.id}\n"


def test_the_table_names_checks_reasons_and_the_verdict(call, workspace):
    done = call("gate", "churn", "bad", "--env", "prod", cwd=workspace)
    assert done.stdout.splitlines() == [
        "check        verdict  value  threshold",
        "metrics.auc  fail     0.7    at least 0.8",
        "metrics.ece  pass     0.02   at most 0.05",
        "fail     metrics.auc: auc of bad: 0.7 is less than 0.8",
        "churn bad fails the gate for prod: 1 fail, 1 pass",
    ]


def test_a_long_check_and_its_threshold_are_told_in_full(call, make_workspace):
    check, file = "recall_of_those_who_cancel_in_the_first_month", "reports/answers_of_the_phone_system.json"
    folder = make_workspace(
        f"[registry]\nuri = 'registry'\n[gates.churn.prod]\nmetrics.{check} = {{ min = 0.123456789012 }}\n"
        f"business.answered = {{ file = '{file}', min = 0.123456789012, max = 0.987654321098 }}\n"
    )
    registry = GateRegistry(folder)
    registry.add_version("1", {check: 0.9})
    told = call("gate", "churn", "1", "--env", "prod", "--dry-run", cwd=folder).stdout
    assert f"metrics.{check}  pass " in told
    assert "0.123456789012 to 0.987654321098" in told
    assert "…" not in told
    assert f"metrics.{check}  {check[:8]}" in call("gate", "--self-test", cwd=folder).stdout


def test_json_has_its_promised_keys(call, workspace):
    told = json.loads(call("gate", "churn", "unknown", "--env", "prod", "--json", cwd=workspace).stdout)
    assert list(told) == [
        "model", "version", "environment", "verdict", "baseline", "policy_sha256", "evidence_sha256", "event",
        "written", "at", "actor", "notes", "checks",
    ]  # fmt: skip
    assert list(told["checks"][0]) == ["name", "verdict", "waived_by", "value", "threshold", "reason", "evidence"]
    assert (told["verdict"], told["written"], told["event"]) == ("unknown", True, events(workspace)[0].id)


def test_a_dry_run_writes_nothing(call, workspace):
    done = call("gate", "churn", "good", "--env", "prod", "--dry-run", "--json", cwd=workspace)
    assert (done.returncode, json.loads(done.stdout)["written"]) == (0, False)
    assert events(workspace) == []


def test_junit_is_written(call, workspace):
    call("gate", "churn", "unknown", "--env", "prod", "--junit", "gate.xml", cwd=workspace)
    suite = ET.parse(workspace / "gate.xml").getroot()[0]
    assert (suite.attrib["failures"], suite.attrib["errors"]) == ("0", "1")


def test_a_report_that_cannot_be_written_is_code_3_after_the_verdict_was_told(call, workspace):
    done = call("gate", "churn", "good", "--env", "prod", "--junit", "no/gate.xml", cwd=workspace)
    assert done.returncode == 3
    assert "churn good passes the gate for prod" in done.stdout
    assert "no/gate.xml can't be written (No such file or directory)" in done.stderr


def test_github_gets_annotations_on_stderr_and_a_summary(call, workspace, monkeypatch, tmp_path):
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = call("gate", "churn", "bad", "--env", "prod", "--json", cwd=workspace)
    assert json.loads(done.stdout)["verdict"] == "fail"
    assert "::error title=Gate churn bad for prod%3A metrics.auc::auc of bad: 0.7 is less than 0.8\n" in done.stderr
    assert summary.read_text().startswith("# Before\n### ❌ Gate: churn bad failed for prod\n")


def test_the_summary_of_a_step_stays_within_githubs_limit(call, workspace, monkeypatch, tmp_path):
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (1024 * 1024 - 10))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert call("gate", "churn", "bad", "--env", "prod", cwd=workspace).returncode == 1
    assert summary.stat().st_size <= 1024 * 1024


def test_a_summary_that_cannot_be_written_changes_no_verdict(call, workspace, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    done = call("gate", "churn", "good", "--env", "prod", cwd=workspace)
    assert done.returncode == 0
    assert "GITHUB_STEP_SUMMARY" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("churn", "gone", "--env", "prod"), "there is no version gone of churn"),
        (("chrun", "good", "--env", "prod"), "there is no version good of chrun"),
        (("churn", "good", "--env", "qa"), "there is no environment 'qa' in lean.toml; it has: dev, test, prod"),
        (("churn", "../good", "--env", "prod"), "has a name that can't be a folder"),
        (("churn", "good"), "lean-mlops gate MODEL VERSION --env ENV"),
        (("churn", "--env", "prod"), "lean-mlops gate MODEL VERSION --env ENV"),
        (("--self-test", "churn", "good", "--env", "prod"), "--self-test takes no VERSION"),
        (("--self-test", "churn"), "name both"),
        (("--self-test", "churn", "--env", "test"), "lean.toml has no gate for churn in test"),
    ],
)
def test_what_makes_no_sense_is_code_2(call, workspace, arguments, said: str):
    done = call("gate", *arguments, cwd=workspace)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert events(workspace) == []


def test_a_mistake_in_the_policy_is_code_2(call, make_workspace):
    done = call(
        "gate", "churn", "1", "--env", "prod", cwd=make_workspace("[gates.churn.prod]\nmetrics.auc = {mim = 1}")
    )
    assert done.returncode == 2
    assert "did you mean gates.churn.prod.metrics.auc.min?" in done.stderr


def test_a_registry_that_is_not_there_is_code_3(call, make_workspace):
    folder = make_workspace('[registry]\nuri = "/nowhere/registry"\n[gates.churn.prod]\nmetrics.auc = {min = 1}')
    done = call("gate", "churn", "1", "--env", "prod", cwd=folder)
    assert (done.returncode, done.stdout) == (3, "")


def test_a_verdict_that_cannot_be_recorded_is_told_and_code_3(call, workspace):
    trail = workspace / "registry" / "churn" / "trail"
    trail.write_text("a file where the folder should be")
    done = call("gate", "churn", "good", "--env", "prod", "--json", cwd=workspace)
    assert done.returncode == 3
    assert json.loads(done.stdout)["written"] is False


def test_without_a_gate_the_verdict_is_unknown_and_says_what_to_add(call, workspace):
    done = call("gate", "churn", "good", "--env", "test", cwd=workspace)
    assert done.returncode == 4
    assert "lean.toml has no gate for churn in test: add [gates.churn.test]" in done.stdout


def test_the_self_test_shows_that_each_check_can_fail(call, workspace):
    done = call("gate", "--self-test", cwd=workspace)
    assert (done.returncode, done.stderr) == (0, "4 of 4 trials were refused, as they must be\n")
    assert done.stdout.splitlines()[1] == "metrics.auc  auc = 0.79  fail     yes"
    assert events(workspace) == []


def test_the_self_test_finds_a_check_that_cannot_fail(call, make_workspace):
    folder = make_workspace('[gates.churn.prod.data.t]\ntable = "t.csv"\ncolumns.a = { nulls = 1 }')
    done = call("gate", "--self-test", "churn", "--env", "prod", "--json", cwd=folder)
    assert done.returncode == 1
    trials = json.loads(done.stdout)
    assert [each["check"] for each in trials if not each["holds"]] == ["data.t.a.nulls"]
    assert "[gates.churn.prod] data.t.a.nulls said pass, not fail" in done.stderr


def test_the_self_test_needs_a_gate(call, make_workspace):
    done = call("gate", "--self-test", cwd=make_workspace())
    assert done.returncode == 2
    assert "lean.toml has no gates to test" in done.stderr


def test_a_gate_on_a_local_registry_imports_nothing_heavy(workspace):
    script = (
        "import json, sys\n"
        "from lean_core.cli.main import run\n"
        "code = run(sys.argv[1:])\n"
        "print(json.dumps([code, sorted({name.partition('.')[0] for name in sys.modules})]))\n"
    )
    arguments = ["--workspace", str(workspace), "gate", "churn", "good", "--env", "prod"]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    heavy = {"streamlit", "plotly", "mlflow", "pandas", "pyarrow", "numpy", "duckdb", "ibis", "pointblank", "boto3"}
    assert not heavy & set(modules)
