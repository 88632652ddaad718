from __future__ import annotations

import json
from pathlib import Path

import pytest


def test_demo_makes_a_workspace_with_runs(shell, tmp_path: Path):
    done = shell("demo", "here", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["folder"] == str(tmp_path / "here")
    runs = json.loads(shell("runs", "--json", cwd=tmp_path / "here").stdout)
    assert len(runs) == made["runs"] > 5
    assert f"next: lean-mlops runs --workspace {tmp_path / 'here'}" in done.stderr
    for command in ("checkpoint", "debt list", "live", "gate churn 3 --env prod", "trail churn"):
        assert f"lean-mlops {command} --workspace {tmp_path / 'here'}" in done.stderr
    live = json.loads(shell("live", "--json", cwd=tmp_path / "here").stdout)
    declared = {(each["model"], each["environment"]): each["version"] for each in live}
    assert declared == {("churn", "test"): "3", ("churn", "prod"): "2", ("upsell", "prod"): "1"}


@pytest.mark.parametrize("arguments", [["here"], ["--workspace", "here"]])
def test_a_folder_that_is_not_empty_is_code_2_and_stays(shell, tmp_path: Path, arguments: list[str]):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "mine.txt").write_text("mine")
    done = shell("demo", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not empty" in done.stderr
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["mine.txt"]
