"""What the five checks are told, valid by default: all of it good news."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from lean_core.checkpoint import Claim, Evidence
from lean_core.checkpoint.about import About
from lean_core.checkpoint.checks import DebtLog, Deployed, Watch
from lean_core.checkpoint.checks.provenance import Provenance, Trace
from lean_core.checkpoint.definition import Definition
from lean_core.debt import Item
from lean_core.releases import DrillEvidence, Observation, fold_environment
from tests.releases.builders import a_deployment, a_drill, a_gate, a_trail, on

NOW = on(10)


def about(*claims: Claim, now: dt.datetime = NOW, probe: str | None = "http://127.0.0.1:1/version") -> About:
    return About(
        model="churn",
        environment="prod",
        now=now,
        probe=probe,
        claims={each.subject: each for each in claims},
    )


def a_claim(subject: str = "debt.none.migration", *, days: float = 30, at: dt.datetime = NOW, **changes) -> Claim:
    claim = Claim(
        subject=subject,
        says="we stay where we are",
        claimed_at=at,
        claimed_by="ana",
        good_until=at + dt.timedelta(days=days),
    )
    return replace(claim, **changes)


def a_state(*events):
    """Return what is declared, by default that 12 was let in by its gate and deployed on the ninth day."""
    gate = a_gate("12", day=8)
    return fold_environment(a_trail(*(events or (gate, a_deployment("12", day=9, gate=gate.id)))), "prod")


def an_observation(
    state: str = "agree", *, at: dt.datetime = NOW, observed: str | None = "12", **changes
) -> Observation:
    observation = Observation(
        model="churn",
        environment="prod",
        state=state,
        declared="12",
        observed=observed,
        sentence=f"churn in prod runs {observed}, as declared." if state == "agree" else f"It is {state}.",
        observed_at=at,
        asked="http://127.0.0.1:1/version",
    )
    return replace(observation, **changes)


def a_trace(what: str = "code", state: str = "same", **changes) -> Trace:
    trace = Trace(what=what, state=state, sentence=f"Its {what} is {state}.", source=f"x:{what}", value=f"of {what}")
    return replace(trace, **changes)


def a_provenance(*traces: Trace) -> Provenance:
    return Provenance(version="12", traces=traces or tuple(a_trace(what) for what in ("code", "data", "metrics")))


def a_deployed(**changes) -> Deployed:
    drill = a_drill("11", day=9.5, live="12")
    deployed = Deployed(
        last=a_deployment("12", day=9, seconds=4.0),
        definition=Definition(path="Makefile", digest="sha256:0", sentence="Makefile defines it.", committed=True),
        drill=DrillEvidence(state="rehearsed", sentence="It was rehearsed.", drill=drill, age=NOW - drill.at),
        rollback=None,
    )
    return replace(deployed, **changes)


def a_watch(tells: str = "broken", *, at: dt.datetime | None = NOW, hours: float = 24, **changes) -> Watch:
    reading = at and Evidence(
        claim="It answers.",
        source="probe:x",
        kind="observed",
        observed_at=at,
        good_until=at + dt.timedelta(hours=hours),
    )
    watch = Watch(
        name=f"the {tells} watch",
        tells=tells,
        threshold="it answers",
        sentence="It answers." if at else "nobody set it up.",
        reading=reading,
        owner="ana",
    )
    return replace(watch, **changes)


def an_item(name: str = "D-1", **changes) -> Item:
    item = Item(
        id=name,
        title="Deployed by hand",
        owner="ana",
        risk="maintainability",
        severity="medium",
        blocks=("migration", "customer", "compliance"),
        trigger="live_models >= 2",
        created=dt.date(2026, 3, 1),
        updated_at=on(1),
        updated_by="ana",
    )
    return replace(item, **changes)


def a_log(*items: Item, **changes) -> DebtLog:
    log = DebtLog(items=items or (an_item(),), reviewed_at=on(9), reviewed_by="ana")
    return replace(log, **changes)
