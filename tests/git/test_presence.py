from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.git import NotHere, Presence, find_commits, plain_address
from tests.repo import Repo

NOWHERE = "0" * 40


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "project")


def look(folder: Path, *shas: str) -> Presence:
    found = find_commits(folder, shas)
    assert isinstance(found, Presence), found
    return found


def test_commits_that_are_not_here_are_told(repo: Repo):
    here = [repo.commit("one", {"a.py": "1"}), repo.commit("two", {"a.py": "2"})]
    assert look(repo.folder, *here, NOWHERE, "a" * 64).missing == {NOWHERE, "a" * 64}


def test_what_is_no_commit_does_not_count_as_one(repo: Repo):
    repo.commit("one", {"a.py": "1"})
    tree = repo.git("rev-parse", "HEAD^{tree}")
    assert look(repo.folder, tree).missing == {tree}


def test_nothing_but_full_hashes_is_ever_asked(repo: Repo):
    sha = repo.commit("one", {"a.py": "1"})
    assert look(repo.folder, "HEAD", "--all", sha[:10], f"{sha}\n{NOWHERE}").missing == set()


def test_many_commits_take_one_question(repo: Repo):
    sha = repo.commit("one", {"a.py": "1"})
    many = [f"{number:040x}" for number in range(20_000)]
    assert look(repo.folder, sha, *many).missing == set(many)


def test_a_shallow_clone_is_told(repo: Repo, tmp_path: Path):
    first = repo.commit("one", {"a.py": "1"})
    repo.commit("two", {"a.py": "2"})
    assert not look(repo.folder, NOWHERE).is_shallow
    repo.git("clone", "--quiet", "--depth", "1", repo.folder.as_uri(), str(tmp_path / "clone"))
    found = look(tmp_path / "clone", first)
    assert found.is_shallow
    assert found.missing == {first}


def test_remotes_are_told_by_their_plain_addresses(repo: Repo):
    repo.git("remote", "add", "origin", "git@example.org:shop/churn.git")
    repo.git("remote", "add", "mine", "https://ana:secret@example.org/ana/churn")
    assert look(repo.folder, NOWHERE).remotes == {"example.org/shop/churn", "example.org/ana/churn"}


def test_a_folder_outside_of_git_is_a_reason(tmp_path: Path):
    found = find_commits(tmp_path, [NOWHERE])
    assert isinstance(found, NotHere)
    assert "is not in a git repository" in found.reason


@pytest.mark.parametrize(
    "address",
    [
        "git@example.org:shop/churn.git",
        "https://example.org/shop/churn",
        "https://Example.ORG/shop/churn.git/",
        "https://ana:token@example.org/shop/churn.git",
        "ssh://git@example.org:2222/shop/churn.git",
        "git+ssh://git@example.org/shop/churn",
    ],
)
def test_one_repository_has_one_plain_address(address: str):
    assert plain_address(address) == "example.org/shop/churn"


def test_a_path_is_its_own_plain_address():
    assert plain_address("/srv/git/Churn.git") == plain_address("file:///srv/git/Churn") == "/srv/git/Churn"
