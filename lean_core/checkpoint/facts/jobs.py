"""Facts about the heartbeats of jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.fact import Fact, unknown
from lean_core.checkpoint.names import join
from lean_core.signals.heartbeats import Heartbeat


def facts_of_jobs(heartbeats: Sequence[Heartbeat], now: dt.datetime) -> Iterator[Fact]:
    """Yield how many jobs don't do what they should, then the state of each, and the time since its last success."""
    read = Evidence(claim="The heartbeats were read.", source="jobs:", kind="derived", observed_at=now)
    alarming = sum(beat.is_alarming for beat in heartbeats)
    meaning = "jobs that are late, down or failed, by their heartbeats"
    yield Fact(name="jobs.alarming", value=alarming, meaning=meaning, evidence=read)
    for beat in heartbeats:
        yield from _facts_of(beat, now)


def _facts_of(beat: Heartbeat, now: dt.datetime) -> Iterator[Fact]:
    state, hours = f"the state of the job {beat.job}", f"hours since the job {beat.job} last succeeded"
    names = join("jobs", beat.job, "state"), join("jobs", beat.job, "hours_since_success")
    if beat.last_at is None:
        yield unknown(names[0], state, beat.sentence.rstrip("."))
        yield unknown(names[1], hours, beat.sentence.rstrip("."))
        return
    evidence = Evidence(
        claim=beat.sentence, value=beat.state, source=f"job:{beat.job}", kind="observed", observed_at=beat.last_at
    )
    yield Fact(name=names[0], value=beat.state, meaning=state, evidence=evidence)
    if beat.last_success_at is None:
        yield unknown(names[1], hours, "it never succeeded")
    else:
        passed = round((now - beat.last_success_at).total_seconds() / 3600, 1)
        yield Fact(name=names[1], value=passed, meaning=hours, evidence=evidence)
