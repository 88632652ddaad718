from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.registry import Code, Record, Version
from lean_core.releases.difference import CodeChange, Item, Packages, compare_versions, describe_side, read_code_change
from tests.registry.folders import a_record
from tests.releases.builders import a_trail
from tests.repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "repo")


def a_version(name: str, commit: str) -> Record:
    return a_record(version=name, code=Code(commit=commit, dirty=False))


def changed(repo: Repo, first: str, second: str) -> tuple[CodeChange, Item]:
    one, other = a_version("12", first), a_version("13", second)
    change = read_code_change(repo.folder, one, other)
    sides = [
        describe_side(
            Version(model="churn", version=record.version, state="recorded", record=record),
            Packages(),
            a_trail(),
            environment="prod",
        )
        for record in (one, other)
    ]
    items = compare_versions(*sides, change).items
    return change, next(item for item in items if item.name == "commits")


def test_commits_come_with_authors_subjects_and_the_diff(repo: Repo):
    first = repo.commit("Begin", {"train.py": "depth = 4\n"})
    second = repo.commit("Grow deeper", {"train.py": "depth = 6\n"})
    change, item = changed(repo, first, second)
    (commit,) = change.commits
    assert (commit.sha, commit.author, commit.subject, commit.only_in) == (second, "Ada", "Grow deeper", "13")
    assert change.diff is not None
    assert "+depth = 6" in change.diff.text
    assert item.sentence == f"From {first[:10]} to {second[:10]}. 1 commit by Ada."


def test_commits_with_an_ai_co_author_are_counted_and_whether_anybody_looked(repo: Repo):
    first = repo.commit("Begin", {"a.py": "1"})
    repo.commit("Help\n\nCo-Authored-By: Claude <noreply@anthropic.com>", {"a.py": "2"})
    reviewed = "Help\n\nCo-Authored-By: Claude <noreply@anthropic.com>\nReviewed-by: Ben <ben@example.org>"
    second = repo.commit(reviewed, {"a.py": "3"})
    change, item = changed(repo, first, second)
    assert [(commit.assistants, commit.review.answer) for commit in change.commits] == [
        (("Claude",), "yes"),
        (("Claude",), "no"),
    ]
    assert item.sentence.endswith("2 commits by Ada. 2 of them with an AI co-author, 1 reviewed by nobody.")


def test_going_back_names_the_commits_that_are_undone(repo: Repo):
    first, second = repo.commit("Begin", {"a.py": "1"}), repo.commit("Go on", {"a.py": "2"})
    change, item = changed(repo, second, first)
    assert [commit.only_in for commit in change.commits] == ["12"]
    assert item.sentence.endswith("1 commit of 12 is not in it.")


def test_a_commit_that_is_not_here_is_changed_all_the_same_and_the_reason_told(repo: Repo):
    first = repo.commit("Begin", {"a.py": "1"})
    change, item = changed(repo, first, "f" * 40)
    assert change.commits == ()
    assert item.status == "changed"
    assert "is not in" in item.sentence


def test_the_same_commit_asks_nothing(repo: Repo):
    first = repo.commit("Begin", {"a.py": "1"})
    assert changed(repo, first, first)[0] == CodeChange()


def test_a_folder_without_git_is_said(tmp_path: Path):
    change = read_code_change(tmp_path, a_version("12", "a" * 40), a_version("13", "b" * 40))
    assert "not in a git repository" in (change.problem or "")
