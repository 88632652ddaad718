"""What is asked for, and what comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from lean_core.runs.run import Run

View = Literal["active", "deleted", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuery:
    """A question about runs."""

    filter: str = ""
    """In the filter language; empty: all."""
    sort: str = "start_time"
    """A key of the filter language: ``metrics.auc``, ``params.depth``, ``start_time``."""
    descending: bool = True
    limit: int | None = None
    """How many runs to return; None: all."""
    offset: int = 0
    view: View = "active"
    """Whether to see runs that are deleted at the source."""
    sources: tuple[str, ...] = ()
    """Names; empty: all."""
    experiments: tuple[str, ...] = ()
    """Names; empty: all."""
    parent: str | None = None
    """The id of a run: only its children."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a query knows of time."""

    now: dt.datetime
    """Naive UTC."""
    abandoned_after: dt.timedelta
    """RUNNING without a sign of life for so long is ABANDONED."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """Some of the runs that a query found."""

    total: int
    """How many runs match, on all pages."""
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Which runs a query found, without what they say: for more runs than memory should hold."""

    total: int
    """How many runs match, on all pages."""
    refs: tuple[str, ...]
    """Of those that were asked for, in their order (`Run.ref`)."""
