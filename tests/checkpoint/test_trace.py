"""What a record names, held against real files, a real repository and real objects."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from lean_core.checkpoint.checks.provenance import Trace
from lean_core.checkpoint.trace import Reach, trace
from lean_core.objects import LocalObjects
from lean_core.registry import Code, Data, Metrics, Origin, Record, hash_bytes, hash_file, read_version
from lean_core.registry.data_state import DataPlaces
from lean_core.runs import Run
from tests.registry.folders import a_record, write, write_version
from tests.repo import Repo

METRICS = b'{"auc": 0.9}'
TRAIN = b"a\n1\n"
DIGEST = f"sha256:{hashlib.sha256(TRAIN).hexdigest()}"
RUN = Run(
    source="local", run_key="r1", run_id="r1", experiment=None, experiment_id=None, name="forest", status="FINISHED",
    start_time=None, end_time=None, user=None, commit=None, lifecycle="active", gone_at=None, parent_run_id=None,
    artifact_uri=None, artifact_path=None, metrics={"auc": 0.9},
)  # fmt: skip


class Place:
    """A repository with data, and a registry beside it."""

    def __init__(self, folder: Path) -> None:
        self.repo = Repo(folder / "repo")
        self.commit = self.repo.commit("Begin", {"data/train.csv": TRAIN})
        self.registry = folder / "registry"
        self.registry.mkdir()
        self.runs: list[Run] = []

    def trace(self, **fields: object) -> dict[str, Trace]:
        record = a_record(
            code=Code(commit=self.commit, dirty=False),
            data=(Data(name="train", ref="data/train.csv", digest=DIGEST),),
            metrics=Metrics(path="metrics.json", sha256=hash_bytes(METRICS)),
        )
        return self.trace_record(replace(record, **fields))

    def trace_record(self, record: Record) -> dict[str, Trace]:
        if not (self.registry / "churn").exists():
            write_version(self.registry, record, files={"metrics.json": METRICS})
        objects = LocalObjects(self.registry)
        reach = Reach(
            objects=objects,
            repository=self.repo.folder,
            root=self.repo.folder,
            data=DataPlaces(folders=(self.repo.folder,), exists=lambda _: True),
            hash_data=hash_file,
            find_run=lambda _, run_id: next((run for run in self.runs if run.run_id == run_id), None),
            sources=frozenset({"local"}),
        )
        return {each.what: each for each in trace(read_version(objects, "churn", "1"), reach).traces}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_is_as_the_record_says_is_the_same(place: Place):
    found = place.trace()
    assert {what: each.state for what, each in found.items()} == {"code": "same", "data": "same", "metrics": "same"}
    assert found["data"].digest == DIGEST
    assert found["metrics"].value == "auc 0.9"


def test_a_commit_that_the_repository_has_not_is_gone(place: Place):
    found = place.trace(code=Code(commit="a" * 40, dirty=False))["code"]
    assert (found.state, found.sentence) == (
        "gone",
        "Commit aaaaaaaaaa is not in the repository: nobody can tell which code made it.",
    )


def test_a_commit_of_another_repository_is_unknown(place: Place):
    place.repo.git("remote", "add", "origin", "https://example.org/ours.git")
    code = Code(commit="a" * 40, dirty=False, repo="https://example.org/theirs.git")
    assert place.trace(code=code)["code"].state == "unknown"


def test_a_dirty_working_tree_means_that_no_commit_has_the_code(place: Place):
    found = place.trace(code=Code(commit=place.commit, dirty=True))["code"]
    assert found.state == "gone"
    assert "with changes that no commit has" in found.sentence


def test_what_the_record_does_not_say_is_unsaid(place: Place):
    found = place.trace(code=None, data=(), metrics=None)
    assert {what: each.state for what, each in found.items()} == {
        "code": "unsaid",
        "data": "unsaid",
        "metrics": "unsaid",
    }
    assert all(each.action for each in found.values())


@pytest.mark.parametrize(
    ("data", "state", "words"),
    [
        (Data(name="train", ref="data/none.csv", digest=DIGEST), "unknown", "is not on this machine"),
        (Data(name="train", ref="data/train.csv", digest=f"sha256:{'0' * 64}"), "changed", "is not what it was"),
        (Data(name="train", ref="data/train.csv"), "unknown", "the record has no digest of it"),
        (Data(name="train", ref="data/train.csv", digest="mlflow:12"), "unknown", "MLflow made of it in memory"),
        (Data(name="train", ref="s3://bucket/train", digest=DIGEST), "unknown", "not on this machine to be hashed"),
        (Data(name="train", ref="snowflake://x/y", digest=DIGEST), "unknown", "can't be looked up from here"),
    ],
)
def test_data_that_is_not_surely_the_same_says_why(place: Place, data: Data, state: str, words: str):
    found = place.trace(data=(data,))["data"]
    assert found.state == state
    assert words in found.sentence


def test_of_two_digests_of_one_place_that_of_the_file_counts(place: Place):
    mlflow = Data(name="train", ref="data/train.csv", digest="mlflow:12")
    assert place.trace(data=(mlflow, Data(name="file", ref="data/train.csv", digest=DIGEST)))["data"].state == "same"


def test_a_metrics_file_without_a_recorded_hash_can_not_be_compared(place: Place):
    found = place.trace(metrics=Metrics(path="metrics.json"))["metrics"]
    assert (found.state, "the record has no hash of it" in found.sentence) == ("unknown", True)


def test_a_metrics_file_that_leads_out_of_the_registry_is_not_read(place: Place):
    found = place.trace(metrics=Metrics(path="../../repo/data/train.csv", sha256=hash_bytes(TRAIN)))["metrics"]
    assert found.state == "gone"


def test_a_run_that_says_the_same_is_named(place: Place):
    place.runs = [RUN]
    found = place.trace(run=Origin(source="local", run_id="r1"))["run"]
    assert (found.state, found.source) == ("same", "run:local:r1")


def test_a_run_that_says_otherwise_contradicts(place: Place):
    place.runs = [replace(RUN, metrics={"auc": 0.7})]
    found = place.trace(run=Origin(source="local", run_id="r1"))["run"]
    assert (found.state, found.sentence) == (
        "changed",
        "The run forest says otherwise than the metrics file: auc is 0.9 in the metrics file and 0.7 in the run.",
    )


def test_a_run_that_is_not_imported_is_unknown(place: Place):
    assert place.trace(run=Origin(source="local", run_id="r1"))["run"].state == "unknown"
    found = place.trace(run=Origin(source="other", run_id="r1"))["run"]
    assert found.state == "unknown"


def test_a_run_of_a_source_that_the_settings_do_not_name_is_unknown(place: Place):
    found = place.trace(run=Origin(source="other", run_id="r1"))["run"]
    assert "lean.toml names no source other" in found.sentence


def test_a_version_without_a_record_is_said_to_have_none(place: Place):
    write(place.registry, "churn/1/model.pkl", b"w")
    found = place.trace_record(a_record())["record"]
    assert (found.state, found.action and found.action.command) == ("unknown", "lean-mlops adopt churn/1")
