"""Tell an item of the log: to a person, to a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lean_core.cli.output import plain

if TYPE_CHECKING:
    from lean_core.debt import Change, Item
    from lean_core.debt.trigger import TriggerState

NOT_SAID = "not said"


def describe_item(item: Item) -> dict[str, object]:
    """Return an item for JSON, with what it lacks."""
    from dataclasses import asdict

    from lean_core import clock
    from lean_core.debt import find_gaps

    return {
        **asdict(item),
        "needs_reviewer": item.needs_reviewer,
        "gaps": [{"field": gap.field, "sentence": gap.sentence} for gap in find_gaps(item, today=clock.now().date())],
    }


def item_lines(item: Item) -> Iterator[str]:
    """Yield what an item says, a line a field that says something, and what it lacks."""
    from lean_core import clock
    from lean_core.debt import FIELDS, find_gaps

    yield plain(f"{item.id}: {item.title}")
    for name in FIELDS:
        value = getattr(item, name)
        if name != "title" and value not in {None, "", ()}:
            for at, line in enumerate(value_lines(value)):
                yield f"  {name.replace('_', ' ') if not at else '':<14}  {plain(line)}"
    changed = f"{item.updated_at:%Y-%m-%d %H:%M} UTC by {item.updated_by}, revision {item.revision}"
    yield f"  {'changed':<14}  {plain(changed)}"
    for gap in find_gaps(item, today=clock.now().date()):
        yield f"  {'missing':<14}  {plain(gap.sentence)}"


def value_lines(value: object) -> list[str]:
    """Return a field's value for a person."""
    if value is None or value in {"", ()}:
        return [NOT_SAID]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, tuple):
        return [", ".join(map(str, value))]
    return [f"{value:g}"] if isinstance(value, float) else str(value).splitlines()


def describe_change(change: Change) -> dict[str, object]:
    """Return a change of an item for JSON."""
    return {
        "entry": change.entry,
        "at": change.at,
        "by": change.by,
        "sentence": change.sentence,
        "fields": {name: {"before": before, "after": after} for name, (before, after) in change.fields.items()},
    }


def describe_state(state: TriggerState) -> dict[str, object]:
    """Return a trigger's state for JSON, with what it rests on."""
    return {
        "item": state.item,
        "trigger": state.expression,
        "state": state.state,
        "since": state.since,
        "sentence": state.sentence,
        "snoozed_until": state.snoozed_until,
        "snoozed_by": state.snoozed_by or None,
        "reason": state.reason or None,
        "evidence": [
            {
                "name": known.name,
                "value": known.value,
                "meaning": known.meaning,
                "unknown": known.unknown or None,
                "observed_at": known.observed_at,
                "source": known.source or None,
            }
            for known in state.evidence
        ],
    }
