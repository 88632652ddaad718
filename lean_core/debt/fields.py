"""The fields of an item that a person writes: what they are called, and how a value is read."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from types import MappingProxyType

from lean_core.debt.item import BLOCKED, RISKS, SEVERITIES, STATUSES, Item
from lean_core.errors import DebtRefused

KEPT = frozenset({"id", "revision", "updated_at", "updated_by"})
"""What the log itself keeps."""
FIELDS: tuple[str, ...] = tuple(each.name for each in fields(Item) if each.name not in KEPT)
"""What a person writes, in the order of the item."""
DEFAULTS: Mapping[str, object] = MappingProxyType(
    {each.name: each.default for each in fields(Item) if each.name in FIELDS and each.default is not MISSING}
)
"""What a field is where nobody said anything."""
TEXTS: frozenset[str] = frozenset({"title"} | {name for name, default in DEFAULTS.items() if default == ""})
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "instead": "note of what was done instead",
        "area": "area",
        "owner": "owner",
        "risk": "risk",
        "severity": "severity",
        "consequence": "consequence",
        "blocks": "list of what it blocks",
        "trigger": "trigger",
        "watch": "note of what to watch for",
        "control": "control",
        "location": "location",
        "decision": "decision",
        "ai_assisted": "answer whether an AI wrote it",
        "valuable_data": "answer whether it holds valuable data",
        "reviewer": "reviewer",
        "effort_days": "effort",
        "created": "day of its creation",
        "status": "status",
        "reason": "reason",
        "accepted_until": "end of its acceptance",
    }
)
"""What a field is called in a sentence."""
_CHOICES: Mapping[str, Sequence[str]] = {"risk": RISKS, "severity": SEVERITIES, "status": STATUSES}
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}


def read_fields(given: Mapping[str, object], *, where: str) -> dict[str, object]:
    """Return the values of an item's fields from what a form, a file or a command line gave.

    Args:
        given: by field; dates, numbers, answers and lists may be texts.
        where: what they belong to, for the message.

    Raises:
        DebtRefused: there is no such field, or it does not take such a value; says what is allowed.
    """
    unknown = [name for name in given if name not in FIELDS]
    if unknown:
        # Not quoted: whoever mistakes a value for a name would see it, or find it in a log.
        raise DebtRefused(f"{where}: {len(unknown)} of the names given are no fields; there are: {', '.join(FIELDS)}")
    values, wrong = {}, []
    for name, value in given.items():
        try:
            values[name] = _read(name, value)
        except ValueError as error:
            wrong.append(f"{name} {error}")
    if wrong:
        raise DebtRefused(f"{where}: {'; '.join(wrong)}")
    return values


def join_words(words: Sequence[str], *, last: str = "or") -> str:
    """Return words as a sentence lists them."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _read(name: str, value: object) -> object:
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, str) else value
    if name in TEXTS:
        if not isinstance(value, str | None):
            raise ValueError("must be a text")
        return value or ""
    if name == "blocks":
        return _read_blocks(value)
    if value is None or value == "":
        _check_nothing(name)
        return None
    if name in _CHOICES:
        return _choose(value, _CHOICES[name])
    if name in {"ai_assisted", "valuable_data"}:
        return _read_answer(value)
    return _read_number(value) if name == "effort_days" else _read_day(value)


def _check_nothing(name: str) -> None:
    if name == "status":
        raise ValueError(f"must be {join_words(STATUSES)}")
    if name == "created":
        raise ValueError("must be a date such as 2026-11-23")


def _choose(value: object, allowed: Sequence[str]) -> str:
    folded = value.lower() if isinstance(value, str) else ""
    if folded not in allowed:
        raise ValueError(f"must be {join_words(allowed)}")
    return folded


def _read_blocks(value: object) -> tuple[str, ...]:
    if isinstance(value, str | None):
        value = (value or "").split(",")
    given: Iterable[object] = value if isinstance(value, list | tuple | set | frozenset) else ("something else",)
    words = {str(each).strip().lower() for each in given} - {""}
    if words - set(BLOCKED):
        raise ValueError(f"must be a list of {join_words(BLOCKED)}")
    return tuple(each for each in BLOCKED if each in words)


def _read_answer(value: object) -> bool:
    if isinstance(value, bool):
        return value
    answer = _ANSWERS.get(value.lower()) if isinstance(value, str) else None
    if answer is None:
        raise ValueError("must be yes or no, or left open")
    return answer


def _read_number(value: object) -> float:
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("must be a number of days, such as 0.5 or 3")
    return number


def _read_day(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("must be a date such as 2026-11-23") from None
