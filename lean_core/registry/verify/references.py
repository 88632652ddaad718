"""Whether what records point to outside of the registry is there: commits and data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

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
_Reference = TypeVar("_Reference")


def commits_of(versions: Iterable[Version]) -> dict[str, list[Version]]:
    """Return the versions by the commit that their records name."""
    return _group(
        (version.record.code.commit, version)
        for version in versions
        if version.record and version.record.code and version.record.code.commit
    )


def check_commits(by_commit: Mapping[str, Sequence[Version]], presence: Presence | NotHere) -> Iterator[Finding]:
    """Yield the commits that are not in the repository, or can't be looked up."""
    if isinstance(presence, Presence):
        for commit in by_commit.keys() & presence.missing:
            yield _explain_commit(commit, by_commit[commit], presence)
    elif by_commit:
        yield Finding(
            severity="unknown",
            subject="commit",
            where=_name([version for versions in by_commit.values() for version in versions]),
            what=f"whether their commits exist is not known: {presence.reason}",
            action="name the repository of the code in lean.toml: [workspace] repository",
        )


def data_of(versions: Iterable[Version]) -> dict[Data, list[Version]]:
    """Return the versions by the data that their records say the place of."""
    named = ((data, version) for version in versions if version.record for data in version.record.data)
    return _group((data, version) for data, version in named if data.ref)


def check_data(by_data: Mapping[Data, Sequence[Version]], look: Callable[[Data], DataState]) -> Iterator[Finding]:
    """Yield the references to data that lead nowhere, to something else, or to where nobody can look from here."""
    states = parallel.each(look, by_data, threads=min(_LOOKING, len(by_data)))
    for (_, versions), found in zip(by_data.items(), states, strict=True):
        if found.state != "there":
            yield Finding(
                severity=_SEVERITY[found.state],
                subject="data",
                where=_name(versions),
                what=found.sentence,
                action=_ACTION[found.state],
            )


def _explain_commit(commit: str, versions: Sequence[Version], presence: Presence) -> Finding:
    code = versions[0].record and versions[0].record.code
    repo = code.repo if code else None
    severity: Severity = "unknown"
    if repo and presence.remotes and plain_address(repo) not in presence.remotes:
        what = f"commit {commit[:10]} is of {repo}, which is another repository than the one at hand"
        action = "run the doctor where that repository is [workspace] repository in lean.toml"
    elif presence.is_shallow:
        what = f"commit {commit[:10]} is not in this clone, which is shallow"
        action = "git fetch --unshallow"
    else:
        severity = "error"
        what = f"commit {commit[:10]} is not in the repository: nobody can tell which code made this"
        action = "git fetch --all; if it was never pushed, push it from where it was made"
    return Finding(severity=severity, subject="commit", where=_name(versions), what=what, action=action)


def _group(pairs: Iterable[tuple[_Reference, Version]]) -> dict[_Reference, list[Version]]:
    found: dict[_Reference, list[Version]] = {}
    for reference, version in pairs:
        found.setdefault(reference, []).append(version)
    return found


def _name(versions: Sequence[Version]) -> str:
    first = f"{versions[0].model}/{versions[0].version}"
    return first if len(versions) == 1 else f"{first} and {len(versions) - 1:,} more"
