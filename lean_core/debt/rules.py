"""The rules of the log: what must not be saved, and what is missing and is shown."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lean_core.debt.fields import NAMES, TEXTS
from lean_core.debt.item import Item

LONGEST = {
    "title": 200,
    "area": 200,
    "owner": 200,
    "reviewer": 200,
    "trigger": 1000,
    "location": 1000,
    "decision": 1000,
}
"""Characters of a text that stands in one line."""
LONGEST_TEXT = 10_000
"""Characters of every other text."""
NEEDS_REASON = frozenset({"accepted", "repaid", "dropped"})
_WEB = re.compile(r"https?://[^\s/@:?#]+(:\d+)?([/?#]\S*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|(javascript|data|vbscript|file|mailto|about|blob):", re.IGNORECASE)
_LINE_BREAKS = "\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a field, or missing in it."""

    field: str
    sentence: str


def check_item(item: Item, *, today: dt.date | None = None) -> tuple[Problem, ...]:
    """Return what of an item must not be saved.

    Args:
        item: as it would be saved.
        today: asks that an acceptance has not ended already; None: it may have, as in a log that is brought in.
    """
    return tuple(Problem(field=field, sentence=sentence) for field, sentence in _find_problems(item, today))


def find_gaps(item: Item, *, today: dt.date | None = None) -> tuple[Problem, ...]:
    """Return what an item should say and does not; it may be saved all the same.

    Args:
        item: as it is saved; one that is over lacks nothing.
        today: shows an acceptance that has ended; None: it is not looked at.
    """
    if item.ended:
        return ()
    return tuple(Problem(field=field, sentence=sentence) for field, sentence in _find_gaps(item, today))


def has_control_characters(text: str) -> bool:
    """Whether a text has characters that nobody types on purpose or no file can hold; line ends and tabs are fine."""
    return any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in text)


def _find_problems(item: Item, today: dt.date | None) -> Iterator[tuple[str, str]]:
    for name in sorted(TEXTS):
        yield from _check_text(name, getattr(item, name))
    if not item.title.strip():
        yield "title", "The title is empty: name the shortcut in a few words."
    if item.effort_days is not None and item.effort_days < 0:
        yield "effort_days", "The effort must be 0 days or more."
    for name in ("location", "decision"):
        yield from _check_place(name, getattr(item, name))
    if item.trigger:
        from lean_core.debt.trigger import check_text  # late: only who writes a trigger pays for its grammar

        mistake = check_text(item.trigger)
        if mistake:
            yield "trigger", f"The {mistake}. What no expression can say goes to the watch note."
    yield from _check_status(item, today)


def _check_text(name: str, text: str) -> Iterator[tuple[str, str]]:
    longest, is_line = LONGEST.get(name, LONGEST_TEXT), name in LONGEST
    if len(text) > longest:
        yield name, f"The {NAMES[name]} has {len(text)} characters; {longest} are allowed."
    if is_line and any(char in _LINE_BREAKS for char in text):
        yield name, f"The {NAMES[name]} must be one line."
    elif has_control_characters(text):
        yield name, f"The {NAMES[name]} has control characters in it: type it anew."


def _check_place(name: str, text: str) -> Iterator[tuple[str, str]]:
    if _SCHEME.match(text) and not _WEB.fullmatch(text):
        yield name, f"The {NAMES[name]} must be a path, or an http:// or https:// address without a user in it."


def _check_status(item: Item, today: dt.date | None) -> Iterator[tuple[str, str]]:
    if item.status in NEEDS_REASON and not item.reason.strip():
        yield "reason", f"It is {item.status}, and the reason is empty: say why."
    if item.status != "accepted":
        return
    if item.accepted_until is None:
        yield "accepted_until", "It is accepted, and accepted_until is empty: say until which day."
    elif today and item.accepted_until < today:
        yield "accepted_until", f"It can't be accepted until {item.accepted_until}: that day is over."
    if item.deadly and not item.reviewer.strip():
        yield "reviewer", f"A {_name_risk(item)} can't be accepted without a reviewer: name who, being senior, agreed."


def _find_gaps(item: Item, today: dt.date | None) -> Iterator[tuple[str, str]]:
    if not item.owner:
        yield "owner", "Nobody owns it."
    if item.risk is None:
        yield "risk", "What kind of risk it is was not said."
    if item.severity is None:
        yield "severity", "How bad it is was not said."
    if not item.consequence:
        yield "consequence", "What happens when it strikes was not said."
    if not item.trigger and not item.watch:
        yield "trigger", "Nothing says when to repay it."
    if item.needs_reviewer and not item.reviewer:
        yield "reviewer", f"Nobody senior looked at it, and {_why_reviewer(item)}."
    if item.status == "accepted" and today and item.accepted_until and item.accepted_until < today:
        yield "accepted_until", f"It was accepted until {item.accepted_until}, which is over."


def _name_risk(item: Item) -> str:
    return "security hole" if item.risk == "security" else "data leak"


def _why_reviewer(item: Item) -> str:
    if item.deadly:
        return f"it is a {_name_risk(item)}"
    return "its severity is high" if item.severity == "high" else "it holds valuable data"
