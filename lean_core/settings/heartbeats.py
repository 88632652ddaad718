"""The shape of ``[heartbeats.JOB]``: how often a job has to say that it succeeded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from lean_core.settings.shape import Days, Name, Person

JOB_PATTERN = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}"
"""What a job may be called: its name is a folder's."""
NOT_SAID = dt.timedelta()

JobModel = Annotated[
    str,
    Meta(
        pattern=r"^(?!trail\Z)[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\Z",
        description="the name of a model, 1 to 100 of A-Z a-z 0-9 . _ -",
    ),
]
WebPage = Annotated[
    str, Meta(pattern=r"^https?://[^\s@]+\Z", description="an http:// or https:// address without a user")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatSettings:
    """``[heartbeats.JOB]``."""

    model: JobModel = ""
    """Which model goes stale without the job; empty: all of them."""
    environment: Name = ""
    """Where the job runs; read from a file, never empty: without a word the last one of the promotion order."""
    every: Days = NOT_SAID
    """How often it has to succeed, at least; not said: as its beats say."""
    grace: Days = NOT_SAID
    """How much later than that is merely late."""
    owner: Person = ""
    runbook: WebPage = ""
    """What to do when it is down."""
