"""Every event as one English sentence, without its time, which stands beside it."""

from __future__ import annotations

from collections.abc import Iterable

from lean_core.registry import (
    Approval,
    Attestation,
    Deployment,
    Drill,
    Event,
    Gate,
    Waiver,
    Withdrawal,
)


def tell(event: Event) -> str:
    """Say what happened in one line; what people wrote in it is as they wrote it, on one line."""
    match event:
        case Deployment():
            sentence = _deployment(event)
        case Gate():
            sentence = _gate(event)
        case Approval():
            own = ", their own version" if event.self else ""
            sentence = f"{event.by} approved {_version(event)}{_for(event)}{own}{_quote(event.note)}"
        case Attestation():
            sentence = f"{event.by} attested “{event.item}” of {_version(event)}{_for(event)}{_quote(event.note)}"
        case Waiver():
            until = f"until {event.expires_at:%Y-%m-%d %H:%M} UTC"
            sentence = (
                f"{event.by} waived the check {event.check} of {_version(event)}{_for(event)} {until}"
                f"{_quote(event.reason)}"
            )
        case Withdrawal():
            where = "" if event.environment is None else f" from {event.environment}"
            sentence = f"{event.actor} withdrew {_version(event)}{where}{_quote(event.reason)}"
        case Drill():
            sentence = _drill(event)
        case _:
            sentence = f"{event.actor} recorded a {event.kind} of {_version(event)}{_for(event)}"
    told = " ".join(sentence.split())
    return told if told.endswith((".”", "!”", "?”")) else f"{told}."


def _deployment(event: Deployment) -> str:
    worked = event.outcome == "succeeded"
    if event.rollback_of is not None:
        verb = "rolled" if worked else "tried to roll"
        what = f"{event.actor} {verb} {event.model}{_in(event)} back from {event.rollback_of} to {event.version}"
    else:
        verb = "deployed" if worked else "tried to deploy"
        what = f"{event.actor} {verb} {_version(event)}{_to(event)}"
    parts = [what]
    if event.target:
        parts.append(f"({event.target})")
    if event.how:
        parts.append(f"by {event.how}" if "://" in event.how else f"by “{event.how}”")
    if event.seconds is not None:
        parts.append(f"in {_seconds(event.seconds)}" if worked else f"for {_seconds(event.seconds)}")
    told = " ".join(parts)
    if not worked:
        told += ", which failed" + (f" with code {event.exit_code}" if event.exit_code is not None else "")
    if event.gate is None and event.reason and event.rollback_of is None:
        told += f", forced without a passing gate: “{event.reason}”"
    elif event.gate is None and event.rollback_of is None:
        told += ", with neither a gate nor a reason"
    if event.skipped:
        told += f", skipping {_listed(event.skipped)}"
    return told + _quote(event.note)


def _gate(event: Gate) -> str:
    verb = {"pass": "passed", "fail": "failed", "unknown": "could not be judged by"}[event.verdict]
    told = f"{_version(event)} {verb} the gate{_for(event)}"
    against = f", against {event.baseline}" if event.baseline else ""
    for verdict, words in (("fail", "failed"), ("unknown", "unknown")):
        names = [check.name for check in event.checks if check.verdict == verdict and not check.waived_by]
        told += f", {words}: {_listed(names)}" if names else ""
    waived = [check.name for check in event.checks if check.waived_by]
    told += f", waived: {_listed(waived)}" if waived else ""
    if event.verdict == "pass" and event.checks:
        passed = sum(check.verdict == "pass" for check in event.checks)
        told += f" ({passed} of {len(event.checks)} checks)"
    return f"{told}{against}, asked by {event.actor}{_quote(' '.join(event.notes))}"


def _drill(event: Drill) -> str:
    told = f"{event.actor} rehearsed rolling {event.model}{_in(event)} back from {event.from_version} to"
    outcome = "it would work" if event.outcome == "succeeded" else "it would not work"
    return f"{told} {event.to_version}, and {outcome} ({_seconds(event.seconds)}){_quote(event.reason)}"


def _version(event: Event) -> str:
    return f"{event.model} {event.version}"


def _for(event: Event) -> str:
    return f" for {event.environment}" if event.environment else ""


def _in(event: Event) -> str:
    return f" in {event.environment}" if event.environment else ""


def _to(event: Event) -> str:
    return f" to {event.environment}" if event.environment else ""


def _quote(text: str | None) -> str:
    return f": “{text}”" if text else ""


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"  # noqa: PLR2004
