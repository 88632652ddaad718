"""Whether what records point to outside of the registry is there: commits and data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lean_core.git import NotHere, Presence, plain_address
from lean_core.registry import parallel
from lean_core.registry.data_state import DataState
from lean_core.registry.record import Data
from lean_core.registry.verify.finding import Finding, Severity
from lean_core.registry.version import Version

_LOOKING = 8
"""Threads that look for data: most of the time they wait for a server."""
_SEVERITY: dict[str, Severity] = {"absent": "warning", "missing": "error", "changed": "error", "unknown": "unknown"}
_ACTION = {
    "absent": "look on the machine where it was trained, or copy it here",
    "missing": "take it from a copy: without it nobody can train this again",
    "changed": "take it from a copy; give data that changes a place of its own for each state",
    "unknown": "",
}


@dataclass(slots=True, kw_only=True)
class Mention:
    """Who names a commit or data: the first version, and how many there are."""

    first: str
    repo: str | None = None
    """The repository that the first one says its commit is of."""
    count: int = 0

    def __str__(self) -> str:
        """Name them."""
        return self.first if self.count == 1 else f"{self.first} and {self.count - 1:,} more"


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What versions point to. They are not kept for it: ten thousand of them cost more than what is noted here."""

    commits: dict[str, Mention] = field(default_factory=dict)
    data: dict[Data, Mention] = field(default_factory=dict)

    def note(self, version: Version) -> None:
        """Note what a version points to."""
        record = version.record
        if record is None:
            return
        where = f"{version.model}/{version.version}"
        if record.code and record.code.commit:
            commit = record.code.commit
            mention = self.commits.get(commit) or Mention(first=where, repo=record.code.repo)
            self.commits[commit] = mention
            mention.count += 1
        for data in record.data:
            mention = self.data.get(data) or Mention(first=where)
            self.data[data] = mention
            mention.count += 1


def check_commits(commits: Mapping[str, Mention], presence: Presence | NotHere) -> Iterator[Finding]:
    """Yield the commits that are not in the repository, or can't be looked up."""
    if isinstance(presence, Presence):
        for commit, mention in commits.items():
            if commit in presence.missing:
                yield _explain_commit(commit, mention, presence)
    elif commits:
        first = next(iter(commits.values())).first
        yield Finding(
            severity="unknown",
            subject="commit",
            where=str(Mention(first=first, count=sum(mention.count for mention in commits.values()))),
            what=f"whether their commits exist is not known: {presence.reason}",
            action="name the repository of the code in lean.toml: [workspace] repository",
        )


def check_data(data: Mapping[Data, Mention], look: Callable[[Data], DataState]) -> Iterator[Finding]:
    """Yield the references to data that lead nowhere, to something else, or to where nobody can look from here."""
    states = parallel.each(look, data, threads=min(_LOOKING, len(data)))
    for mention, found in zip(data.values(), states, strict=True):
        if found.state != "there":
            yield Finding(
                severity=_SEVERITY[found.state],
                subject="data",
                where=str(mention),
                what=found.sentence,
                action=_ACTION[found.state],
            )


def _explain_commit(commit: str, mention: Mention, presence: Presence) -> Finding:
    severity: Severity = "unknown"
    if mention.repo and presence.remotes and plain_address(mention.repo) not in presence.remotes:
        what = f"commit {commit[:10]} is of {mention.repo}, which is another repository than the one at hand"
        action = "run the doctor where that repository is [workspace] repository in lean.toml"
    elif presence.is_shallow:
        what = f"commit {commit[:10]} is not in this clone, which is shallow"
        action = "git fetch --unshallow"
    else:
        severity = "error"
        what = f"commit {commit[:10]} is not in the repository: nobody can tell which code made this"
        action = "git fetch --all; if it was never pushed, push it from where it was made"
    return Finding(severity=severity, subject="commit", where=str(mention), what=what, action=action)
