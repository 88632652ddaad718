"""What changed in the code between two versions, and who looked at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lean_core.git import (
    Authorship,
    Commit,
    CommitsBetween,
    Diff,
    NotHere,
    Review,
    commits_between,
    diff_between,
    read_authorship,
)
from lean_core.registry import Record
from lean_core.releases.difference.item import Item, unknown
from lean_core.releases.difference.side import Records

_NOT_SEEN = Review(answer="unknown", reason="git does not show it here")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedCommit:
    """A commit that only one of the versions has, and who looked at it."""

    sha: str
    author: str
    time: dt.datetime
    """Naive UTC."""
    subject: str
    only_in: str
    """Which version has it."""
    assistants: tuple[str, ...]
    """AI assistants that helped to write it."""
    is_merge: bool
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """What the repository shows, where it is at hand."""

    commits: tuple[ReviewedCommit, ...] = ()
    """Those that only the second has, newest first, then those that only the first has."""
    diff: Diff | None = None
    cut: bool = False
    """Whether there are more commits than are listed, or the clone is too shallow to tell."""
    problem: str | None = None
    """Why the repository does not show it."""


def read_code_change(repository: Path, one: Record | None, other: Record | None) -> CodeChange:
    """Ask the repository what lies between two versions' commits."""
    first = one.code.commit if one and one.code else None
    second = other.code.commit if other and other.code else None
    if first is None or second is None or first == second or one is None or other is None:
        return CodeChange()
    between = commits_between(repository, first, second)
    if isinstance(between, NotHere):
        return CodeChange(problem=between.reason)
    diff = diff_between(repository, first, second)
    authorship = read_authorship(repository, first, second)
    known = {} if isinstance(authorship, NotHere) else authorship
    return CodeChange(
        commits=_judged(between, known, (one.version, other.version)),
        diff=None if isinstance(diff, NotHere) else diff,
        cut=between.cut,
        problem=diff.reason if isinstance(diff, NotHere) else None,
    )


def compare_commits(records: Records, change: CodeChange) -> Item:
    """Say whether the code changed, and by whom."""
    first, second = records.before.code, records.after.code
    if not (first and first.commit and second and second.commit):
        names = [
            side.name
            for side, code in ((records.one, first), (records.other, second))
            if code is None or code.commit is None
        ]
        return unknown("commits", f"No commit is recorded for {' and '.join(names)}.")
    dirty = [side.name for side, code in ((records.one, first), (records.other, second)) if code.dirty]
    remark = f"{' and '.join(dirty)} had changes that no commit has" if dirty else ""
    if first.commit == second.commit:
        if dirty:
            return unknown("commits", f"The commit is the same, but {remark}.")
        if first.dirty is None or second.dirty is None:
            return unknown("commits", "The commit is the same, but whether all changes were committed is not recorded.")
        return Item(name="commits", status="same", sentence=f"Both were made from commit {first.commit[:10]}.")
    told = _tell(change, records) if change.commits else change.problem or "The commits in between are not known."
    went = f"From {first.commit[:10]} to {second.commit[:10]}."
    return Item(
        name="commits", status="changed", sentence=" ".join(filter(None, [went, told, remark and f"{remark}."]))
    )


def _judged(
    between: CommitsBetween, known: Mapping[str, Authorship], versions: tuple[str, str]
) -> tuple[ReviewedCommit, ...]:
    return tuple(
        [_with_review(commit, known, versions[1]) for commit in between.only_second]
        + [_with_review(commit, known, versions[0]) for commit in between.only_first]
    )


def _with_review(commit: Commit, known: Mapping[str, Authorship], only_in: str) -> ReviewedCommit:
    found = known.get(commit.sha)
    return ReviewedCommit(
        sha=commit.sha,
        author=commit.author,
        time=commit.time,
        subject=commit.subject,
        only_in=only_in,
        assistants=found.assistants if found else (),
        is_merge=found.is_merge if found else False,
        review=found.review if found else _NOT_SEEN,
    )


def _tell(change: CodeChange, records: Records) -> str:
    added = [commit for commit in change.commits if commit.only_in == records.other.name]
    undone = len(change.commits) - len(added)
    parts = []
    if added:
        authors = ", ".join(
            dict.fromkeys(commit.author for commit in added if not commit.is_merge) or {added[0].author}
        )
        more = "or more " if change.cut else ""
        parts.append(f"{len(added)} {more}commit{'s' * (len(added) != 1)} by {authors}.")
    if undone:
        parts.append(
            f"{undone} commit{'s' * (undone != 1)} of {records.one.name} {'are' if undone > 1 else 'is'} not in it."
        )
    assisted = [commit for commit in added if commit.assistants and not commit.is_merge]
    if assisted:
        unseen = sum(commit.review.answer == "no" for commit in assisted)
        unclear = sum(commit.review.answer == "unknown" for commit in assisted)
        told = f"{len(assisted)} of them with an AI co-author"
        told += f", {unseen} reviewed by nobody" if unseen else ""
        told += f", {unclear} of which git does not show who reviewed them" if unclear else ""
        parts.append(f"{told}.")
    return " ".join(parts)
