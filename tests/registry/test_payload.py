from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

from lean_core.errors import NameRefused, UsageError
from lean_core.registry.hashing import hash_folder
from lean_core.registry.payload import (
    PayloadFile,
    artifact_name,
    hash_artifact,
    hash_payload,
    refuse_changed,
    take_artifact,
)


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def paths(*files: PayloadFile) -> list[str]:
    return [file.path for file in files]


def test_a_file_keeps_its_name(tmp_path: Path):
    write(tmp_path, "out/model.pkl")
    (file,) = take_artifact(tmp_path / "out" / "model.pkl")
    assert (file.path, file.bytes) == ("model.pkl", 13)


def test_a_folder_is_taken_whole_under_its_name(tmp_path: Path):
    write(tmp_path, "model/MLmodel", "model/data/weights.bin", "model/.hidden")
    assert paths(*take_artifact(tmp_path / "model")) == ["model/.hidden", "model/MLmodel", "model/data/weights.bin"]


def test_the_current_folder_has_a_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "model", "a.bin", "inner/b.bin")
    monkeypatch.chdir(tmp_path / "model")
    assert paths(*take_artifact(Path())) == ["model/a.bin", "model/inner/b.bin"]
    assert artifact_name(Path("inner/..")) == "model"


def test_a_link_that_a_person_names_is_followed(tmp_path: Path):
    write(tmp_path, "old/model-3.pkl")
    (tmp_path / "latest.pkl").symlink_to(tmp_path / "old" / "model-3.pkl")
    (file,) = take_artifact(tmp_path / "latest.pkl")
    assert (file.path, file.bytes) == ("latest.pkl", 15)


def test_a_link_within_the_folder_counts_as_the_file(tmp_path: Path):
    write(tmp_path, "model/blobs/x")
    (tmp_path / "model" / "weights").symlink_to("blobs/x")
    assert paths(*take_artifact(tmp_path / "model")) == ["model/blobs/x", "model/weights"]


@pytest.mark.parametrize("target", ["../secret", "/etc/hostname", "blobs"])
def test_a_link_out_of_the_folder_or_to_a_folder_is_refused(tmp_path: Path, target: str):
    write(tmp_path, "secret", "model/blobs/x")
    (tmp_path / "model" / "weights").symlink_to(target)
    with pytest.raises(NameRefused, match=r"is a link (out of|to a folder)"):
        take_artifact(tmp_path / "model")


def test_a_link_to_nothing_is_refused(tmp_path: Path):
    write(tmp_path, "model/x")
    (tmp_path / "model" / "weights").symlink_to("gone")
    with pytest.raises(UsageError, match="is a link to something that is not there"):
        take_artifact(tmp_path / "model")


def test_what_is_missing_or_empty_is_refused(tmp_path: Path):
    (tmp_path / "empty.pkl").touch()
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    for name, said in (("gone.pkl", "there is no"), ("empty.pkl", "is empty"), ("folder", "holds no file")):
        with pytest.raises(UsageError, match=said):
            take_artifact(tmp_path / name)


def test_an_empty_file_beside_others_is_taken(tmp_path: Path):
    write(tmp_path, "model/x")
    (tmp_path / "model" / "__init__.py").touch()
    assert paths(*take_artifact(tmp_path / "model")) == ["model/__init__.py", "model/x"]


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="is not a file"):
        take_artifact(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["version.json", "upload.json"])
def test_names_of_the_registry_s_own_are_refused(tmp_path: Path, name: str):
    write(tmp_path, name)
    with pytest.raises(NameRefused, match=f"can't be called {name}"):
        take_artifact(tmp_path / name)


@pytest.mark.parametrize("name", [b"w\xff.bin", b"a\\b", b"a\nb"])
def test_names_that_no_registry_can_hold_are_refused(tmp_path: Path, name: bytes):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / os.fsdecode(name)).write_text("x")
    with pytest.raises(NameRefused):
        take_artifact(tmp_path / "model")


def test_an_artifact_is_hashed_as_the_file_or_folder_that_it_is(tmp_path: Path):
    write(tmp_path, "model/a", "model/inner/b", "model.pkl")
    hashed = hash_payload(take_artifact(tmp_path / "model"))
    assert hash_artifact(hashed, "model") == hash_folder(tmp_path / "model")
    hashed = hash_payload(take_artifact(tmp_path / "model.pkl"))
    assert hash_artifact(hashed, "model.pkl") == hashlib.sha256(b"model.pkl").hexdigest()


def test_hashing_tells_of_every_byte(tmp_path: Path):
    write(tmp_path, "model/a", "model/inner/b")
    told: list[int] = []
    files = take_artifact(tmp_path / "model")
    hash_payload(files, progress=told.append)
    assert sum(told) == sum(file.bytes for file in files) > 0


def test_a_file_that_was_written_to_is_noticed(tmp_path: Path):
    write(tmp_path, "model.pkl")
    (file,) = take_artifact(tmp_path / "model.pkl")
    refuse_changed(file)
    (tmp_path / "model.pkl").write_text("longer than it was")
    with pytest.raises(UsageError, match=re.escape("model.pkl changed while it was registered")):
        hash_payload([file])
    (tmp_path / "model.pkl").unlink()
    with pytest.raises(UsageError, match="changed while"):
        refuse_changed(file)
