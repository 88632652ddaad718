"""Who wrote commits, who put them where they are, and whether anybody else looked at them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lean_core.git.ask import GitError, read_git
from lean_core.git.assistants import AUTHOR_TRAILERS, recognise, split_person
from lean_core.git.code import NotHere, resolve

MOST = 2_000
_FORMAT = "%H%x1f%P%x1f%aN%x1f%aE%x1f%cN%x1f%cE%x1f%s%x1f%(trailers:only,unfold)"
_REVIEW_TRAILERS = frozenset({"reviewed-by", "acked-by", "approved-by"})
_FORGE = re.compile(r"github|gitlab|gitea|forgejo|bitbucket|web-flow|.*\[bot\]|.*-bot", re.IGNORECASE)
"""Who commits on a person's behalf when a button is pressed: it does not say whose finger it was."""
_FROM_MAINLINE = re.compile(
    r"Merge (?:remote-tracking )?branch '(?:\w+/)?(?:main|master|trunk|develop)'|Merge branch '[^']+' of "
)
"""A person who brings the others' work into a branch of their own has not reviewed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Whether anybody but the author looked at a commit, as far as git shows it."""

    answer: Literal["yes", "no", "unknown"]
    reason: str
    """The end of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """Who stands behind a commit."""

    sha: str
    author: str
    assistants: tuple[str, ...]
    """AI assistants that it names as its author or co-authors."""
    is_merge: bool
    review: Review


def read_authorship(repo: Path, first: str, second: str) -> Mapping[str, Authorship] | NotHere:
    """Return who stands behind the commits that only one of two has in its history, by their hashes."""
    try:
        one, other = resolve(repo, first), resolve(repo, second)
        told = read_git(
            repo, "log", "-z", "--no-show-signature", "--no-color", f"--max-count={MOST + 1}", "--topo-order",
            f"--format={_FORMAT}", f"{one}...{other}", "--",
        ).text  # fmt: skip
    except GitError as error:
        return NotHere(reason=str(error))
    commits = {commit.sha: commit for commit in map(_read, filter(None, told.split("\0")))}
    merged_by = None if len(commits) > MOST else _find_mergers(commits, (one, other))
    return {sha: _judge(commit, merged_by) for sha, commit in commits.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    name: str
    email: str

    def is_same(self, other: _Person) -> bool:
        """Whether two are one person: people have several addresses, and forges hide them."""
        return any(
            one and one.casefold() == two.casefold()
            for one, two in ((self.name, other.name), (self.email, other.email))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commit:
    sha: str
    parents: tuple[str, ...]
    author: _Person
    committer: _Person
    subject: str
    trailers: tuple[tuple[str, _Person], ...]


def _read(record: str) -> _Commit:
    sha, parents, author, author_email, committer, committer_email, subject, trailers = record.split("\x1f", 7)
    people = []
    for line in trailers.splitlines():
        key, _, value = line.partition(":")
        name, email = split_person(value)
        people.append((key.strip().casefold(), _Person(name=name, email=email)))
    return _Commit(
        sha=sha,
        parents=tuple(parents.split()),
        author=_Person(name=author, email=author_email),
        committer=_Person(name=committer, email=committer_email),
        subject=subject,
        trailers=tuple(people),
    )


def _find_mergers(commits: Mapping[str, _Commit], heads: Sequence[str]) -> dict[str, _Person]:
    """Return who merged each commit into the line that leads to a head by first parents."""
    merged_by: dict[str, _Person] = {}
    for head in heads:
        line, at = [], head
        while at in commits:
            line.append(commits[at])
            at = next(iter(commits[at].parents), "")
        on_line = {commit.sha for commit in line}
        for merge in reversed(line):  # the oldest merge that has a commit brought it
            if _FROM_MAINLINE.match(merge.subject):
                continue
            waiting = [sha for sha in merge.parents[1:] if sha in commits]
            while waiting:
                sha = waiting.pop()
                if sha not in on_line and sha not in merged_by:
                    merged_by[sha] = merge.author
                    waiting += [parent for parent in commits[sha].parents if parent in commits]
    return merged_by


def _judge(commit: _Commit, merged_by: Mapping[str, _Person] | None) -> Authorship:
    named = [commit.author, *(person for key, person in commit.trailers if key in AUTHOR_TRAILERS)]
    found = (recognise(person.name, person.email) for person in named)
    return Authorship(
        sha=commit.sha,
        author=commit.author.name,
        assistants=tuple(dict.fromkeys(name for name in found if name)),
        is_merge=len(commit.parents) > 1,
        review=_review(commit, merged_by),
    )


def _review(commit: _Commit, merged_by: Mapping[str, _Person] | None) -> Review:
    authors = [commit.author, *(person for key, person in commit.trailers if key in AUTHOR_TRAILERS)]
    for key, person in commit.trailers:
        if key in _REVIEW_TRAILERS and not _is_robot(person) and not any(map(person.is_same, authors)):
            return Review(answer="yes", reason=f"reviewed by {person.name or person.email}")
    if merged_by is None:
        return Review(answer="unknown", reason="there are too many commits in between to see who merged it")
    merger = merged_by.get(commit.sha, commit.committer)
    how = "merged" if commit.sha in merged_by else "committed"
    if _is_robot(merger):
        return Review(answer="unknown", reason=f"{how} by {merger.name}, which does not say who looked")
    if not any(map(merger.is_same, authors)):
        return Review(answer="yes", reason=f"{how} by {merger.name}")
    return Review(answer="no", reason=f"{how} by its author, and no trailer names a reviewer")


def _is_robot(person: _Person) -> bool:
    return bool(recognise(person.name, person.email) or _FORGE.fullmatch(person.name))
