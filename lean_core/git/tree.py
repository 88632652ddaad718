"""The working tree: at which commit it is, and what is in it that no commit has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lean_core.git.ask import GitError, read_git
from lean_core.git.code import NotHere
from lean_core.settings import redact

_RENAMED_OR_COPIED = "2"
_USER_IN_ADDRESS = re.compile(r"^(https?://)[^/]*@", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A working tree, as git sees it."""

    root: Path
    commit: str | None
    """None: nothing was ever committed here."""
    changed: tuple[str, ...]
    """Tracked files that differ from the commit, staged or not, from the root."""
    untracked: tuple[str, ...]
    """Files that git neither tracks nor ignores; a folder of such files is one entry that ends in a slash."""
    remote: str | None
    """The address of the remote, without secrets; None where there is none, or where none of several is the obvious."""
    is_pushed: bool | None
    """Whether a branch of a remote has the commit, as of the last fetch or push; None without a remote."""

    @property
    def is_dirty(self) -> bool:
        """Whether there is anything that the commit does not have."""
        return bool(self.changed or self.untracked)


def read_tree(folder: Path, *, own: Sequence[Path] = ()) -> Tree | NotHere:
    """Look at the working tree that a folder is in.

    Clean filters that the repository's own settings name (git-lfs) are run, as by any `git status`: without them, all
    that they filter would look changed.

    Args:
        folder: anywhere in the tree.
        own: files and folders that may lie in it untracked without making it dirty.
    """
    try:
        root = Path(read_git(folder, "rev-parse", "--show-toplevel").text.removesuffix("\n"))
        facts, changed = _read_status(root)
        remotes = _read_remotes(root)
        untracked = _read_untracked(root, own)
        commit = facts.get("branch.oid", "(initial)")
        has_commit = commit != "(initial)"
        return Tree(
            root=root,
            commit=commit if has_commit else None,
            changed=changed,
            untracked=untracked,
            remote=_choose_remote(remotes, facts.get("branch.upstream", "")),
            is_pushed=_is_pushed(root, commit) if remotes and has_commit else None,
        )
    except GitError as error:
        return NotHere(reason=_explain(folder, error))


def read_user(folder: Path) -> str | None:
    """Return who git takes the person for: ``user.name``, else ``user.email``, from wherever it is set."""
    for key in ("user.name", "user.email"):
        try:
            name = read_git(folder, "config", "--get", key).text.strip()
        except GitError:  # it is not set, or there is no git
            continue
        if name:
            return name
    return None


def _read_status(root: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the facts about the branch, and the tracked files that changed."""
    told = read_git(
        root, "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=no", "--ignore-submodules=none"
    )
    facts: dict[str, str] = {}
    changed = []
    records = iter(told.text.split("\0"))
    for record in records:
        kind, _, rest = record.partition(" ")
        if kind == "#":
            key, _, value = rest.partition(" ")
            facts[key] = value
        elif kind in {"1", _RENAMED_OR_COPIED, "u"}:
            changed.append(record.split(" ", _FIELDS[kind])[-1])
            if kind == _RENAMED_OR_COPIED:
                next(records, None)  # what it was called before
    return facts, tuple(changed)


_FIELDS = {"1": 8, _RENAMED_OR_COPIED: 9, "u": 10}
"""How many fields stand before the path, which may have blanks in it."""


def _read_untracked(root: Path, own: Sequence[Path]) -> tuple[str, ...]:
    top = root.resolve()
    places = [path.parent.resolve() / path.name for path in own]  # a link lies where it is, not where it leads
    inside = [path.relative_to(top).as_posix() for path in places if path.is_relative_to(top)]
    excluded = [f":(top,exclude,literal){path}" for path in inside if path != "."]
    question = ("ls-files", "--others", "--exclude-standard", "--directory", "--no-empty-directory", "-z")
    told = read_git(root, *question, "--", ":(top)", *excluded)
    return tuple(path for path in told.text.split("\0") if path)


def _read_remotes(root: Path) -> dict[str, str]:
    """Return the remotes' addresses by name, as they are set: what git rewrites them to may have a token in it."""
    try:
        told = read_git(root, "config", "--null", "--get-regexp", r"^remote\..+\.url$").text
    except GitError as error:
        if error.is_about_the_repository:
            raise
        return {}  # git fails where nothing matches
    pairs = (entry.partition("\n") for entry in told.split("\0") if entry)
    return {key.removeprefix("remote.").removesuffix(".url"): address for key, _, address in pairs}


def _choose_remote(remotes: dict[str, str], upstream: str) -> str | None:
    """Return the address of the branch's own remote, else of ``origin``, else of the only one."""
    of_branch = [name for name in remotes if upstream.startswith(f"{name}/")]
    for name in (*sorted(of_branch, key=len, reverse=True), "origin"):
        if name in remotes:
            return _without_user(remotes[name])
    return _without_user(next(iter(remotes.values()))) if len(remotes) == 1 else None


def _without_user(address: str) -> str:
    return redact(_USER_IN_ADDRESS.sub(r"\1", redact(address)))


def _is_pushed(root: Path, commit: str) -> bool:
    return bool(read_git(root, "for-each-ref", f"--contains={commit}", "--count=1", "refs/remotes").text)


def _explain(folder: Path, error: GitError) -> str:
    if not error.is_about_the_repository:
        try:
            if read_git(folder, "rev-parse", "--is-inside-work-tree").text.strip() == "false":
                return f"{folder} is in a repository without a working tree: go to a clone of it."
        except GitError:
            pass
    return str(error)
