from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def folder(make_workspace) -> Path:
    """Return a workspace over a registry that a script of somebody's own filled."""
    folder = make_workspace('[registry]\nuri = "models"\nowner = "Team"\n')
    files = {
        "churn/v1/model.pkl": "weights",
        "churn/v1/metrics.json": '{"auc": 0.9}',
        "churn/v2/model.pkl": "more weights",
        "churn/v2/scaler.pkl": "x",
        "churn/registry.json": json.dumps(
            {"models": [{"version": "v1", "git_commit": "a" * 40}, {"version": "v2", "auc": 0.95}], "active": "v1"}
        ),
        "my model/1/model.pkl": "x",
        "loose.pkl": "x",
    }
    for path, text in files.items():
        file = folder / "models" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def record(folder: Path, version: str) -> dict:
    return json.loads((folder / "models" / "churn" / version / "version.json").read_text())


def test_without_a_name_it_lists_what_can_be_adopted_with_found_and_missing(call, folder: Path):
    done = call("adopt", cwd=folder)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "churn/v1: registry file, 2 files",
        "  found: artifact, commit, metrics, status (in the file's name, churn/registry.json, metrics.json)",
        "  missing: data, owner, note",
        "churn/v2: registry file, 2 files",
        "  found: metrics elsewhere (in churn/registry.json)",
        "  missing: artifact, commit, data, metrics, owner, note",
    ]
    assert "note: churn/v2: several files may be the model (model.pkl, scaler.pkl)" in done.stderr
    assert "note: my model/ (1 files) has a name that no version can have" in done.stderr
    assert "note: 1 files lie in no version's folder: loose.pkl" in done.stderr
    assert done.stderr.endswith("next: lean-mlops adopt churn v1 --dry-run\n")


def test_the_list_in_json_has_values_and_their_places(call, folder: Path):
    first, second = json.loads(call("adopt", "--json", cwd=folder).stdout)
    assert list(first) == ["model", "version", "kind", "files", "bytes", "found", "missing", "problems"]
    where = "churn/registry.json: models[0], git_commit"
    assert first["found"]["commit"] == {"value": "a" * 40, "where": where}
    assert second["found"]["metric_values"]["value"] == {"auc": 0.95}
    assert second["problems"] == ["several files may be the model (model.pkl, scaler.pkl): --artifact PATH says which"]


def test_a_folder_becomes_a_version(call, folder: Path):
    done = call("adopt", "churn", "v1", "--note", "API", "--data", "train=s3://b/t", "--by", "Bob", cwd=folder)
    assert (done.returncode, done.stdout) == (0, f"{folder}/models/churn/v1\n"), done.stderr
    found = record(folder, "v1")
    assert (found["artifact"]["path"], found["code"]["commit"]) == ("model.pkl", "a" * 40)
    assert (found["owner"], found["note"], found["created_by"]) == ("Team", "API", "Bob")
    assert (found["metrics"]["path"], found["data"]) == ("metrics.json", [{"name": "train", "ref": "s3://b/t"}])
    assert found["adopted"]["kind"] == "registry file"
    assert "calls it 'active', which is not taken over" in done.stderr
    assert done.stderr.endswith("adopted churn v1 (registry file); its files were not touched\n")


def test_metrics_that_stand_elsewhere_can_be_written_beside_it(call, folder: Path):
    arguments = ("adopt", "churn", "v2", "--artifact", "model.pkl")
    assert "--write-metrics puts them in metrics.json" in call(*arguments, "--dry-run", cwd=folder).stderr
    assert call(*arguments, "--write-metrics", cwd=folder).returncode == 0
    assert record(folder, "v2")["metrics"]["path"] == "metrics.json"
    assert json.loads((folder / "models/churn/v2/metrics.json").read_text()) == {"auc": 0.95}


def test_a_dry_run_shows_the_record_and_writes_nothing(call, folder: Path):
    before = sorted(folder.rglob("*"))
    shown = json.loads(call("adopt", "churn", "v1", "--dry-run", cwd=folder).stdout)
    assert (shown["written"], shown["missing"], shown["record"]["adopted"]["kind"]) == (
        *(False, ["data", "note"], "registry file"),
    )
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["churn"], "name MODEL and VERSION, or neither"),
        (["churn", "v2"], "--artifact PATH says it"),
        (["churn", "v9"], "there is no folder churn/v9"),
        (["churn", "../v1"], "can't be a folder"),
        (["churn", "v1", "--metrics", "gone.json"], "there is no file gone.json"),
        (["churn", "v1", "--commit", "abc1234"], "is not in the repository"),
    ],
)
def test_what_can_t_be_adopted_as_it_was_asked_is_code_2(call, folder: Path, arguments: list[str], words: str):
    done = call("adopt", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_what_has_a_record_is_not_adopted_again(call, folder: Path):
    assert call("adopt", "churn", "v1", cwd=folder).returncode == 0
    done = call("adopt", "churn", "v1", cwd=folder)
    assert (done.returncode, "has a record already" in done.stderr) == (2, True)
    assert [each["version"] for each in json.loads(call("adopt", "--json", cwd=folder).stdout)] == ["v2"]


def test_where_everything_has_a_record_it_says_so(call, make_workspace):
    folder = make_workspace('[registry]\nuri = "models"\n')
    (folder / "models").mkdir()
    done = call("adopt", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "nothing to adopt: every version's folder has a record\n"


def test_a_registry_that_is_not_there_is_code_3(call, make_workspace):
    done = call("adopt", cwd=make_workspace('[registry]\nuri = "models"\n'))
    assert (done.returncode, "there is no folder" in done.stderr) == (3, True)
