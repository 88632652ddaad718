"""Facts about what is live, and what was released."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lean_core.checkpoint.derive import from_event, from_observation
from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.fact import Fact, unknown
from lean_core.checkpoint.names import join
from lean_core.registry import Deployment, Waiver
from lean_core.releases import DrillEvidence, EnvironmentState, KnownTrail, Observation
from lean_core.signals.heartbeats import Heartbeat

MONTH = dt.timedelta(days=30)
QUARTER = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What the registry tells."""

    trails: Sequence[KnownTrail]
    states: Sequence[EnvironmentState]
    """Of every model in every environment."""
    last: str
    """The environment where customers are."""
    registry: str
    """Its address, without secrets."""
    waivers: Sequence[Waiver] = ()
    """In force."""
    observations: Mapping[tuple[str, str], Observation] = field(default_factory=dict)
    drills: Mapping[str, DrillEvidence] = field(default_factory=dict)
    """By model, in the last environment."""
    heartbeats: Sequence[Heartbeat] = ()


def facts_of_releases(released: Released, now: dt.datetime) -> Iterator[Fact]:
    """Yield the facts about releases: of all models together, then of each."""
    yield from _overall(released, now)
    for state in released.states:
        yield from _facts_of(state, released, now)
    for trail in released.trails:
        drill = released.drills.get(trail.model)
        if drill is not None:
            yield _drill(trail.model, drill, released, now)


def _overall(released: Released, now: dt.datetime) -> Iterator[Fact]:
    live = [state for state in released.states if state.live and state.environment == released.last]
    events = [known.event for trail in released.trails for known in trail.events]
    deployed = [event for event in events if isinstance(event, Deployment) and event.environment == released.last]
    lately = [event for event in deployed if now - event.at < MONTH and event.outcome == "succeeded"]
    failed = [event for event in deployed if now - event.at < MONTH and event.outcome == "failed"]
    back = [
        event for event in deployed if now - event.at < QUARTER and event.rollback_of and event.outcome == "succeeded"
    ]
    read = Evidence(claim="The registry was read.", source=released.registry, kind="derived", observed_at=now)
    where = released.last
    yield _counted("models", len(released.trails), "how many models the registry has", read)
    yield _counted("live_models", len(live), f"how many models have a version live in {where}", read)
    yield _counted("deploys_30d", len(lately), f"deployments to {where} in the last 30 days that succeeded", read)
    yield _counted("failed_deploys_30d", len(failed), f"deployments to {where} in the last 30 days that failed", read)
    yield _counted("rollbacks_90d", len(back), f"rollbacks in {where} in the last 90 days", read)
    yield _counted("waivers.active", len(released.waivers), "waivers of gate checks that are in force", read)


def _facts_of(state: EnvironmentState, released: Released, now: dt.datetime) -> Iterator[Fact]:
    live, where = state.live, f"{state.model} in {state.environment}"

    def name(last: str) -> str:
        return join(state.environment, state.model, last)

    if live is None:
        said = f"no deployment of {where} is recorded"
        yield unknown(name("version"), f"the version of {where} that is declared live", said)
        yield unknown(name("version_age_days"), f"days since that version of {where} went live", said)
    else:
        evidence = from_event(live.deployment, f"{live.by} deployed {live.version}.")
        yield Fact(
            name=name("version"),
            value=live.version,
            meaning=f"the version of {where} that is declared live",
            evidence=evidence,
        )
        yield Fact(
            name=name("version_age_days"),
            value=(now - live.since).days,
            meaning=f"days since that version of {where} went live",
            evidence=evidence,
        )
        yield Fact(
            name=name("forced"),
            value=live.forced,
            meaning=f"whether the live version of {where} went there without a passing gate",
            evidence=evidence,
        )
    observation = released.observations.get((state.model, state.environment))
    if observation is not None:
        yield _agrees(name("observed_as_declared"), where, observation)


def _agrees(name: str, where: str, observation: Observation) -> Fact:
    meaning = f"whether {where} runs what is declared"
    if observation.state == "unobservable":
        return unknown(name, meaning, observation.sentence.rstrip("."))
    return Fact(name=name, value=observation.state == "agree", meaning=meaning, evidence=from_observation(observation))


def _drill(model: str, drill: DrillEvidence, released: Released, now: dt.datetime) -> Fact:
    name = join(released.last, model, "drill_age_days")
    meaning = f"days since a rollback of {model} in {released.last} was rehearsed"
    if drill.drill is None:
        return unknown(name, meaning, drill.sentence.rstrip("."))
    evidence = from_event(drill.drill, drill.drill.reason or f"It {drill.drill.outcome}.")
    return Fact(name=name, value=(now - drill.drill.at).days, meaning=meaning, evidence=evidence)


def _counted(name: str, value: int, meaning: str, evidence: Evidence) -> Fact:
    return Fact(name=name, value=value, meaning=meaning, evidence=evidence)
