from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lean_core.git import code
from lean_core.git.code import (
    ChangedFile,
    Commit,
    CommitsBetween,
    Diff,
    NotHere,
    commits_between,
    describe_commit,
    diff_between,
)
from tests.repo import Repo


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    return Repo(tmp_path / "project")


def between(repo: Repo, first: str, second: str) -> CommitsBetween:
    found = commits_between(repo.folder, first, second)
    assert isinstance(found, CommitsBetween)
    return found


def diff(repo: Repo, first: str, second: str, *paths: str) -> Diff:
    found = diff_between(repo.folder, first, second, paths)
    assert isinstance(found, Diff)
    return found


def refusal(found: object) -> str:
    assert isinstance(found, NotHere)
    assert "\n" not in found.reason
    return found.reason


def subjects(commits: tuple[Commit, ...]) -> list[str]:
    return [commit.subject for commit in commits]


def notebook(*sources: str, output: str = "") -> str:
    cells = [
        {"cell_type": "code", "source": source.splitlines(keepends=True), "outputs": [output], "execution_count": 1}
        for source in sources
    ]
    return json.dumps({"cells": cells, "nbformat": 4})


def test_a_commit_is_described_by_author_time_and_subject(repo: Repo) -> None:
    sha = repo.commit("Träin\n\nlonger text", {"a.py": "1\n"})
    time = dt.datetime(2026, 11, 23, 10, 1)
    assert describe_commit(repo.folder, sha) == Commit(sha=sha, author="Ada", time=time, subject="Träin")
    assert describe_commit(repo.folder, sha[:8].upper()) == Commit(sha=sha, author="Ada", time=time, subject="Träin")


def test_a_later_commit_lists_what_came_since(repo: Repo) -> None:
    first = repo.commit("one", {"a.py": "1\n"})
    repo.commit("two", {"a.py": "2\n"})
    second = repo.commit("three", {"a.py": "3\n"})
    found = between(repo, first, second)
    assert (found.relation, found.only_first, subjects(found.only_second)) == ("later", (), ["three", "two"])
    assert not found.cut


def test_an_earlier_commit_lists_what_it_lacks(repo: Repo) -> None:
    first = repo.commit("one", {"a.py": "1\n"})
    second = repo.commit("two", {"a.py": "2\n"})
    found = between(repo, second, first)
    assert (found.relation, subjects(found.only_first), found.only_second) == ("earlier", ["two"], ())


def test_diverged_commits_list_what_each_has_alone(repo: Repo) -> None:
    base = repo.commit("base", {"a.py": "1\n"})
    left = repo.commit("left", {"a.py": "2\n"})
    repo.git("checkout", "--quiet", base)
    right = repo.commit("right", {"a.py": "3\n"})
    found = between(repo, left, right)
    assert (found.relation, subjects(found.only_first), subjects(found.only_second)) == (
        "diverged",
        ["left"],
        ["right"],
    )


def test_a_commit_compared_with_itself_is_the_same(repo: Repo) -> None:
    sha = repo.commit("one", {"a.py": "1\n"})
    assert between(repo, sha, sha).relation == "same"
    assert diff(repo, sha, sha) == Diff(files=(), text="", cut=False)


def test_a_long_history_is_cut_and_says_so(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "COMMITS", 2)
    shas = [repo.commit(f"number {number}", {"a.py": f"{number}\n"}) for number in range(4)]
    assert not between(repo, shas[0], shas[2]).cut
    found = between(repo, shas[0], shas[3])
    assert (subjects(found.only_second), found.cut) == (["number 3", "number 2"], True)


def test_a_diff_goes_from_the_first_commit_to_the_second(repo: Repo) -> None:
    first = repo.commit("one", {"a.py": "old\n", "gone.txt": "x\n"})
    second = repo.commit("two", {"a.py": "new\n", "with space é.txt": "1\n2\n", "gone.txt": None})
    found = diff(repo, first, second)
    assert set(found.files) == {
        ChangedFile(path="a.py", added=1, removed=1),
        ChangedFile(path="gone.txt", added=0, removed=1),
        ChangedFile(path="with space é.txt", added=2, removed=0),
    }
    assert "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-old\n+new\n" in found.text
    assert "+old" in diff(repo, second, first).text


def test_a_diff_of_diverged_commits_works(repo: Repo) -> None:
    base = repo.commit("base", {"a.py": "1\n"})
    left = repo.commit("left", {"a.py": "2\n"})
    repo.git("checkout", "--quiet", base)
    right = repo.commit("right", {"a.py": "3\n"})
    assert "-2\n+3\n" in diff(repo, left, right).text


def test_a_diff_can_be_limited_to_paths(repo: Repo) -> None:
    first = repo.commit("one", {"src/a.py": "1\n", "b.py": "1\n", "*.py": "1\n"})
    second = repo.commit("two", {"src/a.py": "2\n", "b.py": "2\n", "*.py": "2\n"})
    assert [file.path for file in diff(repo, first, second, "src").files] == ["src/a.py"]
    assert [file.path for file in diff(repo, first, second, "*.py").files] == ["*.py"]
    assert "b.py" not in diff(repo, first, second, "src").text


def test_a_path_that_looks_like_an_option_is_a_path(repo: Repo, tmp_path: Path) -> None:
    first = repo.commit("one", {"a.py": "1\n"})
    second = repo.commit("two", {"a.py": "2\n"})
    assert diff(repo, first, second, f"--output={tmp_path / 'written'}").files == ()
    assert not (tmp_path / "written").exists()


def test_a_big_diff_is_cut_and_says_so(repo: Repo) -> None:
    first = repo.commit("one", {"a.txt": ""})
    second = repo.commit("two", {"a.txt": "x" * 99 + "\n" + ("y" * 99 + "\n") * 4000})
    found = diff(repo, first, second)
    assert (len(found.text), found.cut) == (200_000, True)
    assert found.files == (ChangedFile(path="a.txt", added=4001, removed=0),)


def test_binary_files_are_named_without_their_content(repo: Repo) -> None:
    first = repo.commit("one", {"model.bin": b"\0\1"})
    second = repo.commit("two", {"model.bin": b"\0\2"})
    found = diff(repo, first, second)
    assert found.files == (ChangedFile(path="model.bin", added=None, removed=None),)
    assert "Binary files a/model.bin and b/model.bin differ" in found.text


def test_of_notebooks_only_the_sources_are_compared(repo: Repo) -> None:
    first = repo.commit("one", {"work/n.ipynb": notebook("lr = 0.1\nfit()", output="plot 1"), "a.py": "1\n"})
    second = repo.commit("two", {"work/n.ipynb": notebook("lr = 0.2\nfit()", output="plot 2"), "a.py": "2\n"})
    text = diff(repo, first, second).text
    assert "--- a/work/n.ipynb\n+++ b/work/n.ipynb\n" in text
    assert "-lr = 0.1\n+lr = 0.2\n" in text
    assert "plot" not in text
    assert "+++ b/a.py" in text
    assert "a.py" not in diff(repo, first, second, "work").text


def test_a_notebook_that_only_ran_again_shows_no_difference(repo: Repo) -> None:
    first = repo.commit("one", {"n.ipynb": notebook("fit()", output="plot 1")})
    second = repo.commit("two", {"n.ipynb": notebook("fit()", output="plot 2")})
    found = diff(repo, first, second)
    assert (found.text, [file.path for file in found.files]) == ("", ["n.ipynb"])


def test_a_new_notebook_shows_its_cells(repo: Repo) -> None:
    first = repo.commit("one", {"a.py": "1\n"})
    second = repo.commit("two", {"n.ipynb": notebook("fit()")})
    assert "+# %% [code]\n+fit()\n" in diff(repo, first, second).text


def test_a_broken_notebook_says_so(repo: Repo) -> None:
    first = repo.commit("one", {"n.ipynb": notebook("fit()")})
    second = repo.commit("two", {"n.ipynb": "<<<<<<< HEAD"})
    assert "can't be read" in diff(repo, first, second).text


@pytest.mark.parametrize("ask", [describe_commit, lambda folder, sha: commits_between(folder, sha, sha)])
@pytest.mark.parametrize("sha", ["HEAD", "main", "--all", "abc", "", "a" * 65, "abcdefg1", "HEAD^{/x}"])
def test_only_hashes_are_taken_for_commits(repo: Repo, sha: str, ask: Callable[[Path, str], object]) -> None:
    repo.commit("one", {"a.py": "1\n"})
    assert "by its hash" in refusal(ask(repo.folder, sha))


def test_a_commit_that_is_not_here_says_so(repo: Repo) -> None:
    sha = repo.commit("one", {"a.py": "1\n"})
    assert "is not in" in refusal(describe_commit(repo.folder, "0" * 40))
    assert "0000000000" in refusal(commits_between(repo.folder, sha, "0" * 40))
    assert "0000000000" in refusal(diff_between(repo.folder, "0" * 40, sha))


def test_the_hash_of_a_file_is_no_commit(repo: Repo) -> None:
    repo.commit("one", {"a.py": "1\n"})
    blob = repo.git("rev-parse", "HEAD:a.py")
    assert "is not in" in refusal(describe_commit(repo.folder, blob))


def test_a_shallow_clone_lacks_older_commits_and_is_not_trusted_on_the_rest(repo: Repo, tmp_path: Path) -> None:
    shas = [repo.commit(f"number {number}", {"a.py": f"{number}\n"}) for number in range(3)]
    shallow = tmp_path / "shallow"
    repo.git("clone", "--quiet", "--depth", "2", f"file://{repo.folder}", str(shallow))
    assert "shallow" in refusal(commits_between(shallow, shas[0], shas[2]))
    found = commits_between(shallow, shas[1], shas[2])
    assert isinstance(found, CommitsBetween)
    assert (found.relation, found.cut) == ("later", True)


def test_a_repository_of_another_user_says_how_to_trust_it(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    sha = repo.commit("one", {"a.py": "1\n"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "safe.directory" in refusal(describe_commit(repo.folder, sha))


def test_a_folder_without_a_repository_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "is not in a git repository" in refusal(describe_commit(tmp_path, "a" * 40))
    assert "There is no folder" in refusal(describe_commit(tmp_path / "nowhere", "a" * 40))


def test_a_machine_without_git_says_so(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal(describe_commit(repo.folder, "a" * 40)) == "There is no git on this machine."


def test_git_is_not_waited_for_without_end(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(slow.parent), prepend=os.pathsep)
    monkeypatch.setattr("lean_core.git.ask.TIMEOUT", 0.2)
    assert "did not answer" in refusal(describe_commit(repo.folder, "a" * 40))


def test_nothing_that_the_repository_configures_is_run(repo: Repo, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    for key in ("diff.evil.textconv", "diff.evil.command", "diff.external", "core.fsmonitor", "core.pager"):
        repo.git("config", key, f"touch {marker}; cat")
    repo.git("config", "log.showSignature", "true")
    repo.git("config", "gpg.program", f"touch {marker}")
    first = repo.commit("one", {".gitattributes": "*.txt diff=evil\n", "a.txt": "1\n"})
    marker.unlink(missing_ok=True)  # adding files asks the monitor
    second = repo.commit("two", {"a.txt": "2\n"})
    marker.unlink(missing_ok=True)
    assert "-1\n+2\n" in diff(repo, first, second).text
    between(repo, first, second)
    describe_commit(repo.folder, first)
    assert not marker.exists()


def test_the_user_s_own_settings_do_not_change_the_form(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    first = repo.commit("one", {"é.py": "1\n"})
    second = repo.commit("two", {"é.py": "2\n"})
    plain = diff(repo, first, second)
    for key, value in (
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("color.ui", "always"),
        ("core.quotePath", "true"),
        ("log.date", "relative"),
    ):
        repo.git("config", key, value)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert diff(repo, first, second) == plain


def test_reading_leaves_the_repository_as_it_was(repo: Repo) -> None:
    first = repo.commit("one", {"a.py": "1\n"})
    second = repo.commit("two", {"a.py": "2\n"})

    def state() -> list[tuple[str, int, int]]:
        paths = sorted(repo.folder.rglob("*"))
        return [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths]

    before = state()
    diff(repo, first, second)
    between(repo, first, second)
    assert state() == before
