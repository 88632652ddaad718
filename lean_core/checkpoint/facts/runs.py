"""Facts about runs and those who make them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.fact import Fact, unknown
from lean_core.runs import Activity


def facts_of_runs(activity: Activity, *, synced_at: dt.datetime | None, now: dt.datetime) -> Iterator[Fact]:
    """Yield what the imported runs tell.

    Args:
        activity: of the last 30 days.
        synced_at: when a source was last imported; None: never.
        now: naive UTC.
    """
    builders = "people who logged a run in the last 30 days"
    trained = "runs that started in the last 30 days"
    newest = "days since the newest run started"
    if synced_at is None:
        why = "no runs were imported yet: lean-mlops sync"
        yield from (
            unknown(*each, why)
            for each in (("builders", builders), ("runs_30d", trained), ("last_run_age_days", newest))
        )
        return
    read = Evidence(claim="Runs were imported.", source="runs:", kind="derived", observed_at=synced_at)
    yield Fact(name="builders", value=len(activity.users), meaning=builders, evidence=read)
    yield Fact(name="runs_30d", value=activity.runs, meaning=trained, evidence=read)
    if activity.newest is None:
        yield unknown("last_run_age_days", newest, "no run says when it started")
    else:
        yield Fact(name="last_run_age_days", value=(now - activity.newest).days, meaning=newest, evidence=read)
