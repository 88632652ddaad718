from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from lean_core.errors import AlreadyThere, ObjectsError, ObjectsMissing, RootMissing, UsageError
from lean_core.objects import LocalObjects
from lean_core.registry import parse_record
from lean_core.registry.read import read_version
from lean_core.registry.record import Record
from lean_core.registry.register import refuse_existing, register, write_record
from lean_core.registry.request import Draft
from lean_core.registry.step import Step, tell_nobody
from tests.registry.drafts import a_draft

AT = dt.datetime(2026, 11, 23, 12, 0)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def objects(tmp_path: Path) -> LocalObjects:
    (tmp_path / "registry").mkdir()
    return LocalObjects(tmp_path / "registry")


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "model"
    (folder / "data").mkdir(parents=True)
    (folder / "MLmodel").write_text("flavors: {}\n")
    (folder / "data" / "weights.bin").write_text("weights")
    (folder / "data" / "empty").touch()
    return folder


def put(objects: LocalObjects, draft: Draft, actor: str = "ana", tell=tell_nobody) -> Record:
    return register(objects, draft, at=AT, actor=actor, tell=tell)


def files(objects: LocalObjects) -> set[str]:
    return {info.key for info in objects.walk()}


def state(objects: LocalObjects) -> str:
    return read_version(objects, "churn", "3").state


def test_the_files_lie_beside_the_record(objects: LocalObjects, artifact: Path):
    (artifact.parent / "eval.json").write_text('{"auc": 0.9}')
    (artifact.parent / "uv.lock").write_text("version = 1")
    record = put(objects, a_draft(artifact, metrics=artifact.parent / "eval.json"))
    folder = "churn/3"
    assert files(objects) == {
        f"{folder}/{name}"
        for name in (
            *("model/MLmodel", "model/data/weights.bin", "model/data/empty", "metrics.json", "uv.lock"),
            *("version.json", "upload.json"),
        )
    }
    assert objects.read(f"{folder}/model/data/weights.bin") == b"weights"
    assert parse_record(objects.read(f"{folder}/version.json"), model="churn", version="3") == record
    assert (record.created_at, record.created_by) == (AT, "ana")


def test_the_hashes_in_the_record_hold_for_what_lies_there(objects: LocalObjects, artifact: Path, tmp_path: Path):
    record = put(objects, a_draft(artifact))
    command = r"find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum"
    folder = tmp_path / "registry" / "churn" / "3" / "model"
    said = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert record.artifact is not None
    assert said.split()[0] == record.artifact.sha256


def test_a_version_that_exists_is_refused_with_who_and_when(objects: LocalObjects, artifact: Path):
    put(objects, a_draft(artifact), "ana")
    before = {key: objects.read(key) for key in files(objects)}
    with pytest.raises(AlreadyThere, match=r"churn/3 is registered already, by ana on 2026-11-23 12:00 UTC: choose"):
        put(objects, a_draft(artifact), "bob")
    with pytest.raises(AlreadyThere, match="by ana"):
        refuse_existing(objects, "churn", "3")
    assert {key: objects.read(key) for key in files(objects)} == before


def test_a_version_whose_record_is_damaged_is_refused_too(objects: LocalObjects, artifact: Path):
    objects.create("churn/3/version.json", b"{")
    with pytest.raises(AlreadyThere, match="registered already, but can't be read"):
        put(objects, a_draft(artifact))


def test_files_that_nobody_registered_are_not_built_upon(objects: LocalObjects, artifact: Path):
    objects.create("churn/3/model.pkl", b"x")
    with pytest.raises(AlreadyThere, match=r"nobody registered \(model.pkl\): “lean-mlops adopt churn 3”"):
        put(objects, a_draft(artifact))
    assert files(objects) == {"churn/3/model.pkl"}


def test_a_registry_that_is_not_there_is_not_made(tmp_path: Path, artifact: Path):
    with pytest.raises(RootMissing):
        put(LocalObjects(tmp_path / "nowhere"), a_draft(artifact))
    assert not (tmp_path / "nowhere").exists()


class Interrupted(Exception):
    """Stands for whatever ends a process in the middle."""


def interrupt_at(phase: str, after: int = 0):
    def tell(step: Step) -> None:
        if step.phase == phase and step.done > after - 1:
            raise Interrupted

    return tell


@pytest.mark.parametrize(("phase", "after"), [("uploading", 0), ("uploading", 1), ("uploading", 13), ("recording", 0)])
def test_an_interrupted_registration_is_incomplete_and_goes_on(objects, artifact, phase: str, after: int):
    with pytest.raises(Interrupted):
        put(objects, a_draft(artifact), tell=interrupt_at(phase, after))
    assert state(objects) == "incomplete"
    problem = read_version(objects, "churn", "3").problem
    assert problem is not None
    assert "begun by ana on 2026-11-23 12:00 UTC and is not finished" in problem
    steps: list[Step] = []
    put(objects, a_draft(artifact), tell=steps.append)
    assert state(objects) == "recorded"
    assert steps[-1] == Step(phase="recording")
    assert max(step.done for step in steps) == max(step.total for step in steps)


def test_what_was_uploaded_is_not_uploaded_again(objects: LocalObjects, artifact: Path):
    with pytest.raises(Interrupted):
        put(objects, a_draft(artifact), tell=interrupt_at("recording"))
    before = {key: objects.stat(key) for key in files(objects)}
    put(objects, a_draft(artifact))
    assert {key: objects.stat(key) for key in before} == before


def test_an_interrupted_upload_of_other_files_is_not_gone_on_with(objects: LocalObjects, artifact: Path):
    with pytest.raises(Interrupted):
        put(objects, a_draft(artifact), tell=interrupt_at("recording"))
    (artifact / "data" / "weights.bin").write_text("WEIGHTS")  # of the same size
    with pytest.raises(AlreadyThere, match=r"other files was begun by ana on .* remove .*/churn/3 and"):
        put(objects, a_draft(artifact))
    assert objects.read("churn/3/model/data/weights.bin") == b"weights"
    assert state(objects) == "incomplete"


def test_a_file_that_changes_between_hashing_and_uploading_gets_no_record(objects: LocalObjects, artifact: Path):
    draft = a_draft(artifact)
    (artifact / "data" / "weights.bin").write_text("WEIGHTS")
    with pytest.raises(UsageError, match=r"weights\.bin changed while it was registered"):
        put(objects, draft)
    assert state(objects) == "incomplete"


def race(objects: LocalObjects, drafts: list[Draft]) -> tuple[list[str], list[str]]:
    """Register drafts at the same time; return who won, and what the others were told."""
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
    return won, told


@pytest.mark.parametrize("round_", range(5))
def test_of_writers_of_the_same_files_at_once_one_wins_and_the_others_hear_who(objects, artifact, round_: int):
    draft = a_draft(artifact)
    won, told = race(objects, [draft] * 6)
    assert len(won) == 1
    assert all(f"is registered already, by {won[0]} on 2026-11-23" in each for each in told)
    assert len(told) == 5


@pytest.mark.parametrize("round_", range(5))
def test_of_writers_of_different_files_at_once_one_wins_whole(objects, tmp_path: Path, round_: int):
    drafts = []
    for number in range(4):
        file = tmp_path / str(number) / "model.pkl"
        file.parent.mkdir()
        file.write_text(f"weights {number}")
        drafts.append(a_draft(file))
    won, told = race(objects, drafts)
    assert len(won) == 1
    assert all("by writer" in each for each in told)
    record = read_version(objects, "churn", "3").record
    assert record is not None
    assert record.artifact is not None
    assert record.created_by == won[0]
    assert hashlib.sha256(objects.read("churn/3/model.pkl")).hexdigest() == record.artifact.sha256


def test_the_loser_of_the_last_moment_hears_who_won(objects: LocalObjects, artifact: Path):
    draft = a_draft(artifact)

    def win_first(step: Step) -> None:
        if step.phase == "recording":
            put(objects, draft, "bob")

    with pytest.raises(AlreadyThere, match="by bob on 2026-11-23 12:00 UTC"):
        put(objects, draft, "ana", tell=win_first)
    assert json.loads(objects.read("churn/3/version.json"))["created_by"] == "bob"


class WithAWinner(LocalObjects):
    """Somebody else's record appears right after it was looked for and not found."""

    content = b""

    def read(self, key: str, *, limit: int | None = None) -> bytes:
        try:
            return super().read(key, limit=limit)
        except ObjectsMissing:
            if self.content and key.endswith("version.json"):
                content, self.content = self.content, b""
                self.create(key, content)
            raise


def test_a_record_that_appears_between_two_looks_is_refused_with_who(objects: LocalObjects, artifact: Path, tmp_path):
    draft = a_draft(artifact)
    (tmp_path / "other").mkdir()
    late = WithAWinner(tmp_path / "other")
    late.content = write_record(put(objects, draft, "bob"))
    with pytest.raises(AlreadyThere, match="churn/3 is registered already, by bob on 2026-11-23 12:00 UTC"):
        put(late, draft, "ana")


class WithoutRoom(LocalObjects):
    """Forces what only a full disk would give."""

    def upload(self, path: Path, key: str, *, progress, sha256: str | None = None) -> None:
        raise ObjectsError("no room")


def test_an_upload_that_fails_leaves_no_record(objects: LocalObjects, artifact: Path, tmp_path: Path):
    with pytest.raises(ObjectsError, match="no room"):
        put(WithoutRoom(tmp_path / "registry"), a_draft(artifact))
    assert state(objects) == "incomplete"
    put(objects, a_draft(artifact))
    assert state(objects) == "recorded"


REGISTER_AND_STOP = """
import datetime as dt, sys, time
from pathlib import Path
from lean_core.objects import LocalObjects
from lean_core.registry.register import register
from tests.registry.drafts import a_draft

registry, artifact, phase, after = sys.argv[1:]

def tell(step):
    if step.phase == phase and step.done >= int(after):
        print("here", flush=True)
        time.sleep(600)

draft = a_draft(Path(artifact))
register(LocalObjects(Path(registry)), draft, at=dt.datetime(2026, 11, 23, 12), actor="ana", tell=tell)
"""


@pytest.mark.parametrize(("phase", "after"), [("uploading", 0), ("uploading", 2_000_000), ("recording", 0)])
def test_a_registration_that_is_killed_is_incomplete_and_goes_on(objects, artifact, phase: str, after: int):
    (artifact / "data" / "weights.bin").write_bytes(os.urandom(5_000_000))
    arguments = [objects.uri, str(artifact), phase, str(after)]
    with subprocess.Popen(
        [sys.executable, "-c", REGISTER_AND_STOP, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)
    assert objects.stat("churn/3/version.json") is None
    assert state(objects) == "incomplete"
    weights = objects.stat("churn/3/model/data/weights.bin")
    assert (weights is not None) == (phase == "recording")
    record = put(objects, a_draft(artifact), "ana")
    assert state(objects) == "recorded"
    assert objects.read("churn/3/model/data/weights.bin") == (artifact / "data" / "weights.bin").read_bytes()
    assert record == replace(a_draft(artifact).record, created_at=AT, created_by="ana")
