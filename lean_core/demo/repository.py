"""Make the demo's folder a small git repository, where git is at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

AUTHOR = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Ana Example"), ("EMAIL", "ana@example.com"))
}
PATIENCE = 20.0
"""Seconds until a git that does not answer counts as not at hand; a commit takes some 10 ms."""


def commit(folder: Path, *, message: str, at: int) -> str | None:
    """Commit all that lies in ``folder``, as of ``at`` (seconds since 1970); return the commit, or None without git."""
    git = shutil.which("git")
    if git is None:
        return None
    date = f"@{at} +0000"
    # Nothing of the person's own: no hooks, no signing, no template, no repository that a hook around us works on.
    own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment = own | AUTHOR | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_DATE": date,
    }  # fmt: skip

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [git, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE
        )
        return done.stdout.strip()

    try:
        if not (folder / ".git").exists():
            run("-c", "init.defaultBranch=main", "init", "--quiet")
        run("add", "--all")
        run("commit", "--quiet", f"--message={message}")
        return run("rev-parse", "HEAD")
    except (OSError, subprocess.SubprocessError):
        return None
