from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pytest

from lean_core.doctor import Finding, RegistryLook, examine
from lean_core.errors import ObjectsForbidden
from lean_core.objects import LocalObjects
from lean_core.registry import Step
from lean_core.workbench import Workbench
from tests.ceph import Ceph
from tests.contract.backends import Backend, bucket, name_owner
from tests.registry.folders import a_record, write, write_version
from tests.swift import Swift

NOW = dt.datetime(2026, 11, 23, 12)
LOCAL = '[registry]\nuri = "registry"\n'


@pytest.fixture(autouse=True)
def _away_from_any_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def workspace(make_workspace) -> Path:
    """Return a workspace with a registry in it, which has one version."""
    folder = make_workspace(LOCAL)
    write_version(folder / "registry", a_record(code=None))
    write(folder, "data/train.csv", "a,b\n")
    return folder


def look(folder: Path, **how: object) -> list[Finding]:
    found = examine(folder, now=NOW, look=RegistryLook(**how))
    return [each for each in found if each.about.startswith("registry")]


def test_a_registry_is_looked_at_with_the_rest(workspace: Path):
    missing, summary = look(workspace)
    assert (missing.severity, missing.about) == ("warning", "registry churn/1")
    assert missing.message == "the record does not say: commit"
    assert (summary.severity, summary.about) == ("ok", "registry")
    assert summary.message.startswith("1 version of 1 model and 0 events checked, without the hashes")


def test_a_workspace_without_a_registry_has_nothing_to_look_at(make_workspace):
    assert look(make_workspace()) == []


def test_a_registry_that_is_not_made_yet_is_a_warning(make_workspace):
    (found,) = look(make_workspace(LOCAL))
    assert found.severity == "warning"
    assert "there is no folder" in found.message
    assert "register a first version" in found.action


def test_a_registry_that_cant_be_read_is_an_error(make_workspace):
    folder = make_workspace(LOCAL)
    write(folder, "registry", "a file")
    (found,) = look(folder)
    assert found.severity == "error"
    assert "is not a folder" in found.message


def test_settings_that_name_no_bucket_are_an_error(make_workspace):
    (found,) = look(make_workspace('[registry]\nuri = "s3:///prefix"\n'))
    assert (found.severity, found.about) == ("error", "registry")


def test_looking_makes_no_file(workspace: Path):
    before = sorted(workspace.rglob("*"))
    look(workspace, depth="hashes")
    assert sorted(workspace.rglob("*")) == before


def test_hashes_are_compared_where_that_is_asked_for(workspace: Path):
    write(workspace, "registry/churn/1/model.pkl", "x" * 19)
    assert not [each for each in look(workspace) if each.severity == "error"]
    (found,) = [each for each in look(workspace, depth="hashes") if each.severity == "error"]
    assert "is not what was registered" in found.message


def test_many_findings_of_a_kind_are_counted(workspace: Path):
    for number in range(6):
        write(workspace, f"registry/churn/a{number}/model.pkl", "x")
    found = [each for each in look(workspace, most=2) if "nobody registered" in each.message]
    assert len(found) == 2
    assert "4 more of this kind (folder)" in [each.message for each in look(workspace, most=2)]
    assert len([each for each in look(workspace) if "nobody registered" in each.message]) == 6


def test_the_progress_is_told(workspace: Path):
    steps: list[Step] = []
    look(workspace, tell=steps.append, depth="hashes")
    assert {step.phase for step in steps} == {"listing", "reading versions", "reading events", "hashing"}


def test_an_index_that_is_stale_is_a_warning(workspace: Path, clock):
    workbench = Workbench.open(workspace)
    workbench.refresh_registry()
    assert not [each for each in look(workspace) if "refresh" in each.message]
    (workspace / "registry").rename(workspace / "elsewhere")
    clock.advance(hours=1)
    workbench.refresh_registry()
    (workspace / "elsewhere").rename(workspace / "registry")
    (found,) = [each for each in look(workspace) if "refresh" in each.message]
    assert found.severity == "warning"
    assert "its pages show the state of 2026-11-23 12:00 UTC" in found.message


def in_bucket(make_workspace, backend: Backend, more: str = "") -> Path:
    place = backend.open()
    toml = (
        f'[registry]\nuri = "{place.uri}"\nendpoint = "{place.place.endpoint}"\nregion = "{place.place.region}"\n{more}'
    )
    return make_workspace(toml, name=uuid.uuid4().hex)


@pytest.mark.s3
def test_a_bucket_in_which_of_two_writers_one_wins_is_all_well(
    make_workspace, ceph: Ceph, monkeypatch: pytest.MonkeyPatch
):
    name_owner(ceph, monkeypatch)
    found = look(in_bucket(make_workspace, bucket(ceph, f"team/{uuid.uuid4().hex}")))
    assert [each.severity for each in found] == ["ok", "ok"]
    assert "of two who write" in found[1].message
    assert "exactly one wins" in found[1].message


@pytest.mark.s3
@pytest.mark.parametrize(("more", "severity"), [("", "error"), ("single_writer = true\n", "warning")])
def test_a_bucket_in_which_two_writers_may_win_needs_a_promise(
    make_workspace, swift: Swift, monkeypatch: pytest.MonkeyPatch, more: str, severity: str
):
    name_owner(swift, monkeypatch)
    folder = in_bucket(make_workspace, bucket(swift, f"team/{uuid.uuid4().hex}"), more)
    found = look(folder)[-1]
    assert found.severity == severity
    assert "both may think that they won" in found.message
    assert "single_writer = true" in found.action


def test_an_account_that_may_only_read_is_a_warning(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    class ReadOnly(LocalObjects):
        uri = "s3://bucket/registry"

        def creates_safely(self) -> bool:
            raise ObjectsForbidden("s3://bucket/registry: we may not")

    monkeypatch.setattr(Workbench, "objects", lambda self: ReadOnly(self.folder / "registry"))
    found = look(workspace)[-1]
    assert found.severity == "warning"
    assert "may read s3://bucket/registry and not write to it" in found.message
