"""Check 3: how does the team deploy it?"""

from __future__ import annotations

from dataclasses import dataclass

from lean_core.checkpoint.about import About
from lean_core.checkpoint.check import Action, Check, News
from lean_core.checkpoint.definition import Definition, Undefined
from lean_core.checkpoint.derive import from_event
from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.names import join
from lean_core.checkpoint.part import Part, age, fold
from lean_core.registry import Deployment, Event
from lean_core.releases import DrillEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What is known of how it is deployed."""

    last: Deployment | None
    """The newest attempt, whatever came of it."""
    definition: Definition | Undefined
    """What defines it in the repository."""
    drill: DrillEvidence
    rollback: Deployment | None
    """The newest one."""


def check_deployment(about: About, deployed: Deployed) -> Check:
    """Answer how it is deployed, by what the last deployment recorded and by the file that defines it."""
    if deployed.last is None:
        sentence = f"Nobody recorded a deployment of {about.model} to {about.environment}, so how it goes is not known."
        action = Action(
            sentence="Deploy by a command that is recorded.",
            command=f"lean-mlops deploy {about.model} VERSION --env {about.environment} --run CMD",
            page=f"releases?model={about.model}",
        )
        return fold("deployment", "", [Part(status="missing", news="unknown", sentence=sentence, action=action)])
    last = deployed.last
    parts = [
        _how(about, last),
        _outcome(about, last),
        _definition(about, deployed.definition),
        _way_back(about, deployed),
        _console(about),
    ]
    return fold("deployment", f"It is deployed by {_quote(last.how)}.", parts)


def _how(about: About, last: Deployment) -> Part:
    if last.how is None:
        return Part(
            status="missing",
            news="unknown",
            sentence=f"How version {last.version} was deployed on {last.at:%Y-%m-%d} was not recorded.",
            action=Action(
                sentence="Deploy the next version by a command that is recorded, or name the run of the CI.",
                command=f"lean-mlops deploy {about.model} VERSION --env {about.environment} --how CMD",
                page=f"releases?model={about.model}",
            ),
        )
    evidence = (_event(about, last, f"{last.actor} deployed version {last.version} by {_quote(last.how)}."),)
    stale = Part(
        status="stale",
        news="unknown",
        sentence=f"It was last deployed on {last.at:%Y-%m-%d}: nobody knows whether {_quote(last.how)} still works.",
        evidence=evidence,
        action=Action(
            sentence="Rehearse going back, or deploy.",
            command=f"lean-mlops drill {about.model} --env {about.environment}",
            page=f"releases?model={about.model}&section=Rollback",
        ),
    )
    said = f"Version {last.version} was deployed on {last.at:%Y-%m-%d} by {_quote(last.how)}."
    return age(Part(sentence=said, evidence=evidence), now=about.now, otherwise=stale)


def _outcome(about: About, last: Deployment) -> Part:
    took = f" in {last.seconds:.1f} s" if last.seconds is not None else ""
    evidence = (_event(about, last, f"It {last.outcome}{took}."),)
    if last.outcome == "succeeded":
        timed = "" if took else "; how long it took was not recorded"
        return Part(sentence=f"The last deployment succeeded{took}{timed}.", evidence=evidence)
    return Part(
        news="bad",
        sentence=f"The last deployment, of version {last.version} on {last.at:%Y-%m-%d}, failed{took}.",
        evidence=evidence,
        action=Action(
            sentence="See what it wrote, mend it, and deploy again.",
            command=f"lean-mlops trail {about.model}",
            page=f"releases?model={about.model}&section=Trail",
        ),
    )


def _definition(about: About, definition: Definition | Undefined) -> Part:
    if isinstance(definition, Undefined):
        return Part(status="missing", news="unknown", sentence=definition.sentence, action=definition.action)
    evidence = Evidence(
        claim=definition.sentence,
        value=definition.path,
        source=f"repository:{definition.path}",
        digest=definition.digest,
        kind="derived",
        observed_at=about.now,
    )
    if definition.committed:
        return Part(sentence=definition.sentence, evidence=(evidence,))
    return Part(
        news="bad",
        sentence=f"{definition.sentence} No commit has it as it is now.",
        evidence=(evidence,),
        action=Action(sentence=f"Commit {definition.path}.", command=f"git add {definition.path} && git commit"),
    )


def _way_back(about: About, deployed: Deployed) -> Part:
    drill, rollback = deployed.drill, deployed.rollback
    action = Action(
        sentence="Rehearse going back.",
        command=f"lean-mlops drill {about.model} --env {about.environment}",
        page=f"releases?model={about.model}&section=Rollback",
    )
    if drill.drill is not None and (rollback is None or drill.drill.at > rollback.at):
        event = drill.drill
        said = f"Going back from {event.from_version} to {event.to_version} was rehearsed on {event.at:%Y-%m-%d}"
        evidence = (_event(about, event, f"{said}; it {event.outcome}."),)
        if event.outcome == "failed":
            failed = f"{said}, and would not have worked: {event.reason or 'no reason is recorded'}"
            return Part(news="bad", sentence=failed, evidence=evidence, action=action)
        if drill.state == "outdated":
            since = f"{said}; another version is live since."
            return Part(news="unknown", sentence=since, evidence=evidence, action=action)
        return Part(sentence=f"{said}, in {event.seconds:.1f} s.", evidence=evidence)
    if rollback is not None:
        said = f"It was last rolled back on {rollback.at:%Y-%m-%d}, to {rollback.version}."
        return Part(sentence=said, evidence=(_event(about, rollback, said),))
    return Part(news="unknown", sentence="Going back was never done and never rehearsed.", action=action)


def _console(about: About) -> Part:
    subject = join("console", about.model)
    claimed = about.claimed(subject)
    action = Action(
        sentence="Say which settings it depends on are made in a console only, or that there are none.",
        command=f"lean-mlops claim {subject} 'None' --until 90d",
    )
    if claimed is None:
        silent = "Nobody said whether it depends on settings that are made in a console."
        return Part(news="unknown", sentence=silent, action=action)
    news: News = "unknown" if claimed.is_stale(about.now) else "good"
    ended = f" That was good until {claimed.good_until:%Y-%m-%d}." if news == "unknown" else ""
    sentence = f"Settings made in a console only: {claimed.claim}{ended}"
    # A claim beside records: it does not make the answer one.
    return Part(news=news, sentence=sentence, action=action if ended else None)


def _quote(how: str | None) -> str:
    return f"“{how}”"


def _event(about: About, event: Event, claim: str) -> Evidence:
    return from_event(event, claim, good_for=about.lifetimes.deployment)
