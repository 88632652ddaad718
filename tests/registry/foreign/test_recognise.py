from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from lean_core.errors import AlreadyThere, NameRefused, NotInRegistry
from lean_core.registry.foreign import find_foreign
from lean_core.registry.record import Data
from tests.repo import Repo

CARD = """---
license: mit
datasets:
- squad
- s3://bucket/own.parquet
model-index:
- name: churn
  results:
  - metrics:
    - {type: accuracy, name: Accuracy, value: 0.91}
    - {type: f1, value: .nan}
    - {type: text, value: good}
---
# Churn
"""
PIN = "file: {file}\nfile_size: 20\npin_hash: eceac651f7d06360\ntype: joblib\ntitle: 'a pin'\ndescription: ~\n"
PIN += "created: 20220214T163718Z\napi_version: 1.0\nuser:\n  owner: Ana\n  metrics: {{auc: 0.9}}\n"
DVC = "outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 12\n  hash: md5\n  path: {path}\n"


def test_files_are_what_their_names_say(folders):
    for name in ("model.pkl", "notes.txt", "uv.lock"):
        folders.write(f"churn/v1/{name}", "x")
    folders.write("churn/v1/metrics.json", {"auc": 0.9})
    folders.write("churn/v1/metadata.json", {"owner": "Ana", "python_version": "3.11.4"})
    found = folders.look()
    clues = found.clues
    assert (found.kind, found.problems, len(found.files)) == ("files", (), 5)
    assert (clues.artifact.value, clues.metrics.value, clues.lock_file.value) == (
        "model.pkl",
        "metrics.json",
        "uv.lock",
    )
    assert (clues.owner.value, clues.owner.where, clues.python.value) == ("Ana", "metadata.json, owner", "3.11.4")
    assert found.missing == ("commit", "data", "note")


def test_of_several_model_files_none_is_guessed(folders):
    for name in ("model.pkl", "scaler.joblib"):
        folders.write(f"churn/v1/{name}", "x")
    found = folders.look()
    assert found.clues.artifact is None
    assert found.problems == ("several files may be the model (model.pkl, scaler.joblib): --artifact PATH says which",)


def test_metrics_in_a_nested_file_are_values_and_no_metrics_file(folders):
    folders.write("churn/v1/eval.json", {"test": {"auc": 0.9}, "note": {"by": "ana"}})
    clues = folders.look().clues
    assert clues.metrics is None
    assert clues.metric_values is not None
    assert (dict(clues.metric_values.value), clues.metric_values.where) == ({"test.auc": 0.9}, "eval.json")


def test_a_pin_says_which_file_it_is(folders):
    folders.write("churn/v1/data.txt", PIN.format(file="churn.joblib"))
    folders.write("churn/v1/churn.joblib", "x")
    found = folders.look()
    clues = found.clues
    assert (found.kind, found.problems) == ("pin", ())
    assert (clues.artifact.value, clues.format.value, clues.owner.value) == ("churn.joblib", "joblib", "Ana")
    assert (clues.made_at.value, dict(clues.metric_values.value)) == ("20220214T163718Z", {"auc": 0.9})


def test_a_pin_whose_file_is_gone_says_so(folders):
    folders.write("churn/v1/data.txt", PIN.format(file="[a.rds, b.rds]"))
    folders.write("churn/v1/a.rds", "x")
    found = folders.look()
    assert found.clues.artifact is not None
    assert found.problems == ("data.txt names b.rds, which is not there",)


def test_some_other_data_txt_is_no_pin(folders):
    folders.write("churn/v1/data.txt", "just: words")
    assert folders.look().kind == "files"


def test_a_dvc_file_of_the_model_names_it(folders):
    folders.write("churn/v1/model.pkl.dvc", DVC.format(path="model.pkl"))
    folders.write("churn/v1/model.pkl", "x")
    folders.write("churn/v1/train.csv.dvc", DVC.format(path="train.csv"))
    found = folders.look()
    assert (found.kind, found.problems) == ("DVC", ())
    assert found.clues.artifact is not None
    assert (found.clues.artifact.value, found.clues.artifact.where) == ("model.pkl", "model.pkl.dvc")
    assert found.clues.data[0].value == Data(
        name="train.csv", ref="train.csv", digest="md5:a304afb96060aad90176268345e10355"
    )


def test_a_model_that_dvc_keeps_elsewhere_says_how_to_get_it(folders):
    folders.write("churn/v1/model.pkl.dvc", DVC.format(path="model.pkl"))
    found = folders.look()
    assert found.clues.artifact is None
    assert "model.pkl is kept by DVC (md5:a304" in found.problems[0]
    assert found.problems[0].endswith("dvc pull model.pkl.dvc")


def test_gto_tells_commit_and_stage_by_git_tags(folders, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    repo = Repo(tmp_path / "project")
    first = repo.commit("one", {"a.py": "1\n"})
    repo.git("tag", "--annotate", "churn@v1.2.0", "--message", "registered")
    repo.git("tag", "churn#prod#1")
    repo.git("tag", "churn@v1.2.0!2")
    repo.git("tag", "release-7")
    folders.repository = repo.folder
    folders.write("artifacts.yaml", "churn:\n  path: models/model.pkl\n  type: model\n")
    folders.write("churn/1.2.0/model.pkl", "x")
    found = folders.look(version="1.2.0")
    assert found.kind == "GTO"
    assert (found.clues.commit.value, found.clues.commit.where) == (first, "git tag churn@v1.2.0")
    assert (found.clues.status.value, found.clues.status.where) == ("prod", "git tag churn#prod#1")
    assert (found.clues.artifact.value, found.clues.artifact.where) == ("model.pkl", "artifacts.yaml, churn")


def test_a_model_card_tells_data_and_metrics(folders):
    folders.write("churn/v1/README.md", CARD)
    folders.write("churn/v1/model.safetensors", "x")
    found = folders.look()
    assert found.kind == "model card"
    assert [each.value.ref for each in found.clues.data] == ["hf://datasets/squad", "s3://bucket/own.parquet"]
    assert found.clues.metric_values is not None
    assert list(found.clues.metric_values.value) == ["Accuracy", "f1"]


def test_a_self_made_registry_is_found_at_the_root_and_in_the_model_s_folder(folders):
    folders.write("churn/v1/model.pkl", "x")
    folders.write("fraud/v1/model.pkl", "x")
    folders.write("model_registry.json", '{"models": [{"name": "churn", "version": "v1", "auc": NaN}]}')
    folders.write("churn/registry.json", {"versions": [{"version": "v1", "owner": "Ana"}], "active_version": "v1"})
    found = folders.look()
    assert found.kind == "registry file"
    assert found.clues.owner.where == "churn/registry.json: versions[0], owner"
    assert found.clues.metric_values.where == "model_registry.json: models[0]"
    assert folders.look("fraud").kind == "files"


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("churn/v1/metrics.json", "{", "metrics.json is not JSON (line 1)"),
        ("churn/v1/metrics.json", b"\xff{}", "metrics.json is not UTF-8"),
        ("churn/v1/metrics.json", "[" * 100_000, "metrics.json is nested too deeply"),
        ("churn/v1/metrics.json", b" " * 4_000_001, "metrics.json has more than 4,000,000 bytes and was not read"),
        ("churn/v1/MLmodel", "a: [1", "MLmodel is not YAML (line 1)"),
        ("churn/v1/MLmodel", "a: !!python/object/apply:os.system [touch x]", "MLmodel is not YAML (line 1)"),
        ("churn/v1/MLmodel", "[" * 5_000, "MLmodel is nested too deeply"),
        ("churn/v1/MLmodel", "a: 2022-13-45", "MLmodel has a value that YAML can't mean"),
        ("churn/v1/MLmodel", "a" * 64_001, "MLmodel has more than 64,000 bytes and was not read"),
        ("churn/v1/README.md", "---\na: [1\n---\n", "the head of README.md is not YAML"),
        ("registry.json", "nope", "registry.json is not JSON (line 1)"),
        ("registry.json", b" " * 4_000_001, "registry.json has more than 4,000,000 bytes and was not read"),
    ],
)
def test_a_broken_file_is_a_sentence(folders, path: str, content: str | bytes, said: str):
    folders.write("churn/v1/model.pkl", "x")
    folders.write(path, content)
    assert any(problem.startswith(said) for problem in folders.look().problems)


@pytest.mark.parametrize(
    "content", ["", "[]", "7", "- a\n- b", "flavors: 3", "run_id: {}\nflavors: {python_function: 1}"]
)
@pytest.mark.parametrize("name", ["MLmodel", "data.txt", "x.dvc", "README.md", "metrics.json", "metadata.json"])
def test_odd_content_is_passed_over(folders, name: str, content: str):
    folders.write("churn/v1/model.pkl", "x")
    folders.write(f"churn/v1/{name}", content)
    found = folders.look()
    assert found.clues.artifact is not None


class Bomb:
    def __reduce__(self):
        return Path.touch, (Path("/tmp/lean-mlops-bomb"),)


def test_nothing_is_ever_unpickled(folders):
    folders.write("churn/v1/model.pkl", pickle.dumps(Bomb()))
    folders.look()
    assert not Path("/tmp/lean-mlops-bomb").exists()


def test_a_link_out_of_the_registry_is_told_and_not_followed(folders, tmp_path: Path):
    (tmp_path / "secret.json").write_text('{"auc": 1}')
    folders.write("churn/v1/model.pkl", "x")
    (folders.root / "churn" / "v1" / "metrics.json").symlink_to(tmp_path / "secret.json")
    found = folders.look()
    assert found.clues.metrics is None
    assert any("leads out of the registry's root" in problem for problem in found.problems)


def test_what_is_ours_is_not_foreign(folders):
    folders.write("churn/v1/version.json", "{}")
    folders.write("churn/v2/upload.json", "{}")
    with pytest.raises(AlreadyThere, match="has a record already"):
        folders.look()
    with pytest.raises(AlreadyThere, match="registration that was interrupted"):
        folders.look(version="v2")
    with pytest.raises(NotInRegistry, match="no folder churn/v3"):
        folders.look(version="v3")
    with pytest.raises(NameRefused):
        folders.look(version="../x")
    assert find_foreign(folders.objects, repository=None).folders == ()


def test_the_list_has_all_of_them_and_what_can_t_be_adopted(folders):
    folders.write("churn/v2/model.pkl", "x")
    folders.write("churn/v1/model.pkl", "x")
    folders.write("churn/v3/version.json", "{}")
    folders.write("fraud/1/MLmodel", "flavors: {}\n")
    folders.write("my model/1/model.pkl", "x")
    folders.write("loose.pkl", "x")
    folders.write("registry.json", {"models": [{"name": "churn", "version": 2, "auc": 0.5}]})
    folders.write(".dvc/config", "x")
    found = find_foreign(folders.objects, repository=None)
    assert [(each.model, each.version, each.kind) for each in found.folders] == [
        ("churn", "v1", "files"),
        ("churn", "v2", "registry file"),
        ("fraud", "1", "MLflow model"),
    ]
    assert found.refused == {"my model/": 1}
    assert found.strays == ("loose.pkl",)


def test_one_folder_is_seen_alike_alone_and_in_the_list(folders):
    folders.write("churn/v1/model.pkl", "x")
    folders.write("churn/registry.json", {"versions": {"v1": {"auc": 0.5}}})
    folders.write("artifacts.yaml", "churn: {path: x}")
    (listed,) = find_foreign(folders.objects, repository=None).folders
    assert listed == folders.look()


def test_looking_changes_nothing(folders):
    folders.write("churn/v1/MLmodel", "flavors: {}\n")
    folders.write("churn/v1/data.txt", PIN.format(file="x"))
    folders.write("registry.json", json.dumps({"models": []}))
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folders.root.rglob("*")}
    folders.look()
    find_foreign(folders.objects, repository=None)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folders.root.rglob("*")} == before
