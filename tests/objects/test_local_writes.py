"""How a folder is written to: on odd file systems, beside the remains of others, and when there is no room."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lean_core.errors import AlreadyThere, CreateUnsafe, ObjectsError
from lean_core.objects import LocalObjects

DAY = 86_400


@pytest.fixture
def objects(tmp_path: Path) -> LocalObjects:
    return LocalObjects(tmp_path)


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer as a USB stick does."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)


@pytest.mark.usefixtures("no_links")
def test_without_hard_links_of_several_writers_still_exactly_one_wins(objects: LocalObjects, tmp_path: Path):
    writers = 8
    start = threading.Barrier(writers)

    def write(writer: int, key: str) -> int | None:
        start.wait()
        try:
            objects.create(key, f"{writer}".encode())
        except AlreadyThere:
            return None
        return writer

    with ThreadPoolExecutor(writers) as threads:
        for key in map(str, range(20)):
            (winner,) = [each for each in threads.map(write, range(writers), [key] * writers) if each is not None]
            assert (tmp_path / key).read_text() == str(winner)
    assert len(list(tmp_path.iterdir())) == 20


@pytest.mark.usefixtures("no_links")
def test_without_hard_links_and_locks_nothing_is_created(
    objects: LocalObjects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(CreateUnsafe, match="has neither hard links nor locks, so two writers could overwrite"):
        objects.create("a", b"")
    assert list(tmp_path.iterdir()) == []


def test_without_room_nothing_is_kept(objects: LocalObjects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    (tmp_path / "file").write_bytes(b"new")
    objects_before = sorted(path.name for path in tmp_path.iterdir())
    for write in (
        lambda: objects.create("a", b"content"),
        lambda: objects.upload(tmp_path / "file", "b", progress=lambda _: None),
    ):
        with pytest.raises(ObjectsError, match="No space left on device: make room and try again; nothing of it was"):
            write()
    assert sorted(path.name for path in tmp_path.iterdir()) == objects_before


def test_what_is_being_written_is_not_listed_and_what_was_abandoned_is_swept(objects: LocalObjects, tmp_path: Path):
    (tmp_path / "churn").mkdir()
    young, old = (tmp_path / "churn" / f".lean-tmp-{digit * 16}" for digit in "01")
    lookalike = tmp_path / "churn" / ".lean-tmp-mine"
    for path in (young, old, lookalike):
        path.write_bytes(b"half")
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - (2 * DAY if path != young else 0)))
    assert [info.key for info in objects.walk()] == ["churn/.lean-tmp-mine"]
    (tmp_path / "file").write_bytes(b"new")
    objects.upload(tmp_path / "file", "churn/model.bin", progress=lambda _: None)
    assert sorted(path.name for path in (tmp_path / "churn").iterdir()) == [young.name, lookalike.name, "model.bin"]


def test_files_are_made_for_everyone_whom_the_umask_allows(objects: LocalObjects, tmp_path: Path):
    before = os.umask(0o027)
    try:
        objects.create("churn/1/version.json", b"{}")
    finally:
        os.umask(before)
    assert (tmp_path / "churn/1/version.json").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "churn").stat().st_mode & 0o777 == 0o750
