from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lean_core.demo import repository

AT = 1_790_000_000


def log(folder: Path, form: str) -> str:
    return subprocess.run(
        ["git", "log", f"--format={form}"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_commit_holds_all_files_has_its_author_and_its_time(tmp_path: Path):
    (tmp_path / "train.py").write_text("1")
    commit = repository.commit(tmp_path, message="Begin", at=AT)

    assert log(tmp_path, "%H %an %cn %at %ct %s") == f"{commit} Ana Example Ana Example {AT} {AT} Begin"


def test_the_same_files_at_the_same_time_are_the_same_commit_everywhere(tmp_path: Path):
    commits = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "train.py").write_text("1")
        commits.add(repository.commit(tmp_path / name, message="Begin", at=AT))

    assert len(commits) == 1


def test_without_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert repository.commit(tmp_path, message="Begin", at=AT) is None


def test_a_git_that_fails_gives_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 128\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))

    assert repository.commit(tmp_path, message="Begin", at=AT) is None


def test_a_commit_within_a_hook_of_another_repository_leaves_that_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    outer, inner = tmp_path / "outer", tmp_path / "inner"
    for place in (outer, inner):
        place.mkdir()
        (place / "train.py").write_text(place.name)
    before = repository.commit(outer, message="Outer", at=AT)
    monkeypatch.setenv("GIT_DIR", str(outer / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(outer / ".git" / "index"))
    repository.commit(inner, message="Inner", at=AT)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")

    assert log(outer, "%H") == before
    assert log(inner, "%s") == "Inner"


def test_hooks_and_signing_of_the_person_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home, place = tmp_path / "home", tmp_path / "demo"
    hook = home / "hooks" / "pre-commit"
    hook.parent.mkdir(parents=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (home / ".gitconfig").write_text(f"[core]\nhooksPath = {hook.parent}\n[commit]\ngpgSign = true\n")
    monkeypatch.setenv("HOME", str(home))
    place.mkdir()
    (place / "train.py").write_text("1")

    assert repository.commit(place, message="Begin", at=AT) is not None
