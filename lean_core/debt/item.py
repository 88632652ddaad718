"""A debt item: a shortcut with an owner, a risk and a repayment trigger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Risk = Literal["security", "data leak", "correctness", "lock-in", "maintainability", "compliance", "cost"]
Severity = Literal["low", "medium", "high"]
Blocked = Literal["migration", "customer", "compliance"]
Status = Literal["open", "planned", "accepted", "repaid", "dropped"]

RISKS: tuple[Risk, ...] = (
    "security", "data leak", "correctness", "compliance", "lock-in", "cost", "maintainability",
)  # fmt: skip
"""The worst kind first."""
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
BLOCKED: tuple[Blocked, ...] = ("migration", "customer", "compliance")
STATUSES: tuple[Status, ...] = ("open", "planned", "accepted", "repaid", "dropped")
ENDED: frozenset[Status] = frozenset({"repaid", "dropped"})
DEADLY: frozenset[Risk] = frozenset({"security", "data leak"})
"""What can kill the company: it comes first, and nobody accepts it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """All that the log says of a shortcut; None and empty where nobody said it."""

    id: str
    """As people call it: ``D-12``, or the one that it had in the log that it came from."""
    title: str
    instead: str = ""
    """What was done instead of the right thing."""
    area: str = ""
    """Of the system: ``serving``, ``training data``, …"""
    owner: str = ""
    risk: Risk | None = None
    severity: Severity | None = None
    consequence: str = ""
    """What happens when it strikes."""
    blocks: tuple[Blocked, ...] = ()
    """What it stands in the way of."""
    trigger: str = ""
    """An expression over the facts; when it is true, it is time to repay."""
    watch: str = ""
    """When to repay, in words: a person must watch it."""
    control: str = ""
    """What limits it meanwhile."""
    location: str = ""
    """A file of the repository, with its line, or a URL."""
    decision: str = ""
    """A link to where it was decided."""
    ai_assisted: bool | None = None
    """Whether an AI wrote the code."""
    valuable_data: bool | None = None
    """Whether data is in it whose loss would hurt a customer or the company."""
    reviewer: str = ""
    """Who, being senior, looked at it."""
    effort_days: float | None = None
    created: dt.date
    status: Status = "open"
    reason: str = ""
    """Why it has its status."""
    accepted_until: dt.date | None = None
    revision: int = 1
    """Counts its changes: who writes says which one they saw."""
    updated_at: dt.datetime
    """Naive UTC."""
    updated_by: str

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.status in ENDED

    @property
    def deadly(self) -> bool:
        """Whether it is a security hole or a data leak."""
        return self.risk in DEADLY

    @property
    def needs_reviewer(self) -> bool:
        """Whether somebody senior must look at it."""
        return self.severity == "high" or self.deadly or self.valuable_data is True


def sort_items(items: Iterable[Item]) -> list[Item]:
    """Put what hurts most first: what is not over, security and data leaks, severity, kind of risk, age."""
    return sorted(items, key=_urgency)


def _urgency(item: Item) -> tuple[bool, bool, int, int, dt.date, int, str]:
    # What nobody rated stands before what was rated low: unknown is never green.
    severity = SEVERITIES.index(item.severity) * 2 if item.severity else 3
    risk = RISKS.index(item.risk) if item.risk else len(RISKS)
    return (item.ended, not item.deadly, severity, risk, item.created, len(item.id), item.id)
