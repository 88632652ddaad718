"""How an item is kept in the journal."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from lean_core.debt.item import Item

_DAYS = frozenset({"created", "accepted_until"})


def encode(item: Item) -> dict[str, object]:
    """Return all of an item as JSON takes it."""
    return {each.name: _plain(getattr(item, each.name)) for each in dataclasses.fields(item)}


def decode(kept: Mapping[str, object]) -> Item:
    """Return the item that was kept."""
    names = [each.name for each in dataclasses.fields(Item)]
    values: dict[str, Any] = {name: read_value(name, kept[name]) for name in names}
    return Item(**values)


def read_value(name: str, kept: object) -> object:
    """Return a field's value as it was before it was kept."""
    if name in _DAYS and isinstance(kept, str):
        return dt.date.fromisoformat(kept)
    if name == "updated_at" and isinstance(kept, str):
        return dt.datetime.fromisoformat(kept)
    if name == "effort_days" and isinstance(kept, int):
        return float(kept)
    return tuple(kept) if isinstance(kept, list) else kept


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
