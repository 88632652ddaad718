"""Facts about the debt log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.fact import Fact, unknown
from lean_core.debt import Item

FIRED = "debt.fired"


def facts_of_debt(items: Sequence[Item], *, reviewed_at: dt.datetime | None, now: dt.datetime) -> Iterator[Fact]:
    """Yield what the log comes to.

    Args:
        items: all of them.
        reviewed_at: when somebody went through the log; naive UTC.
        now: naive UTC.
    """
    here = [item for item in items if not item.ended]
    read = Evidence(claim="The debt log was read.", source="debt:", kind="derived", observed_at=now)
    numbers = {
        "debt.open": (len(here), "shortcuts that are not repaid or dropped"),
        "debt.open_high": (sum(item.severity == "high" for item in here), "those of high severity"),
        "debt.open_deadly": (sum(item.deadly for item in here), "those that are security holes or data leaks"),
        "debt.unowned": (sum(not item.owner for item in here), "those that nobody owns"),
        "debt.unreviewed": (
            sum(item.needs_reviewer and not item.reviewer for item in here),
            "those that nobody senior looked at, and somebody must",
        ),
        "debt.effort_days": (sum(item.effort_days or 0 for item in here), "days of work to repay those that say so"),
    }
    for name, (value, meaning) in numbers.items():
        yield Fact(name=name, value=value, meaning=meaning, evidence=read)
    meaning = "days since somebody reviewed the debt log"
    if reviewed_at is None:
        yield unknown("debt.review_age_days", meaning, "nobody ever reviewed it")
    else:
        yield Fact(name="debt.review_age_days", value=(now - reviewed_at).days, meaning=meaning, evidence=read)


def fact_of_triggers(fired: int, now: dt.datetime) -> Fact:
    """Return how many triggers have fired and are not snoozed."""
    read = Evidence(claim="The triggers were evaluated.", value=fired, source="debt:", kind="derived", observed_at=now)
    return Fact(name=FIRED, value=fired, meaning="shortcuts whose repayment trigger has fired", evidence=read)
