"""Which of many commits are in a repository, asked in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lean_core.git.ask import GitError, read_git
from lean_core.git.code import NotHere

_BYTES_A_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What a repository has."""

    missing: frozenset[str]
    """Those of the commits that are not in it."""
    is_shallow: bool
    """Whether it was cloned without its whole history."""
    remotes: frozenset[str]
    """The addresses of its remotes, as `plain_address` writes them."""


def find_root(folder: Path) -> Path | None:
    """Return the top folder of the working tree that a folder is in, or None outside of one."""
    try:
        return Path(read_git(folder, "rev-parse", "--show-toplevel").text.removesuffix("\n"))
    except GitError:
        return None


def find_commits(repo: Path, shas: Iterable[str]) -> Presence | NotHere:
    """Look which commits are in a repository.

    Args:
        repo: a folder in it.
        shas: full hashes.
    """
    asked = sorted({sha for sha in shas if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", sha)})
    try:
        shallow = read_git(repo, "rev-parse", "--is-shallow-repository").text.strip() == "true"
        told = read_git(
            repo,
            "cat-file",
            "--batch-check=%(objecttype)",
            limit=_BYTES_A_LINE * (len(asked) + 1),
            told="".join(f"{sha}\n" for sha in asked),
        )
        kinds = told.text.splitlines()
        return Presence(
            missing=frozenset(sha for sha, kind in zip(asked, kinds, strict=True) if kind != "commit"),
            is_shallow=shallow,
            remotes=_read_remotes(repo),
        )
    except GitError as error:
        return NotHere(reason=str(error))


def plain_address(address: str) -> str:
    """Return a repository's address in a form in which those of one repository are the same, over ssh and https."""
    plain = re.sub(r"^[a-z+]+://", "", address.strip(), flags=re.IGNORECASE)
    plain = re.sub(r"^[^@/]*@", "", plain).removesuffix("/").removesuffix(".git")
    host, separator, path = re.sub(r"^([^/:]+)(?::\d+)?[:/]/?", r"\1/", plain).partition("/")
    return f"{host.lower()}{separator}{path}"


def _read_remotes(repo: Path) -> frozenset[str]:
    try:
        told = read_git(repo, "config", "--null", "--get-regexp", r"^remote\..+\.url$").text
    except GitError as error:
        if error.is_about_the_repository:
            raise
        return frozenset()  # git fails where nothing matches
    return frozenset(plain_address(entry.partition("\n")[2]) for entry in told.split("\0") if entry)
