from __future__ import annotations

import datetime as dt
import math
import os
from dataclasses import replace
from pathlib import Path

import pytest

from lean_core.errors import NameRefused, NotInRegistry, RootMissing
from lean_core.objects import LocalObjects
from lean_core.registry import (
    Metrics,
    Version,
    files_at,
    list_models,
    read_model,
    read_trail,
    read_version,
)
from lean_core.registry.upload import Upload, render_upload
from tests.registry.folders import AT, FILES, a_record, a_withdrawal, write, write_event, write_version

LATER = AT + dt.timedelta(days=1)


def read(root: Path, version: str = "1") -> Version:
    return read_version(LocalObjects(root), "churn", version)


def test_a_version_is_read_with_its_record_files_and_metrics(tmp_path: Path):
    record = write_version(tmp_path)
    version = read(tmp_path)
    assert (version.state, version.problem, version.record) == ("recorded", None, record)
    assert version.metrics["auc"] == 0.91
    assert math.isnan(version.metrics["loss"])
    assert version.metrics_problem is None
    assert [file.key for file in version.files] == [f"churn/1/{name}" for name in sorted([*FILES, "version.json"])]
    assert version.bytes == sum(path.stat().st_size for path in (tmp_path / "churn/1").iterdir())
    assert version.since == AT


def test_a_registration_that_was_begun_and_left_no_record_is_incomplete_and_says_whose(tmp_path: Path):
    upload = Upload(model="churn", version="1", begun_at=AT, begun_by="ana", files=1, bytes=1, sha256="a" * 64)
    write(tmp_path, "churn/1/upload.json", render_upload(upload))
    write(tmp_path, "churn/1/model.pkl", "x")
    version = read(tmp_path)
    assert (version.state, version.record, version.since) == ("incomplete", None, AT)
    assert "begun by ana on 2026-11-23 20:15 UTC" in (version.problem or "")


def test_a_registration_is_incomplete_even_where_its_begin_cant_be_read(tmp_path: Path):
    write(tmp_path, "churn/1/upload.json", "")
    assert read(tmp_path).state == "incomplete"


def test_files_without_a_sign_of_a_registration_are_somebodys_own(tmp_path: Path):
    write(tmp_path, "churn/1/model/upload.json", "{}")
    version = read(tmp_path)
    assert (version.state, version.record, version.since) == ("foreign", None, AT)
    assert "adopt it" in (version.problem or "")


@pytest.mark.parametrize("content", ["", "{", '{"schema": 1, "model": "churn"}'])
def test_a_record_that_is_damaged_is_unreadable_with_its_sentence(tmp_path: Path, content: str):
    write(tmp_path, "churn/1/version.json", content)
    version = read(tmp_path)
    assert (version.state, version.record) == ("unreadable", None)
    assert (version.problem or "").startswith("version.json ")


def test_a_file_that_is_too_large_for_a_record_is_not_read(tmp_path: Path):
    write(tmp_path, "churn/1/version.json", b" " * 4_000_001)
    version = read(tmp_path)
    assert version.state == "unreadable"
    assert "more than 4,000,000 bytes" in (version.problem or "")


def test_a_record_that_may_not_be_read_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_version(tmp_path)
    real_open = os.open

    def refuse(path, *arguments, **named):
        if str(path).endswith("version.json"):  # root may read everything, whatever the permissions say
            raise PermissionError(13, "Permission denied", path)
        return real_open(path, *arguments, **named)

    monkeypatch.setattr(os, "open", refuse)
    version = read(tmp_path)
    assert version.state == "unreadable"
    assert "Permission denied" in (version.problem or "")
    assert not version.lasting


def test_a_record_that_is_a_link_out_of_the_registry_is_not_followed(tmp_path: Path):
    write(tmp_path, "elsewhere/version.json", "{}")
    root = tmp_path / "registry"
    write_version(root)
    (root / "churn/1/version.json").unlink()
    (root / "churn/1/version.json").symlink_to(tmp_path / "elsewhere/version.json")
    version = read(root)
    assert version.state == "unreadable"
    assert "leads out" in (version.problem or "")


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("gone.json", "gone.json is not there, though the record names it"),
        ("../2/metrics.json", "the metrics file can't be read: the path '../2/metrics.json' is not one in the version"),
        ("/etc/passwd", "the metrics file can't be read: the path '/etc/passwd' is not one in the version"),
        ("C:\\metrics.json", "the metrics file can't be read: the path 'C:\\\\metrics.json' is not one in the version"),
        ("requirements.lock", "requirements.lock is not JSON"),
    ],
)
def test_a_metrics_file_that_cant_be_used_has_its_own_sentence(tmp_path: Path, path: str, problem: str):
    write_version(tmp_path, a_record(metrics=Metrics(path=path)))
    write_version(tmp_path, a_record(version="2"))
    version = read(tmp_path)
    assert version.state == "recorded"
    assert version.metrics == {}
    assert (version.metrics_problem or "").startswith(problem)


def test_a_metrics_path_may_begin_with_the_folder_itself(tmp_path: Path):
    write_version(tmp_path, a_record(metrics=Metrics(path="./metrics.json")))
    assert read(tmp_path).metrics["auc"] == 0.91


def test_a_version_without_metrics_has_none_and_no_problem(tmp_path: Path):
    write_version(tmp_path, a_record(metrics=None))
    version = read(tmp_path)
    assert (version.metrics, version.metrics_problem) == ({}, None)


def test_what_is_not_there_is_told_as_such(tmp_path: Path):
    write_version(tmp_path)
    with pytest.raises(NotInRegistry, match=r"no version 2 of churn in /"):
        read(tmp_path, "2")
    with pytest.raises(NotInRegistry, match="no model fraud in"):
        read_model(LocalObjects(tmp_path), "fraud")


def test_a_name_that_leaves_the_registry_is_refused(tmp_path: Path):
    for name in ("..", "../churn", ""):
        with pytest.raises(NameRefused):
            read(tmp_path, name)
        with pytest.raises(NameRefused):
            read_model(LocalObjects(tmp_path), name)
        with pytest.raises(NameRefused):
            read_trail(LocalObjects(tmp_path), name)


def test_a_registry_that_is_not_there_is_an_error(tmp_path: Path):
    with pytest.raises(RootMissing):
        read(tmp_path / "gone")


def test_versions_of_a_model_come_newest_first(tmp_path: Path):
    for number, name in enumerate(("b", "c", "a")):
        write_version(tmp_path, a_record(version=name, created_at=AT + dt.timedelta(days=number)))
    write_version(tmp_path, a_record(version="long ago", created_at=None), at=AT - dt.timedelta(days=9))
    write_version(tmp_path, a_record(version="0", created_at=None), at=AT - dt.timedelta(days=9))
    assert [version.version for version in read_model(LocalObjects(tmp_path), "churn")] == ["a", "c", "b", "0"]


def test_a_trail_is_read_in_order_with_what_cant_be_read(tmp_path: Path):
    second = write_event(tmp_path, a_withdrawal(number=1, at=LATER))
    first = write_event(tmp_path, a_withdrawal(number=2, at=AT))
    write(tmp_path, "churn/trail/odd.json", "{")
    trail = read_trail(LocalObjects(tmp_path), "churn")
    assert trail.events == (first, second)
    assert [each.key for each in trail.unreadable] == ["churn/trail/odd.json"]


def test_a_model_without_a_trail_has_an_empty_one(tmp_path: Path):
    write_version(tmp_path)
    trail = read_trail(LocalObjects(tmp_path), "churn")
    assert (trail.events, trail.unreadable) == ((), ())


def test_models_are_folders_that_may_be_called_so(tmp_path: Path):
    write_version(tmp_path)
    write_version(tmp_path, a_record("fraud"))
    for name in (".git", "my model", "trail"):
        (tmp_path / name).mkdir()
    assert list_models(LocalObjects(tmp_path)) == ["churn", "fraud"]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("model.pkl", ["model.pkl"]),
        ("./model.pkl", ["model.pkl"]),
        ("deep", ["deep/a", "deep/b/c"]),
        ("deep/", ["deep/a", "deep/b/c"]),
        (".", ["deep/a", "deep/b/c", "deeper", "model.pkl"]),
        ("dee", []),
        ("", []),
        ("..", []),
        ("../1/model.pkl", []),
        ("deep/../model.pkl", []),
        ("/churn/1/model.pkl", []),
        ("version.json", []),
    ],
)
def test_a_path_of_a_record_means_files_of_its_version_only(tmp_path: Path, path: str, names: list[str]):
    files = {"model.pkl": b"", "deep/a": b"", "deep/b/c": b"", "deeper": b""}
    write_version(tmp_path, replace(a_record(), metrics=None), files=files)
    assert [file.key.removeprefix("churn/1/") for file in files_at(read(tmp_path), path)] == names
