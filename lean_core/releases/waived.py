"""On which waivers the gate rested that let in what is live."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from lean_core.registry import CheckResult, Waiver
from lean_core.releases.state import Live
from lean_core.releases.times import tell_time


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivedCheck:
    """A check that did not pass, and was let through."""

    check: str
    reason: str
    """Why it was let through."""
    by: str | None
    """Who gave the waiver; None where the trail does not show it any more."""
    until: dt.datetime | None
    """When the waiver ends; naive UTC, and None as above."""
    ended: bool | None
    """Whether that time is over; None as above."""

    @property
    def state(self) -> Literal["in force", "ended", "unknown"]:
        """What the waiver is worth now."""
        return "unknown" if self.ended is None else "ended" if self.ended else "in force"

    @property
    def sentence(self) -> str:
        """What is to be known of it, in a few words."""
        if self.until is None:
            return f"{self.check} was waived, until when is unknown: the waiver is not in the trail ({self.reason})"
        how = "was waived by" if self.ended else "is waived by"
        since = ", which is over" if self.ended else ""
        return f"{self.check} {how} {self.by} until {tell_time(self.until)}{since} ({self.reason})"


def waived_checks(live: Live, now: dt.datetime) -> tuple[WaivedCheck, ...]:
    """Return the checks that had not passed when what is live was let in, in the order of their names.

    Args:
        live: what is live; it is told by the gate that it rests on, so one that was forced has none.
        now: naive UTC.
    """
    basis = live.basis
    if basis.kind != "passed" or basis.gate is None:
        return ()
    waivers = {waiver.id: waiver for waiver in basis.waivers}
    checks = sorted(basis.gate.checks, key=lambda each: each.name)
    return tuple(_describe(each, waivers.get(each.waived_by), now) for each in checks if each.waived_by is not None)


def _describe(check: CheckResult, waiver: Waiver | None, now: dt.datetime) -> WaivedCheck:
    if waiver is None:
        return WaivedCheck(check=check.name, reason=check.reason, by=None, until=None, ended=None)
    return WaivedCheck(
        check=check.name,
        reason=waiver.reason,
        by=waiver.by,
        until=waiver.expires_at,
        ended=waiver.expires_at <= now,
    )
