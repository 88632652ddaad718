"""Events and trails that are valid by default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lean_core.registry import (
    Approval,
    CheckResult,
    Deployment,
    Drill,
    Event,
    Gate,
    UnreadableEvent,
    Waiver,
    Withdrawal,
    new_event_id,
)
from lean_core.releases import KnownEvent, KnownTrail, order_trail

BEGIN = dt.datetime(2026, 3, 1, 12, 0)
POLICY = "a" * 64


def on(day: float) -> dt.datetime:
    """Return a time so many days after the beginning."""
    return BEGIN + dt.timedelta(days=day)


def a_deployment(version: str = "12", *, day: float = 0, environment: str = "prod", **changes) -> Deployment:
    given = {"outcome": "succeeded", "how": "make deploy"} | changes
    return Deployment(**shared("deployment", version, day, environment) | given)


def a_gate(version: str = "12", *, day: float = 0, environment: str = "prod", **changes) -> Gate:
    checks = (CheckResult(name="metrics.auc", verdict="pass", value=0.9, threshold="at least 0.8"),)
    given = {"verdict": "pass", "policy_sha256": POLICY, "checks": checks} | changes
    return Gate(**shared("gate", version, day, environment) | given)


def a_withdrawal(version: str = "12", *, day: float = 0, environment: str | None = None) -> Withdrawal:
    return Withdrawal(**shared("withdrawal", version, day, environment), reason="leaks the label")


def a_waiver(version: str = "12", *, day: float = 0, until: float = 30) -> Waiver:
    return Waiver(
        **shared("waiver", version, day, "prod"),
        check="metrics.auc",
        reason="new market",
        by="ben",
        expires_at=on(until),
    )


def an_approval(version: str = "12", *, day: float = 0, by: str = "ben", **changes) -> Approval:
    return Approval(**shared("approval", version, day, "prod"), by=by, **changes)


def a_drill(version: str = "12", *, day: float = 0, live: str = "13", **changes) -> Drill:
    given = {"from_version": live, "to_version": version, "outcome": "succeeded", "seconds": 1.5} | changes
    return Drill(**shared("drill", version, day, "prod") | given)


def shared(kind: str, version: str, day: float, environment: str | None) -> dict:
    at = on(day)
    return {
        "id": new_event_id(kind, environment=environment, at=at),
        "at": at,
        "actor": "ana",
        "model": "churn",
        "version": version,
        "environment": environment,
    }


def a_trail(*events: Event, unreadable: Iterable[UnreadableEvent] = ()) -> KnownTrail:
    """Return a trail of events that were all known at once when they happened."""
    return order_trail("churn", [KnownEvent(event=event, known_at=event.at) for event in events], unreadable)


def unreadable(kind: str, *, day: float = 0, environment: str = "prod") -> UnreadableEvent:
    name = new_event_id(kind, environment=environment, at=on(day))
    return UnreadableEvent(key=f"churn/trail/{name}.json", sentence=f"{name} is damaged")
