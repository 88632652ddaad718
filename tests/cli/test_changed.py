from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.releases_workspace import make, served
from tests.releases.builders import an_approval


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "workspace", *served("12", "13"), an_approval("13"))


def said(done) -> dict:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def statuses(document: dict) -> dict[str, str]:
    return {item["name"]: item["status"] for item in document["items"]}


def test_two_versions_are_compared_in_nine_things_changed_first(call, folder: Path):
    document = said(call("changed", "churn", "12", "13", "--json", cwd=folder))
    assert statuses(document) == {
        "commits": "changed",
        "params": "changed",
        "metrics": "changed",
        "packages": "changed",
        "artifact": "changed",
        "approver": "changed",
        "data": "unknown",
        "deploy command": "same",
        "gate policy": "same",
    }
    assert list(statuses(document).values()) == ["changed"] * 6 + ["unknown"] + ["same"] * 2


def test_a_value_says_what_it_was_and_is(call, folder: Path):
    items = {item["name"]: item for item in said(call("changed", "churn", "12", "13", "--json", cwd=folder))["items"]}
    assert items["params"]["values"] == [{"key": "depth", "status": "changed", "before": 4, "after": 6, "remark": ""}]
    packages = {value["key"]: (value["before"], value["after"]) for value in items["packages"]["values"]}
    assert packages == {"scikit-learn": ("1.7.4", "1.7.6"), "python": ("3.11.9", "3.11.9")}


def test_commits_come_with_who_looked_and_the_files(call, folder: Path):
    code = said(call("changed", "churn", "12", "13", "--json", cwd=folder))["code"]
    (commit,) = code["commits"]
    assert (commit["author"], commit["subject"], commit["reviewed"]) == ("Ada", "Depth 6", "no")
    assert code["files"] == [{"path": "train.py", "added": 1, "removed": 1}]
    assert "diff" not in code
    assert "+depth = 6" in said(call("changed", "churn", "12", "13", "--diff", "--json", cwd=folder))["code"]["diff"]


def test_a_person_reads_a_line_for_each(call, folder: Path):
    done = call("changed", "churn", "12", "13", "--diff", cwd=folder)
    lines = done.stdout.splitlines()
    assert lines[0] == "churn 12 → 13, released to prod"
    assert "changed  params: The param changed: depth 4 → 6." in lines
    assert "+depth = 6" in lines
    assert any("Ada: Depth 6 (only in 13; reviewed: no, committed by its author" in line for line in lines)


def test_dates_mean_what_was_live_then(call, folder: Path):
    for arguments in (
        ["--env", "prod", "--from", "2026-03-02", "--to", "2026-03-04"],
        ["--from", "2026-03-02 13:00"],
        [],
    ):
        document = said(call("changed", "churn", *arguments, "--json", cwd=folder))
        assert (document["first"], document["second"], document["environment"]) == ("12", "13", "prod")


def test_the_last_version_of_a_day_is_meant(call, folder: Path):
    document = said(call("changed", "churn", "--from", "2026-03-03", "--to", "2026-03-03", "--json", cwd=folder))
    assert (document["first"], document["second"]) == ("13", "13")


def test_what_is_gone_from_the_registry_is_unknown_where_the_trail_knows_it(call, folder: Path):
    (folder / "registry/churn/12").rename(folder / "12")
    document = said(call("changed", "churn", "--from", "2026-03-02", "--json", cwd=folder))
    assert statuses(document)["params"] == "unknown"
    assert statuses(document)["deploy command"] == "same"
    assert call("changed", "churn", "12", "13", cwd=folder).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["12"], "name two versions"),
        (["12", "13", "14"], "name two versions"),
        (["12", "13", "--from", "yesterday"], "name two versions"),
        (["--to", "yesterday"], "name two versions"),
        (["12", "99"], "there is no version 99"),
        (["--from", "2026-02-01"], "nothing was declared live of churn in prod on 2026-02-01"),
        (["--env", "test"], "fewer than two versions of churn served test"),
        (["--env", "nowhere"], "there is no environment 'nowhere'"),
    ],
)
def test_what_can_not_be_compared_is_a_wrong_command(call, folder: Path, arguments: list[str], words: str):
    done = call("changed", "churn", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
