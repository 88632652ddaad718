"""Which code made a version, from what the run and the working tree say."""

from __future__ import annotations

import re

from lean_core.git import NotHere, Tree
from lean_core.registry.record import Code
from lean_core.registry.request import RunFacts

_FULL = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_NAMED = 3
"""How many files are named in a sentence."""


def tell_code(
    tree: Tree | NotHere, run: RunFacts | None, *, run_commit_is_here: bool
) -> tuple[Code | None, tuple[str, ...]]:
    """Return the code of a version, with sentences for a person.

    The run knows best where it was made; what the working tree adds (is it dirty, where is its remote) counts only
    for the commit that it is at.

    Args:
        tree: the working tree, or why there is none.
        run: what the run says, if there is one.
        run_commit_is_here: whether the repository of the tree has the run's commit.
    """
    commit = run.commit if run and run.commit and _FULL.fullmatch(run.commit) else None
    doubts: tuple[str, ...] = (
        () if commit or not (run and run.commit) else (f"the run's commit {run.commit!r} is no full hash: not used",)
    )
    if isinstance(tree, NotHere) or tree.commit is None:
        return _without_tree(tree, run, commit, doubts)
    if commit is None or commit == tree.commit:
        if run and commit is None:
            doubts += (f"the run says no commit: the working tree's, {tree.commit[:10]}, was taken",)
        return _of_tree(tree), (*doubts, *_remarks_on(tree))
    repo = run.repo if run else None
    if repo is None and run_commit_is_here:
        repo = tree.remote
    remark = (
        f"the run was made at commit {commit[:10]}, and the working tree is at {tree.commit[:10]}: the run's was taken;"
        " whether its tree was dirty is not known"
    )
    absent = (
        () if run_commit_is_here else (f"commit {commit[:10]} is not in {tree.root}: fetch it, or push it from there",)
    )
    return Code(commit=commit, repo=repo), (*doubts, remark, *absent)


def _without_tree(
    tree: Tree | NotHere, run: RunFacts | None, commit: str | None, doubts: tuple[str, ...]
) -> tuple[Code | None, tuple[str, ...]]:
    if run and commit:
        return Code(commit=commit, repo=run.repo), (*doubts, "whether the run's working tree was dirty is not known")
    why = tree.reason if isinstance(tree, NotHere) else f"nothing was ever committed in {tree.root}."
    return None, (*doubts, f"no commit: {why} --run ID takes it from a run that knows it")


def _of_tree(tree: Tree) -> Code:
    return Code(commit=tree.commit, repo=tree.remote, dirty=tree.is_dirty)


def _remarks_on(tree: Tree) -> tuple[str, ...]:
    remarks = []
    if tree.is_dirty:
        counts = [
            f"{len(paths)} {what}"
            for paths, what in ((tree.changed, "changed"), (tree.untracked, "untracked"))
            if paths
        ]
        files = [*tree.changed, *tree.untracked]
        more = ", …" if len(files) > _NAMED else ""
        remarks.append(
            f"the working tree is dirty ({', '.join(counts)}: {', '.join(files[:_NAMED])}{more}): it is registered as"
            " dirty, and nobody can rebuild it from its commit; commit first"
        )
    if tree.is_pushed is False:
        remarks.append(f"commit {(tree.commit or '')[:10]} is on no branch of a remote yet: push it")
    if tree.remote is None:
        remarks.append("the repository has no remote whose address could be noted: git remote add origin URL")
    return tuple(remarks)
