from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from lean_core.git import NotHere, Tree, read_tree, read_user
from tests.repo import Repo


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "project")


def tree(repo: Repo, *own: str, at: str = "") -> Tree:
    found = read_tree(repo.folder / at, own=[repo.folder / path for path in own])
    assert isinstance(found, Tree), found
    return found


def refusal(folder: Path) -> str:
    found = read_tree(folder)
    assert isinstance(found, NotHere)
    assert "\n" not in found.reason
    return found.reason


def test_a_clean_tree_is_at_its_commit(repo: Repo):
    sha = repo.commit("one", {"a.py": "1\n", "src/b.py": "1\n"})
    found = tree(repo, at="src")
    assert (found.root, found.commit, found.is_dirty) == (repo.folder, sha, False)
    assert (found.remote, found.is_pushed) == (None, None)


def test_changed_and_untracked_files_are_told_apart(repo: Repo):
    repo.commit(
        "one", {"a.py": "1\n", "b c.py": "1\n", "gone.py": "1\n", "old name.py": "1\n2\n3\n", ".gitignore": "*.log\n"}
    )
    (repo.folder / "b c.py").write_text("2\n")
    (repo.folder / "gone.py").unlink()
    repo.git("mv", "old name.py", "new näme.py")
    for name in ("new file.py", "data/x.csv", "train.log"):
        (repo.folder / name).parent.mkdir(exist_ok=True)
        (repo.folder / name).write_text("x")
    found = tree(repo)
    assert sorted(found.changed) == ["b c.py", "gone.py", "new näme.py"]
    assert found.untracked == ("data/", "new file.py")
    assert found.is_dirty


def test_a_conflict_is_a_change(repo: Repo):
    repo.commit("one", {"a b.py": "1\n"})
    repo.git("checkout", "--quiet", "-b", "other")
    repo.commit("two", {"a b.py": "2\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit("three", {"a b.py": "3\n"})
    with pytest.raises(subprocess.CalledProcessError):
        repo.git("merge", "--quiet", "other")
    assert tree(repo).changed == ("a b.py",)


def test_our_own_files_do_not_make_it_dirty_but_what_lies_beside_them_does(repo: Repo):
    repo.commit("one", {"a.py": "1\n"})
    (repo.folder / "registry" / "churn" / "1").mkdir(parents=True)
    (repo.folder / "registry" / "churn" / "1" / "version.json").write_text("{}")
    (repo.folder / "out").mkdir()
    (repo.folder / "out" / "model.pkl").write_text("x")
    assert tree(repo).untracked == ("out/", "registry/")
    assert not tree(repo, "registry", "out/model.pkl", "elsewhere").is_dirty
    (repo.folder / "out" / "notes.txt").write_text("x")
    assert tree(repo, "registry", "out/model.pkl").untracked == ("out/",)


def test_a_tracked_file_that_changed_counts_even_where_it_is_our_own(repo: Repo):
    repo.commit("one", {"model.pkl": "1\n"})
    (repo.folder / "model.pkl").write_text("2\n")
    assert tree(repo, "model.pkl").changed == ("model.pkl",)


def test_a_changed_submodule_is_a_change(repo: Repo, tmp_path: Path):
    part = Repo(tmp_path / "part")
    part.commit("one", {"a.py": "1\n"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(part.folder), "part")
    repo.commit("with a part", {})
    assert not tree(repo).is_dirty
    (repo.folder / "part" / "a.py").write_text("2\n")
    assert tree(repo).changed == ("part",)


def test_a_repository_without_a_commit_has_none(repo: Repo):
    (repo.folder / "a.py").write_text("1\n")
    found = tree(repo)
    assert (found.commit, found.untracked) == (None, ("a.py",))


def test_a_detached_head_and_a_linked_worktree_have_their_commit(repo: Repo, tmp_path: Path):
    first = repo.commit("one", {"a.py": "1\n"})
    repo.commit("two", {"a.py": "2\n"})
    repo.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"), first)
    found = read_tree(tmp_path / "linked")
    assert isinstance(found, Tree)
    assert (found.commit, found.is_dirty) == (first, False)


def test_a_shallow_clone_has_its_commit(repo: Repo, tmp_path: Path):
    repo.commit("one", {"a.py": "1\n"})
    sha = repo.commit("two", {"a.py": "2\n"})
    repo.git("clone", "--quiet", "--depth", "1", f"file://{repo.folder}", str(tmp_path / "shallow"))
    found = read_tree(tmp_path / "shallow")
    assert isinstance(found, Tree)
    assert (found.commit, found.remote, found.is_pushed) == (sha, f"file://{repo.folder}", True)


def test_a_commit_that_no_remote_branch_has_is_not_pushed(repo: Repo, tmp_path: Path):
    repo.commit("one", {"a.py": "1\n"})
    repo.git("clone", "--quiet", str(repo.folder), str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    clone.commit("two", {"a.py": "2\n"})
    assert tree(clone).is_pushed is False


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ana:s3cr/et@github.com/acme/churn.git", "https://github.com/acme/churn.git"),
        ("https://ghp_token@github.com/acme/churn.git", "https://github.com/acme/churn.git"),
        ("git@github.com:acme/churn.git", "git@github.com:acme/churn.git"),
        ("ssh://git:pw@host/churn.git", "ssh://git:***@host/churn.git"),
        ("https://host/churn.git?private_token=abc", "https://host/churn.git?private_token=***"),
    ],
)
def test_the_remote_is_shown_without_secrets(repo: Repo, address: str, shown: str):
    repo.git("remote", "add", "origin", address)
    assert tree(repo).remote == shown


def test_the_remote_is_the_branch_s_own_then_origin_then_the_only_one(repo: Repo, tmp_path: Path):
    repo.commit("one", {"a.py": "1\n"})
    repo.git("remote", "add", "fork/mine", "https://host/mine.git")
    assert tree(repo).remote == "https://host/mine.git"
    repo.git("remote", "add", "other", "https://host/other.git")
    assert tree(repo).remote is None
    repo.git("remote", "add", "origin", "https://host/origin.git")
    assert tree(repo).remote == "https://host/origin.git"
    repo.git("update-ref", "refs/remotes/fork/mine/main", "HEAD")
    repo.git("branch", "--quiet", "--set-upstream-to=fork/mine/main")
    assert tree(repo).remote == "https://host/mine.git"


def test_an_address_that_git_would_rewrite_is_shown_as_it_is_set(repo: Repo):
    repo.git("remote", "add", "origin", "https://github.com/acme/churn.git")
    repo.git("config", "url.https://x-access-token:abc@github.com/.insteadOf", "https://github.com/")
    assert tree(repo).remote == "https://github.com/acme/churn.git"


def test_what_is_no_working_tree_says_so(tmp_path: Path, repo: Repo):
    assert "not in a git repository" in refusal(tmp_path)
    assert "There is no folder" in refusal(tmp_path / "nowhere")
    repo.git("clone", "--quiet", "--bare", str(repo.folder), str(tmp_path / "bare.git"))
    assert "without a working tree" in refusal(tmp_path / "bare.git")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_says_what_to_do(repo: Repo):
    repo.commit("one", {"a.py": "1\n"})
    os.chown(repo.folder, 12345, 12345)
    os.chown(repo.folder / ".git", 12345, 12345)
    assert "safe.directory" in refusal(repo.folder)


def test_looking_leaves_the_repository_as_it_was(repo: Repo):
    repo.commit("one", {"a.py": "1\n"})
    (repo.folder / "a.py").touch()  # `git status` would refresh the index

    def state() -> list[tuple[str, int, int]]:
        paths = sorted(repo.folder.rglob("*"))
        return [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths]

    before = state()
    assert not tree(repo).is_dirty
    assert state() == before


def test_the_user_is_who_git_says(repo: Repo, tmp_path: Path):
    assert read_user(repo.folder) is None
    (tmp_path / "gitconfig").write_text("[user]\n\temail = ana@example.com\n")
    assert read_user(repo.folder) == "ana@example.com"
    assert read_user(tmp_path) == "ana@example.com"
    repo.git("config", "user.name", "Ana Ü")
    assert read_user(repo.folder) == "Ana Ü"
    assert read_user(tmp_path / "nowhere") is None
