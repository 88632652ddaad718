"""A change of an item: what to set, what came of it, what stood in its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from lean_core.debt.item import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What somebody wants of an item."""

    id: str
    seen: int
    """The revision that they looked at."""
    changes: Mapping[str, object]
    """By field; what is as it was when they looked is no change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two changed the same field to different things."""

    id: str
    field: str
    mine: object
    theirs: object
    """What the log says now."""
    by: str
    """Who said so."""
    at: dt.datetime
    """When; naive UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of edits: all were saved, or there are conflicts and none was."""

    saved: tuple[Item, ...] = ()
    """Those that are others than before."""
    conflicts: tuple[Conflict, ...] = ()
