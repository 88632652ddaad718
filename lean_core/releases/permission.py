"""Whether a version may be deployed to an environment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lean_core.registry import Event, Gate, Version, Waiver, files_at
from lean_core.releases.doubt import may_be
from lean_core.releases.promotion import find_skipped
from lean_core.releases.state import find_withdrawal, fold_environment
from lean_core.releases.trail import KnownTrail, events_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a deployment is judged."""

    environment: str
    order: Sequence[str]
    """The environments in promotion order."""
    policy_sha256: str | None
    """The digest of the gate's policy as it is now; None where it is not known."""
    forced: bool
    """Whether a passing gate can be done without."""
    now: dt.datetime
    """Naive UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """The answer, with what a deployment event is to say of it."""

    refused: str | None
    """Why not, and what to do: a sentence; None where it may go."""
    gate: str | None
    """The id of the gate event that allows it."""
    skipped: tuple[str, ...]
    """Environments before this one that the version never served."""
    remarks: tuple[str, ...]
    """What the person should know all the same, each a sentence."""


def judge_deployment(version: Version, trail: KnownTrail, terms: Terms) -> Permission:
    """Say whether a version may go to an environment; of the gate events only the newest one for just this counts."""
    gate = find_gate(trail, version.version, terms.environment)
    missing = _lacks(gate, version, trail, terms)
    refused = _never(version, trail, terms.environment)
    if refused is None and missing is not None and not terms.forced:
        refused = f"{missing}, or deploy it all the same with --force --reason TEXT, which the trail will show"
    skipped = find_skipped(trail, version.version, terms.environment, terms.order)
    return Permission(
        refused=refused,
        gate=gate.id if gate is not None and missing is None else None,
        skipped=skipped,
        remarks=tuple(_remarks(version, trail, terms, gate if missing is None else None)),
    )


def find_gate(trail: KnownTrail, version: str, environment: str) -> Gate | None:
    """Return the newest gate event of exactly this version and environment."""
    for known in reversed(trail.events):
        event = known.event
        if isinstance(event, Gate) and (event.version, event.environment) == (version, environment):
            return event
    return None


def _never(version: Version, trail: KnownTrail, environment: str) -> str | None:
    """Return why a version must not be deployed, whoever insists."""
    name = f"{version.model} {version.version}"
    if version.record is None:
        return f"{name} can't be deployed, since {version.problem}"
    withdrawn = find_withdrawal(trail, version.version, environment)
    if withdrawn is not None:
        return (
            f"{name} was withdrawn on {withdrawn.at:%Y-%m-%d} by {withdrawn.actor} ({withdrawn.reason}):"
            " deploy another version, or register this one anew under another name"
        )
    return None


def _lacks(gate: Gate | None, version: Version, trail: KnownTrail, terms: Terms) -> str | None:
    """Return what it has not, and what to do; None where its gate passed and all is there."""
    name, where = f"{version.model} {version.version}", terms.environment
    command = f"run “lean-mlops gate {version.model} {version.version} --env {where}”"
    for unreadable in trail.unreadable:
        if may_be(unreadable, kinds=("withdrawal",), environment=where) or may_be(
            unreadable, kinds=("gate",), environment=where, since=gate.at if gate else None
        ):
            return f"{unreadable.sentence}, and it may be about {name}: repair it"
    artifact = version.record.artifact if version.record else None
    if artifact is not None and not files_at(version, artifact.path):
        return f"{name} has no artifact {artifact.path} in the registry, though its record names it: put it back"
    if gate is None:
        return f"{name} never went through the gate for {where}: {command}"
    if gate.verdict != "pass":
        verdict = "failed" if gate.verdict == "fail" else "could not be judged by"
        return f"{name} {verdict} the gate for {where} on {gate.at:%Y-%m-%d %H:%M} UTC: {command} again"
    events = events_by_id(trail)
    for check in gate.checks:
        waiver = events.get(check.waived_by) if check.waived_by else None
        if check.waived_by and (problem := _waiver_problem(waiver, terms.now)):
            return f"{name} passed the gate for {where} on a waiver of {check.name} {problem}: {command} again"
    return None


def _waiver_problem(waiver: Event | None, now: dt.datetime) -> str | None:
    if not isinstance(waiver, Waiver):
        return "that is not in the trail"
    return f"that ended on {waiver.expires_at:%Y-%m-%d %H:%M} UTC" if waiver.expires_at <= now else None


def _remarks(version: Version, trail: KnownTrail, terms: Terms, gate: Gate | None) -> Iterator[str]:
    name, where = f"{version.model} {version.version}", terms.environment
    live = fold_environment(trail, where).live
    if live is not None and live.version == version.version:
        yield f"{name} is live in {where} already, since {live.since:%Y-%m-%d %H:%M} UTC."
    record = version.record
    if record is not None and record.dirty:
        yield f"{name} was registered from a working tree with changes that no commit has."
    if gate is not None and terms.policy_sha256 is not None and gate.policy_sha256 != terms.policy_sha256:
        yield f"The policy of the gate for {where} has changed since {name} passed it on {gate.at:%Y-%m-%d}."
    skipped = find_skipped(trail, version.version, where, terms.order)
    if skipped:
        yield f"{name} never served {' or '.join(skipped)}: that it is skipped will be recorded."
