"""What a place of objects promises, tried on every kind of place."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lean_core.errors import AlreadyThere, NameRefused, ObjectsMissing, RootMissing, UsageError
from lean_core.objects import Objects
from tests.contract.backends import Backend
from tests.contract.conftest import ATOMIC

MEBIBYTE = 1 << 20
REFUSED = ["", "/", "/etc/passwd", "..", "a/../b", "../b", "./a", "a//b", "a/", "C:/a", "c:a", "a\\b", "a\nb", "a\x7f"]
ODD = ["a b.json", "ü/ß+%41&=?#.json", "模型/1", "🙂", "-", "…", "10:00", "~", "'\"`$(x)"]


def keys(objects: Objects, prefix: str = "") -> list[str]:
    return sorted(info.key for info in objects.walk(prefix))


def no_progress(_: int) -> None:
    """Take what is told."""


def test_an_empty_place_holds_nothing(objects: Objects):
    assert keys(objects) == []
    assert objects.list_folders() == []
    assert keys(objects, "churn/1/") == []
    assert objects.list_folders("churn/") == []
    assert objects.stat("churn/1/version.json") is None
    assert objects.known_sha256("churn/1/version.json") is None


def test_a_walk_yields_everything_below_the_root(backend: Backend, objects: Objects):
    second = dt.timedelta(seconds=1)  # S3 has no smaller unit, and Swift rounds up
    before = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    for key, content in {"readme.md": b"", "churn/1/version.json": b"{}", "churn/1/a/b/c/d.bin": b"12345"}.items():
        backend.plant(key, content)
    found = {info.key: info for info in objects.walk()}
    assert {key: info.bytes for key, info in found.items()} == {
        "readme.md": 0,
        "churn/1/version.json": 2,
        "churn/1/a/b/c/d.bin": 5,
    }
    assert all(info.tag and not info.refused for info in found.values())
    after = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    assert all(before - second <= info.modified <= after + second for info in found.values())


def test_a_walk_without_some_names_still_yields_all_others(backend: Backend, objects: Objects):
    for key in (".heartbeats/nightly/1.json", "churn/1/.hidden/a", "churn/1/a", "readme.md"):
        backend.plant(key, b"")
    assert {info.key for info in objects.walk(without=".")} >= {"churn/1/.hidden/a", "churn/1/a", "readme.md"}
    assert {info.key for info in objects.walk("churn/", without=".")} == {"churn/1/.hidden/a", "churn/1/a"}
    assert ".heartbeats/nightly/1.json" in keys(objects)


def test_a_walk_can_be_confined_to_a_prefix(backend: Backend, objects: Objects):
    for key in ("churn/1/a", "churn/10/a", "churn/2/a", "churn.txt", "fraud/1/a"):
        backend.plant(key, b"")
    assert keys(objects, "churn/1") == ["churn/1/a", "churn/10/a"]
    assert keys(objects, "churn/1/") == ["churn/1/a"]
    assert keys(objects, "chu") == ["churn.txt", "churn/1/a", "churn/10/a", "churn/2/a"]
    assert keys(objects, "churn/3") == []


def test_folders_are_listed_by_name_one_level_deep(backend: Backend, objects: Objects):
    for key in ("churn/1/a/b", "churn/2/c", "churn/trail/e.json", "fraud/1/d", "readme.md"):
        backend.plant(key, b"")
    assert objects.list_folders() == ["churn", "fraud"]
    assert objects.list_folders("churn/") == ["1", "2", "trail"]
    assert objects.list_folders("churn/2/") == []


def test_an_object_has_the_same_tag_in_every_answer_until_it_changes(backend: Backend, objects: Objects):
    backend.plant("a/b", b"first")
    seen = objects.stat("a/b")
    assert seen is not None
    assert (seen.key, seen.bytes) == ("a/b", 5)
    assert [seen] == list(objects.walk()) == [objects.stat("a/b")]
    backend.plant("a/b", b"second")
    changed = objects.stat("a/b")
    assert changed is not None
    assert changed.tag != seen.tag
    assert [changed] == list(objects.walk())


def test_an_object_is_read_whole_or_up_to_a_limit(backend: Backend, objects: Objects):
    backend.plant("a", b"0123456789")
    backend.plant("empty", b"")
    assert objects.read("a") == b"0123456789"
    assert [objects.read("a", limit=limit) for limit in (0, 1, 9, 10, 11)] == [
        b"", b"0", b"012345678", b"0123456789", b"0123456789",
    ]  # fmt: skip
    assert objects.read("empty") == objects.read("empty", limit=5) == b""


def test_an_object_is_read_as_a_stream(backend: Backend, objects: Objects):
    content = os.urandom(3 * MEBIBYTE + 1)
    backend.plant("a", content)
    with objects.open("a") as file:
        assert file.read(3) == content[:3]
        assert hashlib.file_digest(file, "sha256").digest() == hashlib.sha256(content[3:]).digest()
        assert file.read(1) == b""


def test_what_is_not_there_is_missing_although_its_root_is_not(backend: Backend, objects: Objects):
    backend.plant("a/b", b"")
    for use in (objects.read, objects.open, lambda key: objects.read(key, limit=1)):
        for key in ("c", "a", "a/b/c"):
            with pytest.raises(ObjectsMissing, match=f"/{key}: it was moved or deleted, or never written") as caught:
                use(key)
            assert not isinstance(caught.value, RootMissing)
    assert objects.stat("a") is None
    assert objects.stat("a/b/c") is None


@pytest.mark.parametrize("content", [b"", b'{"a": 1}\n', os.urandom(MEBIBYTE)], ids=["empty", "small", "big"])
def test_an_object_is_created_once(backend: Backend, objects: Objects, content: bytes):
    objects.create("churn/1/version.json", content)
    assert backend.look("churn/1/version.json") == content
    for attempt in (b"other", content):
        with pytest.raises(AlreadyThere, match=r"churn/1/version\.json is there already and was not changed: choose"):
            objects.create("churn/1/version.json", attempt)
    assert backend.look("churn/1/version.json") == content
    assert keys(objects) == ["churn/1/version.json"]


@pytest.mark.parametrize("backend", ATOMIC, indirect=True)
def test_of_many_threads_that_create_one_object_exactly_one_wins(backend: Backend, objects: Objects):
    writers, rounds = 12, 10
    objects.create("first", b"")
    start = threading.Barrier(writers)

    def write(writer: int, key: str) -> int | None:
        start.wait()
        try:
            objects.create(key, f"{writer}".encode() * 1000)
        except AlreadyThere:
            return None
        return writer

    with ThreadPoolExecutor(writers) as threads:
        for key in (f"a/{number}" for number in range(rounds)):
            winners = [each for each in threads.map(write, range(writers), [key] * writers) if each is not None]
            assert len(winners) == 1
            assert backend.look(key) == f"{winners[0]}".encode() * 1000


def test_a_place_knows_whether_it_creates_atomically(backend: Backend, objects: Objects):
    assert objects.creates_safely() is (backend.name != "Swift")
    assert keys(objects) == []


WRITER = """
import sys
from pathlib import Path
from lean_core.errors import AlreadyThere
from lean_core.objects import open_objects, remember_probes

uri, endpoint, region, name = sys.argv[1:]
objects = open_objects(uri, folder=Path("/"), endpoint=endpoint, region=region)
objects.create(f"ready/{name}", b"")
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
for number in range(40):
    try:
        objects.create(f"race/{number:02}", name.encode())
    except AlreadyThere:
        continue
    print(f"race/{number:02}")
"""


@pytest.mark.parametrize("backend", ATOMIC, indirect=True)
def test_of_two_processes_that_create_the_same_objects_each_object_has_one_winner(backend: Backend, objects: Objects):
    place = getattr(objects, "place", None)
    endpoint, region = (place.endpoint, place.region) if place else ("", "")
    command = [sys.executable, "-c", WRITER, objects.uri, endpoint, region]
    processes = {
        name: subprocess.Popen(
            [*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
            cwd=Path(__file__).parents[2],
        )
        for name in ("one", "two")
    }  # fmt: skip
    for process in processes.values():
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes.values():
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    won = {name: process.communicate(timeout=60)[0].split() for name, process in processes.items()}
    assert sorted(won["one"] + won["two"]) == [f"race/{number:02}" for number in range(40)]
    for name, wins in won.items():
        assert all(backend.look(key) == name.encode() for key in wins)


@pytest.mark.parametrize("size", [0, 1, 3 * MEBIBYTE, 17 * MEBIBYTE], ids=["empty", "byte", "one piece", "parts"])
def test_a_file_is_uploaded_as_it_is_and_every_byte_is_told(
    backend: Backend, objects: Objects, tmp_path: Path, size: int
):
    file, told = tmp_path / "model.bin", list[int]()
    file.write_bytes(os.urandom(size))
    objects.upload(file, "churn/1/model.bin", progress=told.append)
    assert backend.look("churn/1/model.bin") == file.read_bytes()
    assert sum(told) == size
    seen = objects.stat("churn/1/model.bin")
    assert seen is not None
    assert seen.bytes == size
    assert [seen] == list(objects.walk())


def test_an_upload_takes_the_place_of_an_older_one(backend: Backend, objects: Objects, tmp_path: Path):
    file = tmp_path / "model.bin"
    for content in (b"first", b"second, longer", b"3"):
        file.write_bytes(content)
        objects.upload(file, "model.bin", progress=no_progress)
        assert backend.look("model.bin") == content


def test_the_digest_of_an_upload_is_known_without_fetching_it(objects: Objects, tmp_path: Path):
    file = tmp_path / "model.bin"
    for content in (b"small", os.urandom(17 * MEBIBYTE)):
        file.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        objects.upload(file, "model.bin", progress=no_progress, sha256=sha256)
        assert objects.known_sha256("model.bin") == sha256


def test_a_file_that_is_not_there_is_not_uploaded(objects: Objects, tmp_path: Path):
    with pytest.raises(UsageError, match=r"gone can't be read \(No such file or directory\): name a file"):
        objects.upload(tmp_path / "gone", "a", progress=no_progress)
    assert keys(objects) == []


@pytest.mark.parametrize("key", REFUSED)
def test_a_path_that_leaves_the_root_is_refused_before_anything_is_asked(objects: Objects, tmp_path: Path, key: str):
    (tmp_path / "file").write_bytes(b"")
    for use in (
        lambda: objects.stat(key),
        lambda: objects.read(key),
        lambda: objects.open(key),
        lambda: objects.known_sha256(key),
        lambda: objects.create(key, b""),
        lambda: objects.upload(tmp_path / "file", key, progress=no_progress),
        lambda: list(objects.walk(f"{key}/")),
        lambda: objects.list_folders(f"{key}/"),
    ):
        with pytest.raises(NameRefused, match=r"^the path .* below the registry's root"):
            use()


def test_a_folder_is_named_with_a_slash(objects: Objects):
    with pytest.raises(NameRefused, match="has no slash at its end"):
        objects.list_folders("churn")


@pytest.mark.parametrize("key", ODD)
def test_odd_names_come_back_as_they_went(backend: Backend, objects: Objects, tmp_path: Path, key: str):
    (tmp_path / "file").write_bytes(b"payload")
    objects.create(key, b"created")
    objects.upload(tmp_path / "file", f"folder/{key}", progress=no_progress)
    assert keys(objects) == sorted([key, f"folder/{key}"])
    assert objects.read(key) == b"created"
    assert backend.look(f"folder/{key}") == b"payload"
    assert "folder" in objects.list_folders()


def test_the_address_names_the_place_and_no_secret(objects: Objects):
    assert objects.uri.startswith(("s3://contract/team/", "/"))
    credentials = [os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")]
    assert not any(secret in objects.uri for secret in credentials if secret)
