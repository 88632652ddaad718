"""A run, as the workbench knows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

STATUSES = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED", "ABANDONED")
"""MLflow's, and our own for a run that still says RUNNING but shows no sign of life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A dataset that a run read."""

    name: str | None
    digest: str | None
    context: str | None
    """What it was read for: ``training``, ``eval``, ..., as the run says it."""
    source_type: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run with its params, latest metrics, tags and datasets."""

    source: str
    run_key: str
    """Names the run within its source; the run id, but for the rare store that holds an id twice."""
    run_id: str
    experiment: str | None
    experiment_id: str | None
    name: str | None
    status: str | None
    """One of `STATUSES`, or None where the source does not say."""
    start_time: dt.datetime | None
    end_time: dt.datetime | None
    user: str | None
    commit: str | None
    lifecycle: str
    """``active``, or ``deleted`` at the source."""
    gone_at: dt.datetime | None
    """Since when the source no longer has it at all."""
    parent_run_id: str | None
    artifact_uri: str | None
    artifact_path: str | None
    params: dict[str, str | None] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    tags: dict[str, str | None] = field(default_factory=dict)
    local_tags: dict[str, str] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()

    @property
    def ref(self) -> str:
        """The run's name across sources: in addresses, selections and notes."""
        return f"{self.source}:{self.run_key}"

    @property
    def title(self) -> str:
        """What to call it on screen."""
        return self.name or self.run_id[:8]

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        if self.start_time is None or self.end_time is None:
            return None
        return (self.end_time - self.start_time).total_seconds()


def split_ref(ref: str) -> tuple[str, str]:
    """Return the source and the run key of a `Run.ref`."""
    source, _, run_key = ref.partition(":")
    return source, run_key
