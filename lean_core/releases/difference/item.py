"""One thing that may have changed between two versions: same, changed or unknown, and never a guess."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lean_core.releases.checks.bounds import show as show_number

Status = Literal["changed", "unknown", "same"]
ORDER: tuple[Status, ...] = ("changed", "unknown", "same")
"""In which items are shown."""
_NAMED = 3
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedValue:
    """One value on both sides."""

    key: str
    status: Status
    before: str | float | None
    """None where that side has none."""
    after: str | float | None
    remark: str = ""
    """Why it is not known, or what it means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Commits, data, params, metrics, packages, artifact, deploy command, gate policy or approver."""

    name: str
    status: Status
    sentence: str
    values: tuple[ChangedValue, ...] = ()
    """Changed first."""


def unknown(name: str, sentence: str) -> Item:
    """Return an item of which nothing can be said, with the reason."""
    return Item(name=name, status="unknown", sentence=sentence)


def compare_value(key: str, before: str | float | None, after: str | float | None) -> ChangedValue:
    """Hold two known values against each other; not a number is the same as not a number."""
    status: Status = "same" if before == after or (_is_nan(before) and _is_nan(after)) else "changed"
    return ChangedValue(key=key, status=status, before=before, after=after)


def compare_maps(before: Mapping[str, str | float], after: Mapping[str, str | float]) -> tuple[ChangedValue, ...]:
    """Hold two known sets of values against each other, by key."""
    keys = dict.fromkeys([*before, *after])
    return changed_first(compare_value(key, before.get(key), after.get(key)) for key in keys)


def summarise(name: str, values: Sequence[ChangedValue], *, noun: str) -> Item:
    """Make an item of its values: it is changed if one of them is, and else unknown if one of them is."""
    ordered = changed_first(values)
    status = ordered[0].status if ordered else "same"
    of_status = [value for value in ordered if value.status == status]
    count = f"{len(of_status)} of {len(ordered)} {noun}s" if len(ordered) > 1 else f"The {noun}"
    named = "; ".join(show(value) for value in of_status[:_NAMED])
    more = f"; and {len(of_status) - _NAMED} more" if len(of_status) > _NAMED else ""
    match status:
        case "changed":
            sentence = f"{count} changed: {named}{more}."
        case "unknown":
            sentence = f"{count} can't be compared: {named}{more}."
        case _:
            sentence = f"All {len(ordered)} {noun}s are the same." if len(ordered) != 1 else f"The {noun} is the same."
    return Item(name=name, status=status, sentence=sentence, values=ordered)


def changed_first(values: Iterable[ChangedValue]) -> tuple[ChangedValue, ...]:
    """Sort values as they are shown; those of one status stay in their order."""
    return tuple(sorted(values, key=lambda value: ORDER.index(value.status)))


def show(value: ChangedValue) -> str:
    """Say one value in a few words."""
    if value.status == "unknown":
        return f"{value.key} ({value.remark})" if value.remark else value.key
    if value.before is None:
        return f"{value.key} is new ({_short(value.after)})"
    if value.after is None:
        return f"{value.key} is gone (was {_short(value.before)})"
    return f"{value.key} {_short(value.before)} → {_short(value.after)}"


def _short(value: str | float | None) -> str:
    if isinstance(value, float):
        return f"{value:.6g}" if math.isfinite(value) else show_number(value)
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _is_nan(value: str | float | None) -> bool:
    return isinstance(value, float) and math.isnan(value)
