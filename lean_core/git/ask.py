"""Ask git, as a reader that leaves nothing behind, runs nothing that the repository configures, and does not wait."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TIMEOUT = 20.0
LIMIT = 5_000_000

_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone would ask its remote for what it has not
    "LC_ALL": "C",  # we read what it says about errors
}
_NOT_INHERITED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_NAMESPACE")
_OURS = ("--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


class GitError(Exception):
    """Git could not answer; the text is a sentence for a person."""

    def __init__(self, sentence: str, *, is_about_the_repository: bool = False) -> None:
        """Note whether any question to this repository would end like this one."""
        super().__init__(sentence)
        self.is_about_the_repository = is_about_the_repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What git wrote."""

    text: str
    cut: bool
    """Whether it had more to say."""


def read_git(repo: Path, *arguments: str, limit: int = LIMIT, told: str = "") -> Answer:
    """Run one git command, tell it something, and return up to ``limit`` bytes of what it writes.

    Raises:
        GitError: it failed, or took too long.
    """
    if not repo.is_dir():
        raise GitError(f"There is no folder {repo}.", is_about_the_repository=True)
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED} | _ENVIRONMENT
    command = ["git", "-C", str(repo), *_OURS, *arguments]
    # A file for what it is told: with a pipe, we would wait for each other once both are full.
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as questions:
        questions.write(told.encode())
        questions.seek(0)
        try:
            process = subprocess.Popen(command, stdin=questions, stdout=subprocess.PIPE, stderr=errors, env=environment)
        except FileNotFoundError:
            raise GitError("There is no git on this machine.", is_about_the_repository=True) from None
        with process, _deadline(process) as late:
            written = process.stdout.read(limit + 1) if process.stdout else b""
            cut = len(written) > limit
            if cut:
                process.kill()
            process.wait()
        if late.is_set():
            raise GitError(f"Git did not answer within {TIMEOUT:.0f} s.", is_about_the_repository=True)
        if process.returncode != 0 and not cut:
            errors.seek(0)
            raise _explain(errors.read(10_000).decode("utf-8", errors="replace"), repo)
    return Answer(text=written[:limit].decode("utf-8", errors="replace"), cut=cut)


@contextmanager
def _deadline(process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kill a process that is still there after `TIMEOUT`, and say so by the event."""
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(TIMEOUT, end)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _explain(errors: str, repo: Path) -> GitError:
    if "dubious ownership" in errors:
        return GitError(
            f"Git does not trust {repo}, since it belongs to another user; if you do:"
            f" git config --global --add safe.directory {repo}",
            is_about_the_repository=True,
        )
    if "not a git repository" in errors:
        return GitError(f"{repo} is not in a git repository.", is_about_the_repository=True)
    return GitError(f"Git could not answer for {repo}; `git -C {repo} status` says more.")
