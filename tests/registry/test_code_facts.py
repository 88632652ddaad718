from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.git import NotHere, Tree
from lean_core.registry import Code
from lean_core.registry.code_facts import tell_code
from lean_core.registry.request import RunFacts

HERE, THERE = "a" * 40, "b" * 40
NOWHERE = NotHere(reason="/x is not in a git repository.")


def a_tree(**said: object) -> Tree:
    facts = {
        "root": Path("/repo"),
        "commit": HERE,
        "changed": (),
        "untracked": (),
        "remote": "https://host/churn.git",
        "is_pushed": True,
    }
    return Tree(**(facts | said))  # type: ignore[arg-type]


def a_run(commit: str | None = None, repo: str | None = None) -> RunFacts:
    return RunFacts(source="local", run_id="r1", commit=commit, repo=repo)


def test_without_a_run_the_tree_tells():
    code, remarks = tell_code(a_tree(), None, run_commit_is_here=False)
    assert (code, remarks) == (Code(commit=HERE, repo="https://host/churn.git", dirty=False), ())


def test_a_run_at_the_same_commit_changes_nothing():
    code, remarks = tell_code(a_tree(), a_run(HERE), run_commit_is_here=True)
    assert (code, remarks) == (Code(commit=HERE, repo="https://host/churn.git", dirty=False), ())


def test_a_run_without_a_commit_gets_the_tree_s_and_that_is_said():
    code, (said,) = tell_code(a_tree(), a_run(), run_commit_is_here=False)
    assert code == Code(commit=HERE, repo="https://host/churn.git", dirty=False)
    assert said == "the run says no commit: the working tree's, aaaaaaaaaa, was taken"


@pytest.mark.parametrize("dirty", [{"changed": ("a.py", "b.py")}, {"untracked": ("data/",)}])
def test_a_dirty_tree_is_registered_as_dirty_and_says_what_is_in_it(dirty: dict[str, object]):
    code, (said,) = tell_code(a_tree(**dirty), None, run_commit_is_here=False)
    assert code is not None
    assert code.dirty is True
    assert "2 changed: a.py, b.py" in said or "1 untracked: data/" in said
    assert "commit first" in said


def test_changed_and_untracked_are_counted_apart_and_only_a_few_are_named():
    _, (said,) = tell_code(a_tree(changed=("a", "b"), untracked=("c", "d")), None, run_commit_is_here=False)
    assert "(2 changed, 2 untracked: a, b, c, …)" in said


def test_the_run_s_commit_goes_before_the_tree_s_whose_dirt_says_nothing_of_it():
    code, (said,) = tell_code(a_tree(changed=("a.py",)), a_run(THERE), run_commit_is_here=True)
    assert code == Code(commit=THERE, repo="https://host/churn.git", dirty=None)
    assert "made at commit bbbbbbbbbb, and the working tree is at aaaaaaaaaa" in said


def test_the_remote_of_another_repository_is_not_taken_for_the_run_s():
    code, said = tell_code(a_tree(), a_run(THERE), run_commit_is_here=False)
    assert code == Code(commit=THERE, repo=None, dirty=None)
    assert any("is not in /repo" in sentence for sentence in said)
    code, _ = tell_code(a_tree(), a_run(THERE, "https://host/other.git"), run_commit_is_here=False)
    assert code == Code(commit=THERE, repo="https://host/other.git")


def test_without_a_repository_the_run_tells_and_else_nothing_is_made_up():
    code, _ = tell_code(NOWHERE, a_run(THERE, "https://host/x.git"), run_commit_is_here=False)
    assert code == Code(commit=THERE, repo="https://host/x.git", dirty=None)
    code, (said,) = tell_code(NOWHERE, a_run(), run_commit_is_here=False)
    assert code is None
    assert said == "no commit: /x is not in a git repository. --run ID takes it from a run that knows it"
    code, (said,) = tell_code(a_tree(commit=None), None, run_commit_is_here=False)
    assert code is None
    assert "nothing was ever committed" in said


def test_a_commit_that_is_no_hash_is_not_taken():
    code, said = tell_code(a_tree(), a_run("v1.2"), run_commit_is_here=False)
    assert code == Code(commit=HERE, repo="https://host/churn.git", dirty=False)
    assert said[0] == "the run's commit 'v1.2' is no full hash: not used"


def test_what_nobody_else_can_get_is_said():
    _, said = tell_code(a_tree(is_pushed=False), None, run_commit_is_here=False)
    assert said == ("commit aaaaaaaaaa is on no branch of a remote yet: push it",)
    _, (one,) = tell_code(a_tree(remote=None, is_pushed=None), None, run_commit_is_here=False)
    assert "git remote add" in one
