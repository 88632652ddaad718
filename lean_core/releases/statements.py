"""What people state about a version: approvals, attestations, waivers, withdrawals. Nonsense is refused."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Sequence
from typing import Any

from lean_core.errors import UsageError
from lean_core.registry import Approval, Attestation, Waiver, Withdrawal
from lean_core.registry.version import Version
from lean_core.releases.case import Asked, Case
from lean_core.releases.checks.approvals import is_own, may_approve
from lean_core.releases.permission import find_gate
from lean_core.releases.policy import Policy, explain_no_policy, name_checks
from lean_core.releases.state import find_withdrawal
from lean_core.releases.times import tell_duration, tell_time
from lean_core.releases.trail import KnownTrail

_DURATION = re.compile(r"([0-9]{1,5}) ?([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_LONGEST = 500
"""Characters of a reason or a note."""


def approve(case: Case, asked: Asked, *, saw: Sequence[str], note: str | None) -> Approval:
    """Make an approval of a version for an environment.

    Args:
        case: the version, the environment and its policy.
        asked: who approves.
        saw: the ids of events that the person looked at; without any, the newest gate event.
        note: what the person has to say.

    Raises:
        UsageError: the policy asks for no approvals, or not for this person's; an id is of nothing in the trail; or the
            version is withdrawn.
    """
    policy = _policy(case)
    if policy.settings.approvals is None:
        raise UsageError(f"{policy.place} in lean.toml asks for no approvals: add approvals = {{ count = 1 }} first")
    gate = find_gate(case.trail, case.version.version, case.environment)
    known = {each.event.id for each in case.trail.events if each.event.version == case.version.version}
    for each in saw:
        if each not in known:
            raise UsageError(
                f"the trail has no event {each[:100]!r} about {_name(case.version)}: copy one from “lean-mlops trail”"
            )
    if not may_approve(asked.actor, policy.settings.approvals):
        raise UsageError(
            f"{asked.actor} may not approve: {policy.place} names {', '.join(policy.settings.approvals.by)};"
            " say who you are with --by"
        )
    record = case.version.record
    return Approval(
        **_shared(case.version, case.environment, asked),
        by=asked.actor,
        saw=tuple(dict.fromkeys(saw)) or ((gate.id,) if gate else ()),
        note=_line(note, "note"),
        self=is_own(asked.actor, record.created_by if record else None),
    )


def attest(case: Case, asked: Asked, *, item: str, note: str | None) -> Attestation:
    """Make an attestation that an item of the checklist is done.

    Raises:
        UsageError: it is not on the list, or the version is withdrawn.
    """
    policy = _policy(case)
    if item not in policy.settings.checklist:
        raise UsageError(_no_such("item", item, policy.settings.checklist, f"on the checklist of {policy.place}"))
    return Attestation(
        **_shared(case.version, case.environment, asked), item=item, by=asked.actor, note=_line(note, "note")
    )


def waive(case: Case, asked: Asked, *, check: str, reason: str, until: dt.datetime) -> Waiver:
    """Make a waiver of one check.

    Args:
        case: the version, the environment and its policy.
        asked: who waives it.
        check: its name.
        reason: why it may be let through.
        until: the first moment from which on it counts as none, in naive UTC.

    Raises:
        UsageError: there is no such check, the waiver is for longer than is allowed, or the version is withdrawn.
    """
    policy = _policy(case)
    checks = name_checks(policy.settings)
    if check not in checks:
        raise UsageError(_no_such("check", check, checks, f"in {policy.place}"))
    longest = policy.settings.waivers.longest
    if until <= asked.at:
        raise UsageError(f"a waiver until {tell_time(until)} has expired already: name a time to come")
    if until - asked.at > longest:
        raise UsageError(
            f"a waiver until {tell_time(until)} is longer than the {tell_duration(longest)} that {policy.place} allows:"
            f" name a time up to {tell_time(asked.at + longest)}"
        )
    said = _line(reason, "reason") or ""
    return Waiver(
        **_shared(case.version, case.environment, asked), check=check, reason=said, by=asked.actor, expires_at=until
    )


def withdraw(version: Version, trail: KnownTrail, asked: Asked, *, environment: str | None, reason: str) -> Withdrawal:
    """Make a withdrawal: the version must not be deployed again, to an environment or (None) to any.

    Raises:
        UsageError: it is withdrawn already.
    """
    _refuse_withdrawn(version, trail, environment)
    return Withdrawal(**_shared(version, environment, asked), reason=_line(reason, "reason") or "")


def read_until(written: str, *, now: dt.datetime) -> dt.datetime:
    """Read a time to come: a date such as ``2026-12-24``, which means its first moment (UTC), or a duration.

    Raises:
        UsageError: it is neither.
    """
    duration = _DURATION.fullmatch(written.strip())
    try:
        if duration:
            return now + dt.timedelta(**{_UNITS[duration[2]]: int(duration[1])})
        time = dt.datetime.fromisoformat(written.strip())
    except (ValueError, OverflowError):
        raise UsageError(
            f"{written[:60]!r} is no time: write a date such as 2026-12-24 (its first moment, UTC), or a duration"
            " such as 14d (units h d w)"
        ) from None
    return time.astimezone(dt.UTC).replace(tzinfo=None) if time.tzinfo else time


def _shared(version: Version, environment: str | None, asked: Asked) -> dict[str, Any]:
    return {
        "id": asked.event_id,
        "at": asked.at,
        "actor": asked.actor,
        "model": version.model,
        "version": version.version,
        "environment": environment,
    }


def _policy(case: Case) -> Policy:
    """Return the policy by which a version can still be released."""
    if case.version.record is None:
        raise UsageError(f"{_name(case.version)} is no version that can be released: {case.version.problem}")
    _refuse_withdrawn(case.version, case.trail, case.environment)
    if case.policy is None:
        raise UsageError(explain_no_policy(case.version.model, case.environment))
    return case.policy


def _refuse_withdrawn(version: Version, trail: KnownTrail, environment: str | None) -> None:
    found = find_withdrawal(trail, version.version, environment or "")
    if found is not None:
        raise UsageError(
            f"{_name(version)} was withdrawn by {found.actor} on {found.at:%Y-%m-%d} ({found.reason}):"
            " it stays withdrawn, register another version"
        )


def _line(text: str | None, what: str) -> str | None:
    """Return what somebody wrote, in one line.

    Raises:
        UsageError: it is empty, or too long to be read in a trail.
    """
    if text is None:
        return None
    line = " ".join(text.split())
    if not line or not line.isprintable() or len(line) > _LONGEST:
        raise UsageError(f"the {what} has to be 1 to {_LONGEST} characters that can be printed: write it shorter")
    return line


def _no_such(what: str, given: str, known: Sequence[str], where: str) -> str:
    nearest = difflib.get_close_matches(given[:_LONGEST], known, n=1, cutoff=0)
    hint = f": did you mean {nearest[0]!r}?" if nearest else ": there is none"
    return f"there is no {what} {given[:100]!r} {where}{hint}"


def _name(version: Version) -> str:
    return f"{version.model} {version.version}"
