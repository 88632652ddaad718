"""What the files of a plain run say of the run itself: its name, state, times, user and commit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from lean_core.runs.readers.plain_folder.instant import to_millis

COMMIT_TAG = "mlflow.source.git.commit"

_NAMES = ("run_name", "name")
_USERS = ("user", "author", "owner")
_STARTS = ("start_time", "started_at", "started", "start", "created_at", "timestamp", "date")
_ENDS = ("end_time", "stop_time", "finished_at", "ended_at", "ended", "end")
_COMMITS = ("git_commit", "commit", "git_sha", "git_hash", "commit_hash", "git.commit", "git.sha", COMMIT_TAG)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_STATUSES = {
    word: status
    for status, words in {
        "FINISHED": ("finished", "completed", "complete", "success", "succeeded", "done"),
        "FAILED": ("failed", "error", "crashed", "died"),
        "RUNNING": ("running", "started"),
        "KILLED": ("killed", "interrupted", "aborted", "cancelled", "canceled", "timeout", "stopped"),
        "SCHEDULED": ("scheduled", "queued", "pending"),
    }.items()
    for word in words
}
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is said of a run; None is what nobody said, and no state is made up."""

    name: str | None = None
    status: str | None = None
    user: str | None = None
    start_time: int | None = None
    """Milliseconds since 1970."""
    end_time: int | None = None


def find_facts(said: Mapping[str, Any]) -> Facts:
    """Find what a flat document says of a run; the spelling of its keys' letters does not matter."""
    lower = {key.lower(): value for key, value in said.items()}

    def first(keys: tuple[str, ...], read: Callable[[Any], _Found | None]) -> _Found | None:
        return next((found for key in keys if (found := read(lower.get(key))) is not None), None)

    return Facts(
        name=first(_NAMES, _word),
        status=first(("status", "state"), lambda value: _STATUSES.get((_word(value) or "").lower())),
        user=first(_USERS, _word),
        start_time=first(_STARTS, to_millis),
        end_time=first(_ENDS, to_millis),
    )


def find_commit(said: Mapping[str, str]) -> str | None:
    """Find the git commit in a flat document."""
    texts = (said.get(key, "").strip().lower() for key in _COMMITS)
    return next((text for text in texts if _COMMIT.fullmatch(text)), None)


def sacred_commit(document: Mapping[str, Any]) -> str | None:
    """Find the commit that Sacred notes deep in its run.json."""
    experiment = document.get("experiment")
    repositories = experiment.get("repositories") if isinstance(experiment, dict) else None
    for repository in repositories if isinstance(repositories, list) else []:
        commit = repository.get("commit") if isinstance(repository, dict) else None
        if isinstance(commit, str) and _COMMIT.fullmatch(commit):
            return commit
    return None


def _word(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    return value if isinstance(value, str) and value else None
