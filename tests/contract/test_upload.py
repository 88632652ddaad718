"""Uploading a folder to every kind of place: whole, in progress, interrupted, again."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lean_core.errors import NameRefused, UsageError
from lean_core.objects import LocalFile, Objects, Uploaded, find_files, upload_files
from lean_core.objects.upload import AT_ONCE
from tests.contract.backends import Backend

FILES = {f"layer {number}/weights.bin": bytes([number]) * 10_000 * number for number in range(12)}
SIZE = sum(map(len, FILES.values()))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a folder as training leaves it."""
    folder = tmp_path / "model"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def with_digests(files: Sequence[LocalFile]) -> list[LocalFile]:
    return [dataclasses.replace(file, sha256=hashlib.sha256(file.path.read_bytes()).hexdigest()) for file in files]


def send(objects: Objects, files: Sequence[LocalFile]) -> tuple[Uploaded, int]:
    told: list[int] = []
    uploaded = upload_files(files, objects=objects, folder="churn/1/model", progress=told.append)
    return uploaded, sum(told)


def test_a_folder_arrives_whole_and_every_byte_is_told(backend: Backend, objects: Objects, model: Path):
    assert send(objects, find_files(model)) == (Uploaded(sent=12, kept=0, bytes=SIZE), SIZE)
    assert {info.key for info in objects.walk()} == {f"churn/1/model/{name}" for name in FILES}
    assert all(backend.look(f"churn/1/model/{name}") == content for name, content in FILES.items())


def test_a_file_goes_by_its_name(backend: Backend, objects: Objects, model: Path):
    files = find_files(model / "layer 3" / "weights.bin")
    assert send(objects, files) == (Uploaded(sent=1, kept=0, bytes=30_000), 30_000)
    assert backend.look("churn/1/model/weights.bin") == FILES["layer 3/weights.bin"]


@pytest.mark.parametrize("known", [list, with_digests], ids=["by size", "by digest"])
def test_what_is_there_is_not_sent_again(objects: Objects, model: Path, known: Any):
    files = known(find_files(model))
    send(objects, files)
    assert send(objects, files) == (Uploaded(sent=0, kept=12, bytes=SIZE), SIZE)


def test_what_is_there_in_another_size_is_sent_again(backend: Backend, objects: Objects, model: Path):
    send(objects, find_files(model))
    (model / "layer 2" / "weights.bin").write_bytes(b"retrained")
    assert send(objects, find_files(model))[0].sent == 1
    assert backend.look("churn/1/model/layer 2/weights.bin") == b"retrained"


def test_what_is_there_with_other_bytes_is_sent_again_where_the_digest_is_known(
    backend: Backend, objects: Objects, model: Path
):
    send(objects, with_digests(find_files(model)))
    (model / "layer 2" / "weights.bin").write_bytes(b"x" * 20_000)
    assert send(objects, with_digests(find_files(model)))[0] == Uploaded(sent=1, kept=11, bytes=SIZE)
    assert backend.look("churn/1/model/layer 2/weights.bin") == b"x" * 20_000


def test_what_somebody_else_put_there_is_not_trusted_by_its_size(backend: Backend, objects: Objects, model: Path):
    backend.plant("churn/1/model/layer 1/weights.bin", b"?" * 10_000)
    assert send(objects, with_digests(find_files(model)))[0].sent == 12
    assert backend.look("churn/1/model/layer 1/weights.bin") == FILES["layer 1/weights.bin"]


def test_an_interrupted_upload_leaves_whole_files_and_goes_on_where_it_was(objects: Objects, model: Path):
    class Interrupted(BaseException):
        pass

    told: list[int] = []

    def interrupt(count: int) -> None:
        told.append(count)
        if sum(told) > SIZE / 4:
            raise Interrupted

    files = with_digests(find_files(model))
    with pytest.raises(Interrupted):
        upload_files(files, objects=objects, folder="churn/1/model", progress=interrupt)
    arrived = {info.key: info.bytes for info in objects.walk()}
    assert 0 < len(arrived) < len(files)
    assert all(size == len(FILES[key.removeprefix("churn/1/model/")]) for key, size in arrived.items())
    uploaded, count = send(objects, files)
    assert (uploaded.kept, uploaded.sent, count) == (len(arrived), len(files) - len(arrived), SIZE)


def test_a_link_out_of_the_folder_is_refused_before_anything_is_sent(tmp_path: Path, model: Path):
    (tmp_path / "secret").write_text("outside")
    (model / "layer 1" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(NameRefused, match=r"model/layer 1/link can't be uploaded: it is a link that leads out of"):
        find_files(model)


def test_links_within_the_folder_are_uploaded_as_what_they_mean(backend: Backend, objects: Objects, model: Path):
    (model / "best").symlink_to("layer 3")
    files = find_files(model)
    assert send(objects, files)[0].sent == 13
    assert backend.look("churn/1/model/best/weights.bin") == FILES["layer 3/weights.bin"]


def test_what_can_not_be_read_stops_the_upload(objects: Objects, tmp_path: Path, model: Path):
    files = find_files(model)
    (model / "layer 5" / "weights.bin").unlink()
    with pytest.raises(UsageError, match=r"layer 5/weights\.bin can't be read \(No such file or directory\)"):
        send(objects, files)
    with pytest.raises(UsageError, match=r"gone can't be read \(No such file or directory\): name a file or folder"):
        find_files(tmp_path / "gone")


def test_a_few_files_are_sent_at_once_and_one_thread_tells(tmp_path: Path, model: Path):
    """Counted on a place of its own, since the real ones don't say who is there at the same time."""
    now, most, gate = 0, 0, threading.Lock()
    together = threading.Barrier(AT_ONCE)  # broken if fewer come at once

    class Counting:
        def walk(self, prefix: str) -> list[Any]:
            return []

        def upload(self, path: Path, key: str, *, progress: Any, sha256: str | None) -> None:
            nonlocal now, most
            with gate:
                now += 1
                most = max(most, now)
            together.wait(timeout=60)
            progress(path.stat().st_size)
            with gate:
                now -= 1

    telling = threading.Lock()

    def tell(_: int) -> None:
        assert telling.acquire(blocking=False)
        telling.release()

    counting: Any = Counting()
    upload_files(find_files(model), objects=counting, folder="a", progress=tell)
    assert most == AT_ONCE
