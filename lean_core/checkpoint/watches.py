"""The signals that there are: those that lean.toml declares, the running system's probe, the heartbeats of jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from lean_core.checkpoint.about import About
from lean_core.checkpoint.check import Action
from lean_core.checkpoint.checks import Tells, Watch
from lean_core.checkpoint.derive import from_observation
from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.facts.signals import evidence_of
from lean_core.releases import Observation
from lean_core.signals import Class, Signal, say_value
from lean_core.signals.heartbeats import Heartbeat

_TELLS: Mapping[Class, Tells] = {
    "errors": "broken",
    "latency": "broken",
    "missing_inputs": "broken",
    "data_quality": "broken",
    "stale_job": "stale",
    "prediction_drift": "stale",
    "business": "stale",
}
"""What a signal of a class tells: that it does not work, or that what it says no longer fits the world."""


def watch_signals(about: About, signals: Sequence[Signal]) -> Iterator[Watch]:
    """Yield the declared signals of the model; one that can't be read does not count, whatever it said before."""
    for signal in signals:
        if signal.kind != "signal" or (signal.model, signal.environment) != (about.model, about.environment):
            continue
        counts = signal.observed_at is not None and signal.state not in {"unknown", "paused"}
        yield Watch(
            name=f"the signal {signal.name}",
            tells=_TELLS[signal.class_],
            threshold=signal.judged_by,
            alarmed=signal.state == "broken",
            sentence=_tell(signal),
            reading=evidence_of(signal, signal.observed_at) if counts and signal.observed_at else None,
            owner=signal.owner,
            action=Action(
                sentence=f"See why the signal {signal.name} is {signal.state}.",
                command=f"lean-mlops signals --only {signal.name}",
                page=f"signals?signal={signal.name}",
            ),
        )


def _tell(signal: Signal) -> str:
    """Return what a signal says; a number without the threshold, which stands beside it."""
    if signal.value is None or signal.state not in {"ok", "warn", "broken"}:
        return signal.status.sentence
    return f"{say_value(signal.value, signal.unit)}{'' if signal.state == 'ok' else f', {signal.state}'}."


def watch_probe(about: About, *, observed: Observation | None, seen: Observation | None, owner: str) -> Iterator[Watch]:
    """Yield the probe as a signal: that it answers tells that the system is not broken.

    Args:
        about: the frame.
        observed: what the running system said now; None where nobody asked.
        seen: what it said when it last said something.
        owner: of the model.
    """
    if about.probe is None:
        return
    told = observed if observed and observed.state != "unobservable" else seen or observed
    silent = told is None or told.state == "unobservable"
    yield Watch(
        name=f"the probe of {about.where}",
        tells="broken",
        threshold="it answers, with the version that is declared",
        alarmed=told is not None and told.state in {"disagree", "undeclared"},
        sentence=told.sentence if told else "it was not asked yet.",
        reading=None
        if told is None or silent
        else from_observation(told, good_for=about.lifetimes.signal, by=owner or None),
        owner=owner,
        action=Action(
            sentence=f"See why {about.where} does not answer." if silent else f"See what {about.where} runs.",
            command=f"lean-mlops live {about.model} --env {about.environment} --probe",
            page=f"releases?model={about.model}",
        ),
    )


def watch_jobs(about: About, heartbeats: Sequence[Heartbeat]) -> Iterator[Watch]:
    """Yield the heartbeats of the model's jobs: one that is late tells that the model goes stale."""
    for beat in heartbeats:
        if beat.model not in {None, about.model} or beat.environment not in {None, about.environment}:
            continue
        yield Watch(
            name=f"the heartbeat of the job {beat.job}",
            tells="stale",
            threshold=beat.threshold,
            alarmed=beat.is_alarming,
            sentence=beat.sentence,
            reading=None if beat.last_at is None else _beat(about, beat, beat.last_at),
            owner=beat.owner or "",
            action=Action(
                sentence=f"See why the job {beat.job} does not do what it should.",
                command="lean-mlops beat",
                page="docs:heartbeats",
            ),
        )


def _beat(about: About, beat: Heartbeat, last_at: dt.datetime) -> Evidence:
    return Evidence(
        claim=beat.sentence,
        value=beat.state,
        source=f"job:{beat.job}",
        kind="observed",
        observed_at=last_at,
        # Silence is what a heartbeat tells by: it is judged now, and the judgement says when it is late.
        good_until=about.now + about.lifetimes.signal,
        by=beat.owner,
    )
