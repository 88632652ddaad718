"""Facts about the repository: who works on it, and which packages it pins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.fact import Fact, unknown
from lean_core.git import GitError, find_root, read_git
from lean_core.registry.lock_file import find_lock_files
from lean_core.releases.difference import parse_lock_file

_LARGEST = 8_000_000


def facts_of_repository(repository: Path, now: dt.datetime) -> Iterator[Fact]:
    """Yield who committed lately."""
    authors = "people who committed in the last 30 days"
    commits = "commits of the last 30 days"
    since = now - dt.timedelta(days=30)
    try:
        told = read_git(repository, "log", "--all", f"--since={since.isoformat()}Z", "--format=%H %aE").text
    except GitError as error:
        why = str(error).rstrip(".")
        yield from (
            unknown(name, meaning, why) for name, meaning in (("authors_30d", authors), ("commits_30d", commits))
        )
        return
    by_commit = dict(line.split(" ", 1) for line in told.splitlines() if " " in line)
    read = Evidence(claim="git was asked.", source=f"repository:{'.'}", kind="derived", observed_at=now)
    yield Fact(name="authors_30d", value=len(set(by_commit.values())), meaning=authors, evidence=read)
    yield Fact(name="commits_30d", value=len(by_commit), meaning=commits, evidence=read)


def read_pins(folder: Path) -> Mapping[str, str] | str:
    """Return the packages that the repository's lock file pins, by name, or why they are not known."""
    found = find_lock_files(folder, find_root(folder) or folder)
    if not found:
        return f"no lock file was found from {folder} upwards"
    path = found[0]
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST)
    except OSError as error:
        return f"{path.name} can't be read ({error.strerror})"
    packages = parse_lock_file(path.name, content)
    return packages.problem or packages.versions
