from __future__ import annotations

import json
from pathlib import Path


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
