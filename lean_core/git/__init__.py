"""Git, asked as a reader: commits, differences, and what the working tree has that no commit has."""

from lean_core.git.ask import GitError, read_git
from lean_core.git.authorship import Authorship, Review, read_authorship
from lean_core.git.code import (
    ChangedFile,
    Commit,
    CommitsBetween,
    Diff,
    NotHere,
    commits_between,
    describe_commit,
    diff_between,
)
from lean_core.git.presence import Presence, find_commits, find_root, plain_address
from lean_core.git.tree import Tree, read_tree, read_user

__all__ = [
    "Authorship",
    "ChangedFile",
    "Commit",
    "CommitsBetween",
    "Diff",
    "GitError",
    "NotHere",
    "Presence",
    "Review",
    "Tree",
    "commits_between",
    "describe_commit",
    "diff_between",
    "find_commits",
    "find_root",
    "plain_address",
    "read_authorship",
    "read_git",
    "read_tree",
    "read_user",
]
