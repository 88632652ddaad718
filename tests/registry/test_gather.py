from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from lean_core.errors import NameRefused, UsageError
from lean_core.git import read_tree
from lean_core.registry import Code, Data, Origin, present_fields
from lean_core.registry.gather import gather, join_data
from lean_core.registry.metrics import parse_metrics
from lean_core.registry.record import Environment, MlflowVersion
from lean_core.registry.request import Dataset, Draft
from lean_core.registry.step import Step, tell_nobody
from tests.registry.drafts import a_request, a_run, around
from tests.repo import Repo


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    repo = Repo(tmp_path / "project")
    repo.commit("one", {"train.py": "1\n", ".gitignore": "out/\n", "uv.lock": "version = 1\n", "data/train.csv": "1\n"})
    repo.git("remote", "add", "origin", "https://host/churn.git")
    (repo.folder / "out").mkdir()
    (repo.folder / "out" / "model.pkl").write_text("weights")
    return repo


def sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def gathered(repo: Repo, run=None, mlflow=None, **said) -> Draft:
    request = a_request(said.pop("artifact", repo.folder / "out" / "model.pkl"), **said)
    known = around(repo.folder, tree=read_tree(repo.folder), owner="Ana", run=run, mlflow=mlflow)
    return gather(request, known, tell=tell_nobody)


def content(draft: Draft, path: str) -> bytes:
    (source,) = [each.file.source for each in draft.payload if each.file.path == path]
    return source.read_bytes() if isinstance(source, Path) else source


def said(draft: Draft, words: str) -> bool:
    return any(words in remark for remark in draft.remarks)


def test_everything_that_can_be_found_is_in_the_record(repo: Repo):
    run = a_run(
        params={"depth": "4"}, metrics={"auc": 0.9}, datasets=(Dataset(name="eval", ref="s3://b/e", context="eval"),)
    )
    draft = gathered(repo, run, data=(Data(name="train", ref="data/train.csv"),), note="the API")
    record = draft.record
    assert record.artifact is not None
    assert (record.artifact.path, record.artifact.sha256, record.artifact.bytes, record.artifact.format) == (
        *("model.pkl", sha256("weights"), 7, "pickle"),
    )
    assert record.code == Code(commit=repo.git("rev-parse", "HEAD"), repo="https://host/churn.git", dirty=False)
    assert record.data == (
        Data(name="train", ref="data/train.csv", digest="sha256:" + sha256("1\n")),
        Data(name="eval", ref="s3://b/e", context="eval"),
    )
    assert record.environment == Environment(python="3.11.9", lockfile="uv.lock", sha256=sha256("version = 1\n"))
    assert (record.params, record.run, record.owner) == ({"depth": "4"}, Origin(source="local", run_id="f" * 32), "Ana")
    assert record.metrics is not None
    assert record.metrics.sha256 == sha256(content(draft, "metrics.json"))
    assert parse_metrics(content(draft, "metrics.json"), path="").values == {"auc": 0.9}
    assert len(present_fields(record)) == 7
    assert (record.created_at, record.created_by) == (None, None)


def test_what_is_not_known_is_left_out_and_the_flag_that_adds_it_is_told(tmp_path: Path):
    (tmp_path / "model.pkl").write_text("weights")
    draft = gather(a_request(tmp_path / "model.pkl"), around(tmp_path), tell=tell_nobody)
    record = draft.record
    assert (record.code, record.data, record.metrics, record.owner, record.note) == (None, (), None, None, None)
    assert (record.params, record.run) == ({}, None)
    for flag in ("--run ID", "--data NAME=REF", "--metrics FILE", "--owner NAME", "--note TEXT", "--lock FILE"):
        assert said(draft, flag), flag
    assert said(draft, "/x is not in a git repository")


def test_a_metrics_file_goes_before_the_run_s_metrics(repo: Repo):
    (repo.folder / "out" / "eval.json").write_text('{"test": {"auc": 0.7}, "by": "ana"}')
    draft = gathered(repo, a_run(metrics={"auc": 0.9}), metrics=repo.folder / "out" / "eval.json")
    assert json.loads(content(draft, "metrics.json")) == {"test.auc": 0.7}
    assert said(draft, "no numbers, and left out: by")


def test_a_run_without_metrics_has_no_metrics_file(repo: Repo):
    draft = gathered(repo, a_run())
    assert draft.record.metrics is None
    assert said(draft, "no metrics")


def test_a_metrics_file_that_is_not_there_is_refused(repo: Repo):
    with pytest.raises(UsageError, match=r"eval\.json can't be read \(No such file"):
        gathered(repo, metrics=repo.folder / "eval.json")


def test_another_lock_file_can_be_named(repo: Repo):
    (repo.folder / "out" / "my.lock").write_text("x")
    draft = gathered(repo, lock_file=repo.folder / "out" / "my.lock")
    assert draft.record.environment is not None
    assert (draft.record.environment.lockfile, content(draft, "my.lock")) == ("my.lock", b"x")
    with pytest.raises(UsageError, match="there is no"):
        gathered(repo, lock_file=repo.folder / "gone.lock")


def test_of_several_lock_files_the_others_are_named(repo: Repo):
    (repo.folder / "requirements.txt").write_text("numpy==1.0\n")
    assert said(gathered(repo), "also there: requirements.txt; --lock FILE takes another")


@pytest.mark.parametrize(
    ("files", "run_python", "found"),
    [
        ({"python_env.yaml": "python: 3.9.18\n"}, "3.10.1", "3.9.18"),
        ({"MLmodel": "flavors:\n  python_function:\n    python_version: 3.8.2\n"}, "3.10.1", "3.8.2"),
        ({"weights.bin": "x"}, "3.10.1", "3.10.1"),
        ({"weights.bin": "x"}, None, "3.11.9"),
    ],
)
def test_python_is_the_artifact_s_then_the_run_s_then_our_own(
    repo: Repo, files: dict[str, str], run_python, found: str
):
    model = repo.folder / "out" / "model"
    model.mkdir()
    for name, text in files.items():
        (model / name).write_text(text)
    draft = gathered(repo, a_run(python=run_python), artifact=model)
    assert draft.record.environment is not None
    assert draft.record.environment.python == found
    assert said(draft, "the one that runs this command") == (found == "3.11.9")


def test_a_run_that_did_not_finish_is_told(repo: Repo):
    assert said(gathered(repo, a_run(status="RUNNING")), "the run is RUNNING, not FINISHED")
    assert not said(gathered(repo, a_run()), "FINISHED")


def test_the_run_s_commit_is_looked_up_in_the_repository(repo: Repo):
    first = repo.git("rev-parse", "HEAD")
    repo.commit("two", {"train.py": "2\n"})
    draft = gathered(repo, a_run(commit=first))
    assert draft.record.code == Code(commit=first, repo="https://host/churn.git", dirty=None)
    draft = gathered(repo, a_run(commit="b" * 40))
    assert draft.record.code == Code(commit="b" * 40)
    assert said(draft, "is not in")


def test_data_that_is_not_here_is_told_unless_it_is_an_address(repo: Repo):
    data = (Data(name="a", ref="gone.csv"), Data(name="b", ref="s3://b/x"), Data(name="c", ref="x", digest="md5:1"))
    draft = gathered(repo, data=data)
    assert draft.record.data == data
    assert [remark for remark in draft.remarks if "there is no file" in remark] == [
        "data 'a': there is no file gone.csv; noted as it is"
    ]


def test_data_of_the_run_completes_what_a_person_says():
    said_by_person = [Data(name="train", ref="s3://b/t"), Data(name="test", ref="t.csv", digest="sha256:x")]
    read = [
        Dataset(name="train", digest="mlflow:1", context="training"),
        Dataset(name="test", ref="other", digest="mlflow:2"),
        Dataset(name="eval", ref="e.csv", digest="mlflow:3", context="eval"),
        Dataset(name="frame", digest="mlflow:4"),
    ]
    joined, remarks = join_data(said_by_person, read)
    assert joined == (
        Data(name="train", ref="s3://b/t", digest="mlflow:1", context="training"),
        Data(name="test", ref="t.csv", digest="sha256:x"),
        Data(name="eval", ref="e.csv", digest="mlflow:3", context="eval"),
        Data(name="frame", ref="", digest="mlflow:4"),
    )
    assert remarks == (
        "the run says that it read data 'test' from other; t.csv was noted",
        "the run read data 'frame' (mlflow:4) and does not say from where: --data frame=REF",
    )


def test_data_without_a_place_is_noted_by_its_digest_and_counts_as_missing(repo: Repo):
    draft = gathered(repo, a_run(datasets=(Dataset(name="train", digest="mlflow:1", context="training"),)))
    assert draft.record.data == (Data(name="train", ref="", digest="mlflow:1", context="training"),)
    assert "data" not in present_fields(draft.record)
    assert said(draft, "no reference to the training data")


def test_a_path_that_the_run_read_in_the_repository_is_named_from_its_root(repo: Repo):
    read = (Dataset(name="train", ref=f"file://{repo.folder}/data/train.csv", digest="mlflow:1"),)
    assert gathered(repo, a_run(datasets=read)).record.data == (
        Data(name="train", ref="data/train.csv", digest="mlflow:1"),
    )
    by_person = gathered(repo, a_run(datasets=read), data=(Data(name="train", ref="data/train.csv"),))
    assert by_person.record.data == (Data(name="train", ref="data/train.csv", digest="sha256:" + sha256("1\n")),)
    assert not said(by_person, "says that it read")


@pytest.mark.parametrize("names", [{"model": "a/b"}, {"version": "trail"}, {"version": ".3"}, {"model": "x" * 101}])
def test_names_that_the_convention_does_not_allow_are_refused(repo: Repo, names: dict[str, str]):
    with pytest.raises(NameRefused):
        gathered(repo, **names)


def test_two_files_of_one_name_are_refused(repo: Repo):
    (repo.folder / "out" / "metrics.json").write_text('{"auc": 1}')
    with pytest.raises(UsageError, match="same name"):
        gathered(repo, artifact=repo.folder / "out" / "metrics.json", metrics=repo.folder / "out" / "metrics.json")


def test_a_version_of_mlflow_s_registry_is_noted(repo: Repo):
    mlflow = MlflowVersion(source="local", model="churn-prod", version="7", aliases=("champion",))
    assert gathered(repo, mlflow=mlflow).record.mlflow == mlflow


def test_progress_ends_at_all_bytes(repo: Repo):
    steps: list[Step] = []
    request = a_request(repo.folder / "out" / "model.pkl", data=(Data(name="train", ref="data/train.csv"),))
    gather(request, around(repo.folder, tree=read_tree(repo.folder)), tell=steps.append)
    assert {step.phase for step in steps} == {"hashing"}
    assert steps[-1].done == steps[-1].total == len("weights") + len("version = 1\n") + len("1\n")
