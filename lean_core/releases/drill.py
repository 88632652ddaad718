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


def make_drill(
    trail: KnownTrail,
    environment: str,
    preflight: Preflight,
    *,
    live: str,
    actor: str,
    times: tuple[dt.datetime, float],
) -> Drill:
    """Return the event that says how a rehearsal went; it succeeded if nothing was in doubt.

    Args:
        trail: of the model.
        environment: whose rollback was rehearsed.
        preflight: of the version that would be gone back to.
        live: the version that is live.
        actor: who rehearsed it.
        times: when it was done, and how many seconds it took.
    """
    at, seconds = times
    doubts = preflight.doubts
    return Drill(
        id=new_event_id("drill", environment=environment, at=at),
        at=at,
        actor=actor,
        model=trail.model,
        version=preflight.version,
        environment=environment,
        from_version=live,
        to_version=preflight.version,
        outcome="failed" if doubts else "succeeded",
        seconds=round(seconds, 3),
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
