"""Whether git can tell what the commits of the runs hold, and keeps no more of the workspace than it should."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from lean_core.doctor.finding import Finding
from lean_core.settings import FILE_NAME, Settings, redact
from lean_core.workbench import STORE_NAME

_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_TIMEOUT = 10.0


def check_git(folder: Path, repository: Path, *, settings: Settings) -> Iterator[Finding]:
    """Check the repository of the code, and what git does with the workspace's own files."""
    if shutil.which("git") is None:
        message = "git is not installed: the code of two runs can't be compared"
        yield Finding(severity="warning", about="git", message=message, action="install git")
        return
    yield _check_repository(repository)
    inside = _git(folder, "rev-parse", "--is-inside-work-tree")
    if inside.returncode or inside.stdout.strip() != "true":
        return
    if _git(folder, "check-ignore", "--quiet", STORE_NAME).returncode == 1:
        message = f"git does not ignore {folder / STORE_NAME}, which changes with every sync"
        yield Finding(severity="warning", about="git", message=message, action=f"add {STORE_NAME}* to .gitignore")
    with_secret = [name for name, source in settings.sources.items() if redact(source.uri) != source.uri]
    if with_secret and _git(folder, "ls-files", "--error-unmatch", FILE_NAME).returncode == 0:
        message = (
            f"the uri of source {', '.join(with_secret)} in {folder / FILE_NAME} holds a password, and git keeps it"
        )
        action = "move it to ~/.pgpass or the environment, and change the password"
        yield Finding(severity="warning", about="git", message=message, action=action)


def _check_repository(repository: Path) -> Finding:
    top = _git(repository, "rev-parse", "--show-toplevel")
    if top.returncode:
        return _explain(repository, top.stderr)
    root = top.stdout.rstrip("\n")
    if _git(repository, "rev-parse", "--is-shallow-repository").stdout.strip() == "true":
        message = f"the repository {root} is a shallow clone: commits of older runs are not in it"
        return Finding(severity="warning", about="git", message=message, action="git fetch --unshallow")
    return Finding(severity="ok", about="git", message=f"commits of runs are looked up in {root}")


def _explain(repository: Path, problem: str) -> Finding:
    if "dubious ownership" in problem:
        return Finding(
            severity="warning",
            about="git",
            message=f"git refuses {repository}, which belongs to another user",
            action=f"git config --global --add safe.directory {shlex.quote(str(repository.resolve()))}",
        )
    if "not a git repository" in problem or not repository.is_dir():
        return Finding(
            severity="warning",
            about="git",
            message=f"{repository} is not in a git repository: the code of two runs can't be compared",
            action=f"name the repository of the code in {FILE_NAME}: [workspace] repository",
        )
    return Finding(severity="unknown", about="git", message=f"git could not read {repository}", action="git status")


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(folder), *arguments]
    # Within a git hook, GIT_DIR and its kin would answer for another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _ENVIRONMENT
    try:
        return subprocess.run(
            command,
            env=environment,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, returncode=124, stdout="", stderr="timed out")
