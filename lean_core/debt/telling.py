"""Say in a sentence what somebody did to an item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lean_core.debt.fields import NAMES, join_words

if TYPE_CHECKING:
    from lean_core.store import JournalEntry

LONGEST_QUOTE = 80
"""Characters of a value that a sentence holds whole."""
_ANSWERS = {"ai_assisted": "AI-assisted", "valuable_data": "valuable data"}
_WITH_STATUS = frozenset({"status", "reason", "accepted_until"})
"""Told in one breath when the status became another."""


def tell_change(entry: JournalEntry, fields: Mapping[str, tuple[object, object]], reverted: JournalEntry | None) -> str:
    """Say what a change did.

    Args:
        entry: of the journal.
        fields: what it changed, before and after.
        reverted: the change that it took back, if it did.
    """
    if entry.before is None:
        title = (entry.after or {}).get("title", "")
        return f"{entry.actor} logged “{title}”"
    told = _WITH_STATUS if "status" in fields else frozenset()
    others = (_tell_field(name, *values) for name, values in fields.items() if name not in told)
    said = [*_tell_status(fields), *others]
    done = join_words(said, last="and") if said else "changed nothing"
    if reverted is None:
        return f"{entry.actor} {done}"
    what = "the creation" if reverted.before is None else "a change"
    return f"{entry.actor} took back {what} by {reverted.actor} of {reverted.changed_at:%Y-%m-%d %H:%M} UTC: {done}"


def _tell_status(fields: Mapping[str, tuple[object, object]]) -> list[str]:
    if "status" not in fields:
        return []
    before, after = fields["status"]
    reason, until = fields.get("reason", ("", ""))[1], fields.get("accepted_until", (None, None))[1]
    end = f" until {_say(until)}" if after == "accepted" and until else ""
    why = f" ({reason})" if reason else ""
    return [f"changed the status from {before} to {after}{end}{why}"]


def _tell_field(name: str, before: object, after: object) -> str:
    if name in _ANSWERS:
        return f"said {'nothing of' if after is None else 'yes to' if after else 'no to'} {_ANSWERS[name]}"
    what = f"the {NAMES[name]}"
    if _is_empty(after):
        return f"removed {what}"
    was, now = _say(before), _say(after)
    if max(len(was), len(now)) > LONGEST_QUOTE:
        return f"{'wrote' if _is_empty(before) else 'rewrote'} {what}"
    return f"set {what} to {now}" if _is_empty(before) else f"changed {what} from {was} to {now}"


def _is_empty(value: object) -> bool:
    return value is None or value in ("", ())


def _say(value: object) -> str:
    if isinstance(value, tuple):
        return join_words(value, last="and") if value else "nothing"
    if isinstance(value, float):
        return f"{value:g} {'day' if value == 1 else 'days'}"
    if isinstance(value, str):
        words = value.split()
        return value if len(words) == 1 else f"“{' '.join(words)}”"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
