"""Commits and differences of code, asked of the repository where it is at hand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lean_core.git.ask import GitError, read_git
from lean_core.git.notebook import diff_notebooks

COMMITS = 200
DIFF_BYTES = 200_000
NOTEBOOKS = 20
_FORMAT = "%H%x1f%an%x1f%ct%x1f%s"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHere:
    """Why the code can't be seen from here: a sentence for a person."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit."""

    sha: str
    author: str
    time: dt.datetime
    """When it was committed, in UTC."""
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitsBetween:
    """How two commits stand to each other."""

    relation: Literal["same", "later", "earlier", "diverged"]
    """Of the second to the first: ``later`` has the first in its history; ``diverged`` have both their own commits."""
    only_first: tuple[Commit, ...]
    """Those that only the first has, newest first."""
    only_second: tuple[Commit, ...]
    cut: bool
    """Whether there are more than are listed here, or the clone is too shallow to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file that two commits have not in common."""

    path: str
    added: int | None
    """Lines; None for a file that is not text."""
    removed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What turns the first commit's files into the second's."""

    files: tuple[ChangedFile, ...]
    text: str
    """As git writes it; of notebooks, only what their cells say."""
    cut: bool
    """Whether the text is not all of it."""


def describe_commit(repo: Path, sha: str) -> Commit | NotHere:
    """Return who committed what, and when."""
    try:
        return _commits(repo, "--max-count=1", resolve(repo, sha))[0]
    except GitError as error:
        return NotHere(reason=str(error))


def commits_between(repo: Path, first: str, second: str) -> CommitsBetween | NotHere:
    """Return the commits that only one of the two has in its history."""
    try:
        one, other = resolve(repo, first), resolve(repo, second)
        most = f"--max-count={COMMITS + 1}"
        only_first = _commits(repo, most, one, f"^{other}")
        only_second = _commits(repo, most, other, f"^{one}")
        shallow = read_git(repo, "rev-parse", "--is-shallow-repository").text.strip() == "true"
    except GitError as error:
        return NotHere(reason=str(error))
    relation: Literal["same", "later", "earlier", "diverged"] = "diverged"
    if not (only_first and only_second):
        relation = "later" if only_second else "earlier" if only_first else "same"
    return CommitsBetween(
        relation=relation,
        only_first=only_first[:COMMITS],
        only_second=only_second[:COMMITS],
        cut=shallow or max(len(only_first), len(only_second)) > COMMITS,
    )


def diff_between(repo: Path, first: str, second: str, paths: Sequence[str] = ()) -> Diff | NotHere:
    """Return what changed from the first commit to the second, in these files and folders or in all."""
    try:
        one, other = resolve(repo, first), resolve(repo, second)
        only = [f":(top,literal){path}" for path in paths]
        counted = read_git(repo, *_DIFF, "--numstat", "-z", one, other, "--", *only)
        files = _changed(counted.text)
        but_notebooks = [*(only or [":(top)"]), ":(top,exclude)*.ipynb"]
        patch = read_git(repo, *_DIFF, "--patch", one, other, "--", *but_notebooks, limit=DIFF_BYTES)
        notebooks = [file.path for file in files if file.path.endswith(".ipynb")]
        sources = [_diff_notebook(repo, path, one, other) for path in notebooks[:NOTEBOOKS]]
    except GitError as error:
        return NotHere(reason=str(error))
    whole = "".join([patch.text, *sources])
    cut = counted.cut or patch.cut or len(whole) > DIFF_BYTES or len(notebooks) > NOTEBOOKS
    return Diff(files=files, text=whole[:DIFF_BYTES], cut=cut)


_DIFF = ("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/")


def _diff_notebook(repo: Path, path: str, one: str, other: str) -> str:
    before, after = (_content(repo, f"{sha}:{path}") for sha in (one, other))
    return diff_notebooks(path, before, after)


def _content(repo: Path, name: str) -> str:
    try:
        found = read_git(repo, "cat-file", "blob", name, limit=10_000_000)
    except GitError:
        return ""  # it was added or removed in between
    return "" if found.cut else found.text


def resolve(repo: Path, sha: str) -> str:
    """Return the full name of a commit that is here.

    Raises:
        GitError: it is not here, or the text is no commit's name: nothing else is ever handed to git as one.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{7,64}", sha):
        raise GitError("No commit is named by its hash.")
    try:
        return read_git(repo, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{sha}^{{commit}}").text.strip()
    except GitError as error:
        if error.is_about_the_repository:
            raise
        raise GitError(
            f"Commit {sha[:10]} is not in {repo}: it was made elsewhere and not fetched, or this clone is shallow."
        ) from None


def _commits(repo: Path, *which: str) -> tuple[Commit, ...]:
    told = read_git(repo, "log", "-z", "--no-show-signature", "--no-color", f"--format={_FORMAT}", *which, "--").text
    commits = []
    for record in told.split("\0"):
        if not record:
            continue
        sha, author, seconds, subject = record.split("\x1f", 3)
        time = dt.datetime.fromtimestamp(int(seconds), dt.UTC).replace(tzinfo=None)
        commits.append(Commit(sha=sha, author=author, time=time, subject=subject))
    return tuple(commits)


def _changed(told: str) -> tuple[ChangedFile, ...]:
    files = []
    for record in told.split("\0")[:-1]:
        added, removed, path = record.split("\t", 2)
        counts = [None if count == "-" else int(count) for count in (added, removed)]
        files.append(ChangedFile(path=path, added=counts[0], removed=counts[1]))
    return tuple(files)
