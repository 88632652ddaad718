from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.objects import LocalObjects
from lean_core.registry import Artifact, Code, Environment, Record, hash_folder, read_version, tell_nobody
from lean_core.releases import Preflight, check_version
from tests.registry.folders import FILES, a_record, write, write_version


def checked(root: Path, record: Record | None = None, *, files: dict[str, bytes] = FILES) -> Preflight:
    if record is not None:
        write_version(root, record, files=files)
    objects = LocalObjects(root)
    return check_version(objects, read_version(objects, "churn", "1"), tell=tell_nobody)


def verdicts(preflight: Preflight) -> dict[str, str]:
    return {check.name: check.verdict for check in preflight.checks}


def test_a_whole_version_passes(tmp_path: Path):
    preflight = checked(tmp_path, a_record())
    assert verdicts(preflight) == {"record": "pass", "artifact": "pass", "hash": "pass", "lock file": "pass"}
    assert (preflight.blocked, preflight.doubts) == (None, ())


def test_an_artifact_that_is_gone_blocks(tmp_path: Path):
    preflight = checked(tmp_path, a_record(), files={name: FILES[name] for name in FILES if name != "model.pkl"})
    assert verdicts(preflight) == {"record": "pass", "artifact": "fail", "lock file": "pass"}
    assert preflight.blocked == "The artifact model.pkl is not in the registry any more."


def test_an_artifact_that_was_changed_blocks(tmp_path: Path):
    preflight = checked(tmp_path, a_record(), files={**FILES, "model.pkl": b"something else"})
    assert verdicts(preflight)["hash"] == "fail"
    assert "is not what was registered" in (preflight.blocked or "")


def test_a_folder_is_hashed_as_it_was_registered(tmp_path: Path):
    files = {"model/a.bin": b"a", "model/sub/b.bin": b"b", "requirements.lock": FILES["requirements.lock"]}
    for name, content in files.items():
        write(tmp_path, f"original/{name}", content)
    sha256 = hash_folder(tmp_path / "original" / "model")
    record = a_record(artifact=Artifact(path="model", sha256=sha256), metrics=None)
    assert verdicts(checked(tmp_path / "registry", record, files=files))["hash"] == "pass"
    write(tmp_path / "registry", "churn/1/model/sub/b.bin", b"B")
    assert verdicts(checked(tmp_path / "registry"))["hash"] == "fail"


def test_a_lock_file_that_is_gone_or_was_changed_is_told_and_does_not_block(tmp_path: Path):
    files = {name: FILES[name] for name in FILES if name != "requirements.lock"}
    gone = checked(tmp_path / "1", a_record(), files=files)
    changed = checked(tmp_path / "2", a_record(), files={**FILES, "requirements.lock": b"x==1\n"})
    for preflight in (gone, changed):
        assert verdicts(preflight)["lock file"] == "fail"
        assert preflight.blocked is None
        assert len(preflight.doubts) == 1


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"artifact": None}, "artifact"),
        ({"artifact": Artifact(path="model.pkl")}, "hash"),
        ({"environment": None}, "lock file"),
        ({"environment": Environment(python="3.11")}, "lock file"),
    ],
)
def test_what_the_record_does_not_say_is_unknown_and_no_pass(tmp_path: Path, fields, name: str):
    preflight = checked(tmp_path, a_record(**fields))
    assert verdicts(preflight)[name] == "unknown"
    assert preflight.blocked is None
    assert preflight.doubts


def test_a_dirty_working_tree_is_noted_and_stands_in_the_way_of_nothing(tmp_path: Path):
    preflight = checked(tmp_path, a_record(code=Code(commit="0" * 40, dirty=True)))
    assert preflight.notes == (
        "1 was registered from a dirty working tree: it can be deployed again, but not rebuilt from its commit.",
    )
    assert (preflight.blocked, preflight.doubts) == (None, ())


@pytest.mark.parametrize("code", [Code(commit="0" * 40, dirty=False), Code(commit="0" * 40), None])
def test_a_working_tree_that_is_not_known_to_be_dirty_is_not_noted(tmp_path: Path, code: Code | None):
    assert checked(tmp_path, a_record(code=code)).notes == ()


def test_a_record_that_can_not_be_read_blocks(tmp_path: Path):
    write(tmp_path, "churn/1/version.json", "{")
    write(tmp_path, "churn/1/model.pkl", "x")
    assert "can't be used" in (checked(tmp_path).blocked or "")
