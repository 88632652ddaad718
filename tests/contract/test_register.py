"""Registering and adopting on every kind of place."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from pathlib import Path

import pytest

from lean_core.errors import AlreadyThere, CreateUnsafe
from lean_core.objects import Objects, open_objects
from lean_core.registry import Draft, Record, Step, read_version, register, tell_nobody
from lean_core.registry.adopt import adopt, prepare_adoption
from lean_core.registry.adoption import AdoptionRequest, AdoptionSurroundings
from lean_core.registry.foreign import find_foreign, recognise
from tests.contract.backends import BUCKET, Backend, bucket, name_owner
from tests.contract.conftest import ATOMIC
from tests.registry.drafts import a_draft
from tests.swift import Swift

AT = dt.datetime(2026, 11, 23, 12, 0)


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "model"
    (folder / "data").mkdir(parents=True)
    (folder / "MLmodel").write_text("flavors: {}\n")
    for name in ("weights.bin", "große Datei (1).bin", "empty"):
        (folder / "data" / name).write_text("" if name == "empty" else name)
    (folder.parent / "eval.json").write_text('{"auc": 0.9}')
    return folder


def put(objects: Objects, draft: Draft, actor: str = "ana", tell=tell_nobody) -> Record:
    return register(objects, draft, at=AT, actor=actor, tell=tell)


def test_what_is_registered_is_read_back_whole(backend: Backend, objects: Objects, artifact: Path):
    record = put(objects, a_draft(artifact, metrics=artifact.parent / "eval.json"))
    version = read_version(objects, "churn", "3")
    assert (version.state, version.record, dict(version.metrics)) == ("recorded", record, {"auc": 0.9})
    assert backend.look("churn/3/model/data/große Datei (1).bin") == "große Datei (1).bin".encode()
    assert backend.look("churn/3/model/data/empty") == b""


def test_a_version_that_exists_is_refused_with_who_and_when(objects: Objects, artifact: Path):
    put(objects, a_draft(artifact), "ana")
    with pytest.raises(AlreadyThere, match="registered already, by ana on 2026-11-23 12:00 UTC"):
        put(objects, a_draft(artifact), "bob")


class Interrupted(Exception):
    """Stands for whatever ends a process in the middle."""


@pytest.mark.parametrize("phase", ["uploading", "recording"])
def test_an_interrupted_registration_is_incomplete_and_goes_on(objects: Objects, artifact: Path, phase: str):
    def interrupt(step: Step) -> None:
        if step.phase == phase and (phase == "recording" or step.done):
            raise Interrupted

    with pytest.raises(Interrupted):
        put(objects, a_draft(artifact), tell=interrupt)
    version = read_version(objects, "churn", "3")
    assert version.state == "incomplete"
    assert version.problem is not None
    assert "begun by ana on 2026-11-23 12:00 UTC" in version.problem
    tags = {info.key: info.tag for info in objects.walk()}
    put(objects, a_draft(artifact), "bob")
    assert read_version(objects, "churn", "3").state == "recorded"
    after = {info.key: info.tag for info in objects.walk()}
    assert {key: after[key] for key in tags} == tags  # nothing was sent a second time


@pytest.mark.parametrize("backend", ATOMIC, indirect=True)
def test_of_writers_of_different_files_at_once_one_wins_whole(objects: Objects, tmp_path: Path):
    drafts = []
    for number in range(4):
        file = tmp_path / str(number) / "model.pkl"
        file.parent.mkdir()
        file.write_text(f"weights {number}")
        drafts.append(a_draft(file))
    barrier = threading.Barrier(len(drafts))
    won: list[str] = []
    told: list[str] = []

    def run(draft: Draft, actor: str) -> None:
        barrier.wait()
        try:
            put(objects, draft, actor)
            won.append(actor)
        except AlreadyThere as error:
            told.append(str(error))

    threads = [threading.Thread(target=run, args=(draft, f"writer{at}")) for at, draft in enumerate(drafts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert len(told) == len(drafts) - 1
    assert all("by writer" in each for each in told)
    record = read_version(objects, "churn", "3").record
    assert record is not None
    assert record.artifact is not None
    assert record.created_by == won[0]
    assert hashlib.sha256(objects.read("churn/3/model.pkl")).hexdigest() == record.artifact.sha256


@pytest.mark.s3
def test_a_server_that_can_t_create_once_is_not_written_to(swift: Swift, artifact: Path, monkeypatch):
    name_owner(swift, monkeypatch)
    bucket(swift, "unsafe")
    objects = open_objects(f"s3://{BUCKET}/unsafe", folder=Path("/"), endpoint=swift.http, region=swift.region)
    with pytest.raises(CreateUnsafe):
        put(objects, a_draft(artifact))
    assert [info.key for info in objects.walk()] == []


def test_a_foreign_folder_is_recognised_and_adopted(backend: Backend, objects: Objects, tmp_path: Path):
    for key, content in {
        "churn/v1/MLmodel": b"run_id: r1\nflavors: {}\n",
        "churn/v1/model.pkl": b"weights",
        "registry.json": b'{"models": [{"name": "churn", "version": "v1", "auc": 0.9}]}',
    }.items():
        backend.plant(key, content)
    (listed,) = find_foreign(objects, repository=None).folders
    foreign = recognise(objects, "churn", "v1", repository=None)
    assert (listed, foreign.kind) == (foreign, "MLflow model")
    around = AdoptionSurroundings(folder=tmp_path, root=None)
    adoption = prepare_adoption(
        objects, foreign, AdoptionRequest(writes_metrics=True, owner="Ana"), around, tell=tell_nobody
    )
    record = adopt(objects, adoption, at=AT, actor="ana", tell=tell_nobody)
    version = read_version(objects, "churn", "v1")
    assert (version.state, version.record, dict(version.metrics)) == ("recorded", record, {"auc": 0.9})
    assert backend.look("churn/v1/model.pkl") == b"weights"
