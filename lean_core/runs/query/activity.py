"""Who trained lately, and how much."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.runs.query import table

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What the imported runs tell."""

    users: frozenset[str]
    """Those who logged runs since the time that was asked for."""
    runs: int
    """How many started since."""
    newest: dt.datetime | None
    """When the newest of all started; naive UTC."""


def read_activity(cursor: duckdb.DuckDBPyConnection, *, since: dt.datetime) -> Activity:
    """Return who trained since a time, and how much; runs that were deleted count, too."""
    users, runs, newest = table.activity_since(cursor, since)
    return Activity(users=frozenset(users or ()), runs=runs, newest=newest)
