"""Who last changed some lines, and when: git's blame, asked file by file in a few threads, for a bounded time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from lean_core.git import GitError, read_git

THREADS = 3
PATIENCE = 60.0
"""Seconds; what was not asked by then has no age."""
_NOT_YET = "0" * 40
_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """Of one line."""

    author: str
    written: dt.datetime
    """Naive UTC."""
    is_boundary: bool
    """Whether git could see no further back."""


def blame_lines(
    root: Path, lines: Mapping[str, Sequence[int]], tell: Callable[[str], None]
) -> dict[tuple[str, int], Blame]:
    """Ask for the lines of each path; those that are in no commit yet, or were not answered in time, are left out."""
    found: dict[tuple[str, int], Blame] = {}
    pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="blame")
    try:
        asked = [pool.submit(_blame, root, path, numbers) for path, numbers in lines.items()]
        done, _ = wait(asked, timeout=PATIENCE)
    finally:
        pool.shutdown(cancel_futures=True)
    for future in done:
        found.update(future.result())
    tell(f"lines whose age git told: {len(found)} of {sum(map(len, lines.values()))}")
    return found


def _blame(root: Path, path: str, numbers: Sequence[int]) -> dict[tuple[str, int], Blame]:
    ranges = [f"-L{number},{number}" for number in numbers]
    try:
        told = read_git(root, "blame", "--line-porcelain", "--no-textconv", *ranges, "--", path, limit=_BYTES).text
    except GitError:
        return {}  # of this file alone: it is not in any commit, or changed while we read it
    return {(path, line): blame for line, blame in _read(told)}


def _read(told: str) -> Iterator[tuple[int, Blame]]:
    facts: dict[str, str] = {}
    sha = line = ""
    for text in told.split("\n"):
        if text.startswith("\t"):
            if sha != _NOT_YET:
                written = dt.datetime.fromtimestamp(int(facts["author-time"]), dt.UTC).replace(tzinfo=None)
                yield int(line), Blame(author=facts["author"], written=written, is_boundary="boundary" in facts)
            facts = {}
        elif not facts:
            sha, _, line = text.split(" ")[:3] if text else ("", "", "")
            facts["commit"] = sha
        else:
            key, _, value = text.partition(" ")
            facts[key] = value
