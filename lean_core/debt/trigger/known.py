"""What is known: the facts that a trigger is evaluated on, handed over as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from lean_core.debt.item import Item
from lean_core.debt.trigger.nodes import TODAY

Value = bool | int | float | str | dt.date | None
"""None: not known."""
History = Sequence[tuple[dt.datetime, Value]]
"""What a fact was from when on, oldest first."""

AGE = "debt.age_days"
ALWAYS: dict[str, str] = {
    TODAY: "today's date (UTC)",
    AGE: "days since this item was made",
}
"""What each item's trigger can ask for, whatever else is known: names with their meanings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact, or why it is not known."""

    name: str
    value: Value
    meaning: str
    """With its unit."""
    unknown: str = ""
    """Why there is no value: a sentence; empty where there is one."""
    observed_at: dt.datetime | None = None
    """Naive UTC."""
    source: str = ""
    """Where it can be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a trigger may ask for."""

    known: Mapping[str, Known]
    """By name; a part of a name stands in quotes only where it must."""
    packages: Mapping[str, str] | str
    """The version of each package that the product depends on; or why they are not known: a sentence."""
    now: dt.datetime
    """Naive UTC."""
    history: Callable[[str, dt.datetime], History]
    """What a fact was since a time, beginning with the value that was in force then."""


def add_item_facts(facts: Facts, item: Item | None) -> Facts:
    """Add what is known of the item whose trigger it is; None: of one that isn't made yet."""
    if item is None:
        unknown = "there is no item yet"
        age = Known(name=AGE, value=None, meaning=ALWAYS[AGE], unknown=unknown)
        return replace(facts, known={**facts.known, AGE: age})
    created, today = item.created, facts.now.date()
    age = Known(
        name=AGE,
        value=(today - created).days,
        meaning=ALWAYS[AGE],
        observed_at=facts.now,
        source=f"debt:{item.id}",
    )

    def remember(name: str, since: dt.datetime) -> History:
        if name != AGE:
            return facts.history(name, since)
        first = max(created, since.date())
        days = [first + dt.timedelta(days=count) for count in range((today - first).days + 1)]
        return [(dt.datetime.combine(day, dt.time()), (day - created).days) for day in days]

    return replace(facts, known={**facts.known, AGE: age}, history=remember)
