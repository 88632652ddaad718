"""Make evidence of what the trail records, and of what a running system said."""

from __future__ import annotations

import datetime as dt

from lean_core.checkpoint.evidence import Evidence
from lean_core.registry import Event
from lean_core.releases import Observation


def from_event(event: Event, claim: str, *, good_for: dt.timedelta | None = None) -> Evidence:
    """Return an event as evidence; without ``good_for`` it does not age."""
    return Evidence(
        claim=claim,
        value=event.version,
        source=f"trail:{event.model}/{event.id}",
        kind="derived",
        observed_at=event.at,
        good_until=None if good_for is None else event.at + good_for,
        by=event.actor,
    )


def from_observation(
    observation: Observation, *, good_for: dt.timedelta | None = None, by: str | None = None
) -> Evidence:
    """Return what a running system said as evidence; without ``good_for`` it does not age."""
    return Evidence(
        claim=observation.sentence,
        value=observation.observed,
        source=f"probe:{observation.asked}",
        kind="observed",
        observed_at=observation.observed_at,
        good_until=None if good_for is None else observation.observed_at + good_for,
        by=by,
    )
