"""A rehearsed rollback: the pre-flight, done and written down, so that its age can be told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from lean_core.registry import Drill, new_event_id
from lean_core.releases.preflight import Preflight
from lean_core.releases.trail import KnownTrail


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillEvidence:
    """What the newest drill of an environment is worth."""

    state: Literal["rehearsed", "outdated", "failed", "never"]
    """``outdated``: another version is live since, so going back means something else now."""
    sentence: str
    drill: Drill | None
    age: dt.timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A rollback that was gone through up to the last step."""

    environment: str
    live: str
    """The version that it would take away."""
    preflight: Preflight
    """Of the version that it would put there."""
    at: dt.datetime
    """Naive UTC."""
    seconds: float


def make_drill(model: str, rehearsal: Rehearsal, *, actor: str) -> Drill:
    """Return the event that says how a rehearsal went; it succeeded if nothing was in doubt."""
    doubts = rehearsal.preflight.doubts
    return Drill(
        id=new_event_id("drill", environment=rehearsal.environment, at=rehearsal.at),
        at=rehearsal.at,
        actor=actor,
        model=model,
        version=rehearsal.preflight.version,
        environment=rehearsal.environment,
        from_version=rehearsal.live,
        to_version=rehearsal.preflight.version,
        outcome="failed" if doubts else "succeeded",
        seconds=round(rehearsal.seconds, 3),
        reason=" ".join(doubts) or None,
    )


def find_drill(trail: KnownTrail, environment: str, *, live: str | None, now: dt.datetime) -> DrillEvidence:
    """Return the newest drill of an environment, with its age."""
    newest = next(
        (
            known.event
            for known in reversed(trail.events)
            if isinstance(known.event, Drill) and known.event.environment == environment
        ),
        None,
    )
    if newest is None:
        sentence = f"No rollback of {trail.model} in {environment} was ever rehearsed."
        return DrillEvidence(state="never", sentence=sentence, drill=None, age=None)
    age = now - newest.at
    when = f"{_age(age)} ago, from {newest.from_version} to {newest.to_version}"
    if newest.outcome == "failed":
        state: Literal["rehearsed", "outdated", "failed"] = "failed"
        sentence = f"The rollback rehearsed {when}, would not have worked: {newest.reason or 'no reason is recorded'}"
    elif newest.from_version != live:
        state, sentence = "outdated", f"A rollback was rehearsed {when}, and {live or 'nothing'} is live now."
    else:
        state, sentence = "rehearsed", f"A rollback was rehearsed {when}, in {newest.seconds:.1f} s."
    return DrillEvidence(state=state, sentence=sentence, drill=newest, age=age)


def _age(age: dt.timedelta) -> str:
    days, hours = age.days, age.seconds // 3600
    if days >= 1:
        return f"{days} day{'s' * (days != 1)}"
    return f"{hours} hour{'s' * (hours != 1)}" if hours else "less than an hour"
