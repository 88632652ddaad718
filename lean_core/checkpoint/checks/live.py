"""Check 1: which model version is live?"""

from __future__ import annotations

from collections.abc import Iterator

from lean_core.checkpoint.about import About
from lean_core.checkpoint.check import Action, Check, News
from lean_core.checkpoint.derive import from_event, from_observation
from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.names import join
from lean_core.checkpoint.part import Part, age, fold
from lean_core.releases import EnvironmentState, Live, Observation


def check_live(
    about: About, state: EnvironmentState, *, observed: Observation | None, seen: Observation | None
) -> Check:
    """Answer which version is live, by the newest deployment, and by what the running system says.

    Args:
        about: the frame.
        state: what is declared.
        observed: what the running system said now; None where nobody asked.
        seen: what it said when it last said something.
    """
    live = state.live
    heading = f"Version {live.version} of {about.model} is live in {about.environment}" if live else ""
    since = f", since {live.since:%Y-%m-%d}" if live else ""
    parts = [*_declared(about, state), *_confirmed(about, live, observed, seen), *_doubts(about, state)]
    return fold("live", f"{heading}{since}.", parts)


def _declared(about: About, state: EnvironmentState) -> Iterator[Part]:
    if state.live is None:
        yield Part(
            status="missing",
            news="unknown",
            sentence=f"No deployment of {about.model} to {about.environment} is recorded.",
            action=_deploy(about),
        )
        return
    live, evidence = state.live, _deployment(about, state.live)
    said = (
        f"{live.by} deployed version {live.version} on {live.since:%Y-%m-%d}; it rests on this: {live.basis.sentence}."
    )
    if live.withdrawn is not None:
        yield Part(
            news="bad",
            sentence=f"Version {live.version}, which is live, was withdrawn: {live.withdrawn.reason.rstrip('.')}.",
            evidence=(evidence,),
            action=_back(about),
        )
    elif live.basis.kind == "contradicted":
        yield Part(status="contradicted", news="bad", sentence=said, evidence=(evidence,), action=_gate(about, live))
    elif live.basis.kind in {"forced", "none", "missing"}:
        news: News = "unknown" if live.basis.kind == "missing" else "bad"
        yield Part(news=news, sentence=said, evidence=(evidence,), action=_gate(about, live))
    else:
        yield Part(sentence=said, evidence=(evidence,))


def _confirmed(
    about: About, live: Live | None, observed: Observation | None, seen: Observation | None
) -> Iterator[Part]:
    told = observed if observed and observed.state != "unobservable" else None
    if told is not None and told.state == "agree":
        yield Part(sentence=told.sentence, evidence=(from_observation(told, good_for=about.lifetimes.live),))
    elif told is not None:
        yield Part(
            status="contradicted",
            news="bad",
            sentence=told.sentence,
            evidence=(from_observation(told, good_for=about.lifetimes.live),),
            action=Action(
                sentence=f"Find out what {about.where} should run, then deploy it, or record what was done.",
                command=f"lean-mlops live {about.model} --env {about.environment} --probe",
                page=f"releases?model={about.model}",
            ),
        )
    elif live is None:
        return
    elif observed is not None and observed.asked is not None:
        yield _unreachable(about, live, observed, seen)
    elif observed is not None:
        yield _unasked(about, live)
    elif seen is not None and _fits(seen, live):
        yield _last_seen(about, seen)
    else:
        yield _unasked(about, live)


def _unreachable(about: About, live: Live, observed: Observation, seen: Observation | None) -> Part:
    """Say that the running system can't be asked now; what it said lately still counts."""
    action = Action(
        sentence=f"Make {about.where} answer its probe, or correct the probe in lean.toml.",
        command=f"lean-mlops live {about.model} --env {about.environment} --probe",
        page=f"releases?model={about.model}",
    )
    if seen is None or not _fits(seen, live):
        return Part(status="missing", news="unknown", sentence=observed.sentence, action=action)
    when = f"{observed.sentence} It last said so on {seen.observed_at:%Y-%m-%d %H:%M} UTC: {seen.sentence}"
    fresh = Part(
        news="unknown", sentence=when, evidence=(from_observation(seen, good_for=about.lifetimes.live),), action=action
    )
    stale = Part(status="stale", news="unknown", sentence=when, evidence=fresh.evidence, action=action)
    return age(fresh, now=about.now, otherwise=stale)


def _last_seen(about: About, seen: Observation) -> Part:
    evidence = (from_observation(seen, good_for=about.lifetimes.live),)
    when = f"on {seen.observed_at:%Y-%m-%d %H:%M} UTC"
    stale = Part(
        status="stale",
        news="unknown",
        sentence=f"What {about.where} runs was last seen {when}: ask it again.",
        evidence=evidence,
        action=_ask(about),
    )
    return age(Part(sentence=f"{seen.sentence} Seen {when}.", evidence=evidence), now=about.now, otherwise=stale)


def _unasked(about: About, live: Live) -> Part:
    """Say that nothing but the deployment's own record speaks for it."""
    evidence = (_deployment(about, live),)
    add = _ask(about)
    recorded = f"on {live.deployment.at:%Y-%m-%d}"
    why = "no probe asks the running system" if about.probe is None else "the running system was not asked yet"
    fresh = Part(
        news="unknown",
        sentence=f"Only the deployment recorded {recorded} says so: {why}.",
        evidence=evidence,
        action=add,
    )
    stale = Part(
        status="stale",
        news="unknown",
        sentence=f"Version {live.version} was deployed {recorded}, and nothing has confirmed since that it still runs.",
        evidence=evidence,
        action=add,
    )
    return age(fresh, now=about.now, otherwise=stale)


def _ask(about: About) -> Action:
    if about.probe is not None:
        return Action(sentence="Ask the running system.", command="lean-mlops checkpoint", page="checkpoint")
    return Action(
        sentence=f"Add a probe, so that {about.where} says itself what it runs.",
        command=f"[probes.{join(about.model, about.environment)}] in lean.toml",
        page="docs:releases",
    )


def _doubts(about: About, state: EnvironmentState) -> Iterator[Part]:
    for doubt in state.doubts:
        yield Part(
            status="missing",
            news="unknown",
            sentence=f"It is not sure: {doubt}.",
            action=Action(sentence="Mend the trail.", command=f"lean-mlops doctor {about.model}"),
        )
    if state.failed:
        last = state.failed[-1]
        yield Part(
            news="bad",
            sentence=f"Deploying version {last.version} failed on {last.at:%Y-%m-%d}, and nothing was deployed since.",
            evidence=(from_event(last, f"Deploying version {last.version} failed."),),
            action=_deploy(about),
        )


def _fits(seen: Observation, live: Live) -> bool:
    """Whether an earlier answer speaks for what is declared now."""
    return seen.state == "agree" and seen.observed == live.version and seen.observed_at >= live.since


def _deployment(about: About, live: Live) -> Evidence:
    claim = f"{live.by} deployed version {live.version} to {about.environment}."
    return from_event(live.deployment, claim, good_for=about.lifetimes.declared)


def _deploy(about: About) -> Action:
    return Action(
        sentence=f"Record which version is in {about.environment}, or deploy one.",
        command=f"lean-mlops deploy {about.model} VERSION --env {about.environment}",
        page=f"releases?model={about.model}",
    )


def _gate(about: About, live: Live) -> Action:
    return Action(
        sentence=f"Judge version {live.version} by the gate of {about.environment}, and deploy it again if it passes.",
        command=f"lean-mlops gate {about.model} {live.version} --env {about.environment}",
        page=f"releases?model={about.model}&section=Gate",
    )


def _back(about: About) -> Action:
    return Action(
        sentence="Go back to a version that may serve.",
        command=f"lean-mlops rollback {about.model} --env {about.environment}",
        page=f"releases?model={about.model}&section=Rollback",
    )
