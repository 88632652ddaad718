"""The registry as the workbench hands it over: from the settings to the index and the doctor."""

from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.errors import NotInRegistry, SettingsError
from lean_core.registry import Code, Data, hash_bytes, tell_nobody
from lean_core.registry.verify import Finding, Scope
from lean_core.workbench import Workbench
from tests.registry.folders import a_record, a_withdrawal, write, write_event, write_version
from tests.repo import Repo


@pytest.fixture
def workbench(make_workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Workbench:
    """Return a workspace in a repository's folder, with a registry that has one version in order."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = make_workspace('[workspace]\nrepository = "code/src"\n[registry]\nuri = "models"\n')
    commit = Repo(folder / "code").commit("one", {"src/train.py": "1", "data/train.csv": "a,b\n"})
    write_version(folder / "models", a_record(code=Code(commit=commit, dirty=False)))
    return Workbench.open(folder)


def verify(workbench: Workbench, **scope: str) -> list[Finding]:
    *found, last = workbench.verify_registry(Scope(**scope), depth="hashes", tell=tell_nobody)
    assert last.severity == "ok"
    return found


def test_the_registry_of_the_settings_is_opened(workbench: Workbench):
    assert workbench.objects().uri == str(workbench.folder / "models")


def test_a_bucket_is_opened_without_asking_it(make_workspace):
    toml = '[registry]\nuri = "s3://models/team"\nendpoint = "http://127.0.0.1:1"\nregion = "default"\n'
    assert Workbench.open(make_workspace(toml)).objects().uri == "s3://models/team"


def test_without_a_registry_the_settings_are_asked_for_one(make_workspace):
    workbench = Workbench.open(make_workspace())
    for ask in (workbench.objects, workbench.refresh_registry, workbench.registry_state, lambda: verify(workbench)):
        with pytest.raises(SettingsError, match=r"names no registry: add a line \[registry\]"):
            ask()


def test_the_index_is_what_pages_see(workbench: Workbench):
    assert workbench.registry_state().state == "never"
    assert workbench.registry_models() == []
    event = write_event(workbench.folder / "models", a_withdrawal("1"))
    assert workbench.refresh_registry().new == 1
    assert workbench.registry_state().state == "ok"
    assert [model.name for model in workbench.registry_models()] == ["churn"]
    assert [version.version for version in workbench.registry_versions("churn")] == ["1"]
    assert workbench.registry_trail("churn").events == workbench.registry_trail().events == (event,)
    found = workbench.registry_version("churn", "1")
    assert found is not None
    assert found.metrics["auc"] == 0.91
    assert workbench.registry_version("churn", "2") is None


def test_commits_and_data_are_looked_up_from_the_repositorys_root(workbench: Workbench):
    assert verify(workbench) == []
    (workbench.folder / "code/data/train.csv").unlink()
    assert [(each.severity, each.subject) for each in verify(workbench)] == [("warning", "data")]


def test_data_is_looked_up_from_the_workspace_too(workbench: Workbench):
    write(workbench.folder, "own.csv", "1")
    data = (Data(name="train", ref="own.csv", digest=f"sha256:{hash_bytes(b'1')}"),)
    write_version(workbench.folder / "models", a_record(version="2", code=None, data=data))
    assert [each.subject for each in verify(workbench, version="2", model="churn")] == ["fields"]
    write(workbench.folder, "own.csv", "2")
    assert [each.subject for each in verify(workbench, version="2", model="churn")] == ["fields", "data"]


def test_a_model_that_is_not_there_can_not_be_verified(workbench: Workbench):
    with pytest.raises(NotInRegistry):
        verify(workbench, model="fraud")
