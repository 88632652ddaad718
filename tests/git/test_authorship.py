from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from lean_core.git import Authorship, NotHere, authorship, read_authorship

ADA, BEN = ("Ada", "ada@example.org"), ("Ben", "ben@example.org")
GITHUB = ("GitHub", "noreply@github.com")
Person = tuple[str, str]


class Team:
    """A real repository that several people commit to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.minute = 0
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, author: Person = ADA, committer: Person | None = None) -> str:
        people = {"AUTHOR": author, "COMMITTER": committer or author}
        env = dict(os.environ)
        for role, (name, email) in people.items():
            date = f"2026-11-23T12:{self.minute:02}:00+00:00"
            env |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": email, f"GIT_{role}_DATE": date}
        done = subprocess.run(
            ["git", "-C", self.folder, *arguments], env=env, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout.strip()

    def commit(self, message: str = "Change", *, author: Person = ADA, committer: Person | None = None) -> str:
        self.minute += 1
        (self.folder / f"{self.minute}.py").write_text(f"x = {self.minute}\n", encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message, author=author, committer=committer)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch: str, *, by: Person, message: str | None = None, committer: Person | None = None) -> str:
        self.minute += 1
        words = ("merge", "--quiet", "--no-ff", "--message", message or f"Merge branch '{branch}'", branch)
        self.git(*words, author=by, committer=committer)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path / "repo")


def between(team: Team, first: str, second: str = "HEAD") -> dict[str, Authorship]:
    found = read_authorship(team.folder, first, team.git("rev-parse", second))
    assert not isinstance(found, NotHere)
    return dict(found)


def test_a_commit_straight_by_its_author_was_reviewed_by_nobody(team: Team):
    first, sha = team.commit(), team.commit()
    found = between(team, first)
    assert list(found) == [sha]
    assert (found[sha].author, found[sha].review.answer, found[sha].is_merge) == ("Ada", "no", False)
    assert found[sha].review.reason == "committed by its author, and no trailer names a reviewer"


@pytest.mark.parametrize("key", ["Reviewed-by", "reviewed-by", "Acked-by", "Approved-by"])
def test_a_trailer_of_another_person_is_a_review(team: Team, key: str):
    first, sha = team.commit(), team.commit(f"Change\n\n{key}: Ben <ben@example.org>")
    assert (between(team, first)[sha].review.answer, between(team, first)[sha].review.reason) == (
        "yes",
        "reviewed by Ben",
    )


@pytest.mark.parametrize(
    "who", ["Ada <ada@example.org>", "ADA <x@y>", "Ada L. <ADA@example.org>", "Claude <noreply@anthropic.com>"]
)
def test_a_review_by_the_author_or_by_an_assistant_is_none(team: Team, who: str):
    first, sha = team.commit(), team.commit(f"Change\n\nReviewed-by: {who}")
    assert between(team, first)[sha].review.answer == "no"


def test_a_co_author_is_no_reviewer(team: Team):
    message = "Change\n\nCo-authored-by: Ben <ben@example.org>\nReviewed-by: Ben <ben@example.org>"
    first, sha = team.commit(), team.commit(message, committer=BEN)
    assert between(team, first)[sha].review.answer == "no"


def test_a_merge_by_another_person_is_a_review_and_by_oneself_is_none(team: Team):
    first = team.commit()
    answers = {}
    for who in (BEN, ADA):
        team.git("switch", "--quiet", "--create", f"feature-{who[0]}")
        shas = [team.commit(), team.commit()]
        team.git("switch", "--quiet", "main")
        merge = team.merge(f"feature-{who[0]}", by=who, committer=GITHUB)
        answers[who[0]] = {between(team, first)[sha].review.answer for sha in shas}
        assert between(team, first)[merge].is_merge
    assert answers == {"Ben": {"yes"}, "Ada": {"no"}}


def test_a_branch_merged_into_a_branch_counts_by_who_merged_it_into_the_main_line(team: Team):
    first = team.commit()
    team.git("switch", "--quiet", "--create", "feature")
    team.commit()
    team.git("switch", "--quiet", "--create", "part")
    sha = team.commit()
    team.git("switch", "--quiet", "feature")
    team.merge("part", by=ADA)
    team.git("switch", "--quiet", "main")
    team.merge("feature", by=BEN)
    assert between(team, first)[sha].review.reason == "merged by Ben"


@pytest.mark.parametrize("message", ["Merge branch 'main' into feature", "Merge remote-tracking branch 'origin/main'"])
def test_who_brings_the_main_line_into_a_branch_has_not_reviewed_it(team: Team, message: str):
    first = team.commit()
    team.git("switch", "--quiet", "--create", "feature")
    team.commit(author=BEN)
    team.git("switch", "--quiet", "main")
    sha = team.commit()
    team.git("switch", "--quiet", "feature")
    team.merge("main", by=BEN, message=message)
    assert between(team, first)[sha].review.answer == "no"


def test_a_commit_that_another_person_put_there_was_seen_by_that_person(team: Team):
    first, sha = team.commit(), team.commit(committer=BEN)
    assert between(team, first)[sha].review.reason == "committed by Ben"


@pytest.mark.parametrize("committer", [GITHUB, ("GitLab", "x@y"), ("renovate[bot]", "x@y"), ("web-flow", "x@y")])
def test_what_a_forge_commits_does_not_say_who_looked(team: Team, committer: Person):
    first, sha = team.commit(), team.commit(committer=committer)
    assert between(team, first)[sha].review.answer == "unknown"


def test_assistants_are_found_among_authors_and_co_authors(team: Team):
    first = team.commit()
    message = (
        "Change\n\nText.\n\nCo-Authored-By: Claude <noreply@anthropic.com>\nAssisted-by: Codex\n"
        "Co-authored-by: Ben <ben@example.org>\nSigned-off-by: Copilot"
    )
    helped = team.commit(message)
    written = team.commit(author=("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com"))
    alone = team.commit("Describe Claude in the README")
    found = between(team, first)
    assert found[helped].assistants == ("Claude", "OpenAI Codex")
    assert found[written].assistants == ("GitHub Copilot",)
    assert found[alone].assistants == ()


def test_commits_of_both_sides_are_told_whichever_is_older(team: Team):
    first = team.commit()
    team.git("switch", "--quiet", "--create", "other")
    there = team.commit()
    team.git("switch", "--quiet", "main")
    here = team.commit()
    assert set(between(team, there, here)) == {here, there} == set(between(team, here, there))
    assert set(between(team, here, first)) == {here}


def test_more_commits_than_are_read_leave_the_mergers_unknown(team: Team, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(authorship, "MOST", 2)
    first = team.commit()
    shas = [team.commit() for _ in range(4)]
    answers = {between(team, first)[sha].review.answer for sha in shas[-2:]}
    assert answers == {"unknown"}


def test_a_commit_that_is_not_here_is_said(team: Team):
    sha = team.commit()
    found = read_authorship(team.folder, sha, "f" * 40)
    assert isinstance(found, NotHere)
    assert "is not in" in found.reason
