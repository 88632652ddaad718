"""Waivers: one check is let through for a while, by name and for a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lean_core.registry import CheckResult, Waiver
from lean_core.releases.times import tell_duration, tell_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Waivers:
    """The waivers of a version for an environment."""

    active: Mapping[str, Waiver]
    """By check."""
    void: Mapping[str, str]
    """By check that has only such as count as none: why, a sentence."""


def sort_waivers(waivers: Iterable[Waiver], *, longest: dt.timedelta, now: dt.datetime) -> Waivers:
    """Tell waivers that count from those that have expired or were given for too long.

    Args:
        waivers: of one version and environment.
        longest: how long one may last.
        now: naive UTC.
    """
    active: dict[str, Waiver] = {}
    void: dict[str, str] = {}
    for waiver in sorted(waivers, key=lambda each: (each.at, each.id)):
        wrong = _explain_void(waiver, longest, now)
        if wrong:
            void[waiver.check] = f"the waiver of {waiver.check} by {waiver.by} {wrong}, so it counts as none"
        else:
            active[waiver.check] = max(waiver, active.get(waiver.check, waiver), key=lambda each: each.expires_at)
    return Waivers(active=active, void={check: why for check, why in void.items() if check not in active})


def apply_waiver(result: CheckResult, waivers: Waivers) -> CheckResult:
    """Mark a check that did not pass as waived, where it is; its verdict stays what it was."""
    if result.verdict == "pass":
        return result
    waiver = waivers.active.get(result.name)
    if waiver is None:
        void = waivers.void.get(result.name)
        return replace(result, reason=f"{result.reason}; {void}") if void else result
    said = f"waived by {waiver.by} until {tell_time(waiver.expires_at)} ({waiver.reason}); {result.reason}"
    return replace(result, waived_by=waiver.id, reason=said, evidence=(*result.evidence, waiver.id))


def _explain_void(waiver: Waiver, longest: dt.timedelta, now: dt.datetime) -> str:
    if waiver.expires_at <= now:
        return f"expired on {tell_time(waiver.expires_at)}"
    if waiver.expires_at - waiver.at > longest:
        return (
            f"was given until {tell_time(waiver.expires_at)}, longer than the {tell_duration(longest)} that are allowed"
        )
    return ""
