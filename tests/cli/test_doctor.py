from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.registry.folders import a_record, write, write_version


def test_findings_are_on_stdout_and_the_count_on_stderr(call, synced: Path):
    done = call("doctor", cwd=synced)
    assert done.returncode == 0
    assert "ok       source local: " in done.stdout
    assert done.stderr.startswith("0 errors, 0 not known, ")


def test_json_is_a_list_of_findings(call, synced: Path):
    findings = json.loads(call("doctor", "--json", cwd=synced).stdout)
    assert {tuple(finding) for finding in findings} == {("severity", "about", "message", "action")}
    assert "source local" in {finding["about"] for finding in findings}


def test_an_error_is_code_1(call, make_workspace):
    done = call("doctor", cwd=make_workspace('[sources.local]\nuri = "gone.db"\n'))
    assert done.returncode == 1
    assert "error    source local: " in done.stdout


def test_a_mistake_in_lean_toml_is_a_finding(call, make_workspace):
    done = call("doctor", cwd=make_workspace("x = 1"))
    assert done.returncode == 1
    assert done.stdout.startswith("error    settings: ")


@pytest.fixture
def with_registry(make_workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a workspace whose registry has two versions of one model, and an artifact that was changed."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = make_workspace('[registry]\nuri = "registry"\n')
    for version in ("1", "2"):
        write_version(folder / "registry", a_record(version=version, code=None))
    write(folder, "data/train.csv", "a,b\n")
    write(folder, "registry/churn/2/model.pkl", "x" * 19)
    return folder


def test_without_a_model_the_registry_is_looked_at_without_hashes(call, with_registry: Path):
    done = call("doctor", cwd=with_registry)
    assert done.returncode == 0
    assert "warning  registry churn/1: the record does not say: commit\n         -> register the next" in done.stdout
    assert "ok       registry: 2 versions of 1 model" in done.stdout
    assert call("doctor", "--hashes", cwd=with_registry).returncode == 1


def test_a_model_is_looked_at_alone_and_with_hashes(call, with_registry: Path):
    done = call("doctor", "churn", cwd=with_registry)
    assert done.returncode == 1
    assert "error    registry churn/2: the artifact model.pkl is not what was registered" in done.stdout
    assert "settings" not in done.stdout
    assert done.stderr == "listing\nreading versions\nreading events\nhashing\n1 error, 0 not known, 2 warnings\n"
    assert call("doctor", "churn", "--no-hashes", cwd=with_registry).returncode == 0


def test_a_version_is_looked_at_alone(call, with_registry: Path):
    assert call("doctor", "churn/1", cwd=with_registry).returncode == 0
    findings = json.loads(call("doctor", "churn/2", "--json", cwd=with_registry).stdout)
    assert [(each["severity"], each["about"]) for each in findings] == [
        ("warning", "registry churn/2"),
        ("error", "registry churn/2"),
        ("ok", "registry"),
    ]


@pytest.mark.parametrize("target", ["fraud", "churn/9", "..", "churn/../..", "churn/1/model.pkl"])
def test_a_model_or_version_that_is_not_there_is_code_2(call, with_registry: Path, target: str):
    done = call("doctor", target, cwd=with_registry)
    assert (done.returncode, done.stdout) == (2, "")
    assert len([line for line in done.stderr.splitlines() if line.startswith("lean-mlops: ")]) == 1


def test_a_model_without_a_registry_is_code_2_and_says_what_to_add(call, make_workspace):
    done = call("doctor", "churn", cwd=make_workspace())
    assert done.returncode == 2
    assert "add a line [registry]" in done.stderr


def test_a_registry_that_cant_be_read_is_code_3_where_a_model_is_named(call, make_workspace):
    assert call("doctor", "churn", cwd=make_workspace('[registry]\nuri = "gone"\n')).returncode == 3
