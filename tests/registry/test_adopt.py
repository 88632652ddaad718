from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from lean_core.errors import AlreadyThere, NameRefused, UsageError
from lean_core.objects import LocalObjects
from lean_core.registry import Adopted, Code, Data, Record, read_version
from lean_core.registry.adopt import adopt, prepare_adoption
from lean_core.registry.adoption import Adoption, AdoptionRequest, AdoptionSurroundings
from lean_core.registry.foreign import recognise
from lean_core.registry.request import Dataset, RunFacts
from lean_core.registry.step import Step, tell_nobody
from lean_core.registry.verify import Scope, verify_registry

AT = dt.datetime(2026, 11, 23, 12, 0)
COMMIT, OTHER = "a" * 40, "b" * 40


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "models"
    (root / "churn" / "v1").mkdir(parents=True)
    (root / "churn" / "v1" / "model.pkl").write_text("weights")
    return root


def write(root: Path, path: str, content: Any) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))


def prepared(root: Path, *, known: dict[str, Any] | None = None, tell=tell_nobody, **said: Any) -> Adoption:
    objects = LocalObjects(root)
    foreign = recognise(objects, "churn", "v1", repository=None)
    around = AdoptionSurroundings(**({"folder": root.parent, "root": None} | (known or {})))
    return prepare_adoption(objects, foreign, AdoptionRequest(**said), around, tell=tell)


def adopted(root: Path, **said: Any) -> Record:
    return adopt(LocalObjects(root), prepared(root, **said), at=AT, actor="ana", tell=tell_nobody)


def state(root: Path) -> dict[str, tuple[int, int, str]]:
    """Return times, sizes and digests of all files, and of all folders but those that got a file."""
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(root))] = (path.stat().st_mtime_ns, path.stat().st_ino, digest)
    return found


def said(adoption: Adoption, words: str) -> bool:
    return any(words in remark for remark in adoption.remarks)


def test_a_record_is_written_and_nothing_else_is_touched(root: Path):
    for path in ("churn/v1/notes.txt", "churn/v1/sub/x", "churn/v2/model.pkl", "registry.json", "churn/registry.json"):
        write(root, path, {"models": []} if path.endswith(".json") else "x")
    os.utime(root / "churn" / "v1" / "model.pkl", (1, 1))
    before = state(root)
    record = adopted(root)
    after = state(root)
    assert set(after) - set(before) == {"churn/v1/version.json"}
    assert {path: after[path] for path in before} == before
    found = read_version(LocalObjects(root), "churn", "v1")
    assert (found.state, found.record) == ("recorded", record)
    assert (record.created_at, record.created_by) == (AT, "ana")


def test_what_was_found_is_in_the_record_with_its_place(root: Path):
    write(root, "churn/v1/metrics.json", {"auc": 0.9})
    write(root, "churn/v1/uv.lock", "version = 1")
    entry = {"version": "v1", "git_commit": COMMIT, "params": {"depth": 4}, "owner": "Ana", "notes": "nightly",
             "dataset": "s3://b/train.parquet", "created_at": "2026-01-02", "python_version": "3.11"}  # fmt: skip
    write(root, "churn/registry.json", {"versions": [entry]})
    record = adopted(root)
    assert record.artifact is not None
    assert (record.artifact.path, record.artifact.bytes, record.artifact.format) == ("model.pkl", 7, "pickle")
    assert record.artifact.sha256 == hashlib.sha256(b"weights").hexdigest()
    assert record.code == Code(commit=COMMIT, dirty=None)
    assert record.data == (Data(name="training", ref="s3://b/train.parquet"),)
    assert (record.params, record.owner, record.note) == ({"depth": 4}, "Ana", "nightly")
    assert record.environment is not None
    assert (record.environment.python, record.environment.lockfile) == ("3.11", "uv.lock")
    where = "churn/registry.json: versions[0]"
    assert record.adopted == Adopted(
        kind="registry file",
        found={
            "artifact": "the file's name",
            "code": f"{where}, git_commit",
            "metrics": "metrics.json",
            "params": f"{where}, params",
            "owner": f"{where}, owner",
            "note": f"{where}, notes",
            "data training": f"{where}, dataset",
        },
        made_at="2026-01-02",
    )


def test_what_a_person_says_goes_before_what_was_found(root: Path, tmp_path: Path):
    write(root, "churn/v1/metadata.json", {"owner": "Ana", "notes": "x", "git_commit": COMMIT, "dataset": "s3://b/x"})
    write(root, "churn/v1/other.pkl", "other")
    write(root, "churn/v1/eval.json", {"auc": 1})
    write(tmp_path, "train.csv", "1\n")
    data = (Data(name="train", ref="train.csv"),)
    record = adopted(
        root, artifact="./other.pkl", metrics="eval.json", owner="Bob", note="API", commit=OTHER.upper(), data=data
    )
    assert record.artifact is not None
    assert record.metrics is not None
    assert (record.artifact.path, record.metrics.path, record.owner, record.note) == (
        *("other.pkl", "eval.json", "Bob", "API"),
    )
    assert record.code == Code(commit=OTHER)
    digest = "sha256:" + hashlib.sha256(b"1\n").hexdigest()
    assert record.data == (
        Data(name="train", ref="train.csv", digest=digest),
        Data(name="training", ref="s3://b/x"),
    )
    assert record.adopted is not None
    assert set(record.adopted.found) == {"data training"}


def test_the_whole_folder_can_be_the_artifact_and_its_hash_is_what_the_doctor_computes(root: Path):
    write(root, "churn/v1/MLmodel", "flavors: {}\n")
    write(root, "churn/v1/data/x.bin", "x")
    record = adopted(root)
    assert record.artifact is not None
    assert (record.artifact.path, record.artifact.format, record.artifact.bytes) == (".", "mlflow", 20)
    assert problems(root) == []


@pytest.mark.parametrize("artifact", ["model.pkl", "sub", "."])
def test_what_is_adopted_verifies(root: Path, artifact: str):
    write(root, "churn/v1/sub/x", "x")
    write(root, "churn/v1/sub/deeper/y", "y")
    write(root, "churn/v1/eval.json", {"test": {"auc": 0.9}})
    adopted(root, artifact=artifact, writes_metrics=True)
    assert problems(root) == []


def problems(root: Path) -> list[str]:
    """Return the errors that the doctor finds, hashes and all."""
    outside = an_outside(root)
    scope = Scope(model="churn", version="v1")
    found = verify_registry(LocalObjects(root), scope, depth="hashes", outside=outside, tell=tell_nobody)
    return [f"{each.where}: {each.what}" for each in found if each.severity == "error"]


def an_outside(root: Path):
    from lean_core.registry.data_state import DataPlaces
    from lean_core.registry.verify import Outside

    return Outside(repository=root, data=DataPlaces(folders=(root,), exists=lambda _: True))


def test_which_file_is_the_model_is_asked_where_it_does_not_show(root: Path):
    write(root, "churn/v1/scaler.pkl", "x")
    with pytest.raises(UsageError, match=r"--artifact PATH says it; there is: model\.pkl, scaler\.pkl"):
        prepared(root)
    assert prepared(root, artifact="model.pkl").record.artifact is not None


@pytest.mark.parametrize(
    ("request_", "error", "words"),
    [
        ({"artifact": "gone.pkl"}, UsageError, "there is no gone.pkl in churn/v1"),
        ({"artifact": "../v2/model.pkl"}, NameRefused, "not one in the version's folder"),
        ({"artifact": "/etc/passwd"}, NameRefused, "not one in the version's folder"),
        ({"metrics": "gone.json"}, UsageError, "there is no file gone.json"),
        ({"metrics": "../x.json"}, NameRefused, "not one in the version's folder"),
        ({"metrics": "model.pkl"}, UsageError, "model.pkl is not JSON"),
        ({"commit": "abc1234"}, UsageError, "is not in the repository"),
    ],
)
def test_what_is_named_and_not_there_is_refused(root: Path, request_: dict[str, str], error: type, words: str):
    with pytest.raises(error, match=words):
        prepared(root, **request_)
    assert not (root / "churn" / "v1" / "version.json").exists()


def test_the_beginning_of_a_commit_becomes_the_whole_where_the_repository_has_it(root: Path):
    write(root, "churn/v1/metadata.json", {"commit": "aaaaaaa"})
    adoption = prepared(root, known={"commit": COMMIT})
    assert adoption.record.code == Code(commit=COMMIT)
    adoption = prepared(root)
    assert adoption.record.code is None
    assert said(adoption, "says commit aaaaaaa, which is not whole")


def test_metrics_that_stand_elsewhere_are_written_only_when_asked_for(root: Path):
    write(root, "registry.json", {"models": [{"name": "churn", "version": "v1", "auc": 0.9}]})
    adoption = prepared(root)
    assert (adoption.metrics, adoption.record.metrics) == (None, None)
    assert said(adoption, "--write-metrics puts them in metrics.json")
    record = adopted(root, writes_metrics=True)
    assert record.metrics is not None
    assert dict(read_version(LocalObjects(root), "churn", "v1").metrics) == {"auc": 0.9}
    assert record.adopted is not None
    assert record.adopted.found["metrics"] == "registry.json: models[0]"


def test_a_metrics_file_that_is_there_is_never_written_over(root: Path):
    write(root, "churn/v1/metrics.json", "not json")
    write(root, "registry.json", {"models": [{"name": "churn", "version": "v1", "auc": 0.9}]})
    with pytest.raises(UsageError, match=r"there is a metrics\.json already, which is not touched"):
        prepared(root, writes_metrics=True)


def test_the_run_that_the_folder_names_fills_what_it_knows(root: Path):
    write(root, "churn/v1/MLmodel", "run_id: r1\nflavors: {}\n")
    run = RunFacts(
        source="local",
        run_id="r1",
        commit=COMMIT,
        repo="https://host/churn.git",
        params={"depth": "4"},
        metrics={"auc": 0.9},
        datasets=(Dataset(name="train", ref="s3://b/t", digest="mlflow:1"),),
    )
    record = adopted(root, known={"run": run}, writes_metrics=True)
    assert record.code == Code(commit=COMMIT, repo="https://host/churn.git")
    assert record.run is not None
    assert (record.run.run_id, record.params) == ("r1", {"depth": "4"})
    assert record.data == (Data(name="train", ref="s3://b/t", digest="mlflow:1"),)
    assert record.adopted is not None
    assert record.adopted.found["metrics"] == record.adopted.found["code"] == "run local:r1"
    assert dict(read_version(LocalObjects(root), "churn", "v1").metrics) == {"auc": 0.9}


def test_a_run_that_is_not_known_is_told(root: Path):
    write(root, "churn/v1/MLmodel", "run_id: r1\nflavors: {}\n")
    adoption = prepared(root)
    assert adoption.record.run is None
    assert said(adoption, "run r1 (MLmodel, run_id) is not among those imported")


def test_what_is_not_known_is_told_with_what_adds_it(root: Path):
    adoption = prepared(root)
    for flag in ("--commit HASH", "--metrics PATH", "--data NAME=REF", "--owner NAME", "--note TEXT"):
        assert said(adoption, flag), flag


def test_a_digest_that_the_file_does_not_have_is_a_contradiction(root: Path):
    write(root, "registry.json", {"m": {"model": "churn", "version": "v1", "path": "model.pkl", "sha256": "a" * 64}})
    assert said(prepared(root), "contradicted: registry.json: m, sha256 says aaaaaaaaaaaa…, and model.pkl has sha256")
    right = hashlib.sha256(b"weights").hexdigest()
    write(root, "registry.json", {"m": {"model": "churn", "version": "v1", "path": "model.pkl", "sha256": right}})
    assert not said(prepared(root), "contradicted")


def test_what_somebody_s_file_calls_live_is_told_and_not_taken_over(root: Path):
    write(root, "registry.json", {"m": {"model": "churn", "version": "v1", "status": "production"}})
    adoption = prepared(root)
    assert said(adoption, "calls it 'production', which is not taken over")
    assert b"production" not in json.dumps(adopted(root).params).encode()


def test_the_settings_name_the_owner_where_nobody_else_does(root: Path):
    assert prepared(root, known={"owner": "Team"}).record.owner == "Team"


def test_progress_ends_at_all_bytes(root: Path):
    steps: list[Step] = []
    prepared(root, tell=steps.append)
    assert (steps[-1].phase, steps[-1].done, steps[-1].total) == ("hashing", 7, 7)


def test_of_two_who_adopt_at_once_one_wins_and_the_other_hears_who(root: Path):
    adoption = prepared(root)
    barrier = threading.Barrier(2)
    won, told = [], []

    def run(actor: str) -> None:
        barrier.wait()
        try:
            adopt(LocalObjects(root), adoption, at=AT, actor=actor, tell=tell_nobody)
            won.append(actor)
        except AlreadyThere as error:
            told.append(str(error))

    threads = [threading.Thread(target=run, args=(actor,)) for actor in ("ana", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert told == [f"churn/v1 is registered already, by {won[0]} on 2026-11-23 12:00 UTC: choose another version"]
