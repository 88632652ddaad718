"""Slots of time: each row lies in exactly one."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

SLOT = dt.timedelta(minutes=15)
"""How long a slot is. They begin at full quarters of an hour, UTC."""
LONG = 4
"""So many slots are counted together where a whole distribution is: an hour."""
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """A span of slots, both ends included."""

    first: int
    last: int

    @property
    def since(self) -> dt.datetime:
        """When the first one begins."""
        return begin_of(self.first)

    @property
    def long(self) -> Slots:
        """The same from the full hour on."""
        return Slots(first=self.first - self.first % LONG, last=self.last)


def slot_of(at: dt.datetime) -> int:
    """Return the number of the slot in which a time, naive UTC, lies."""
    return math.floor((at - _EPOCH) / SLOT)


def begin_of(slot: int) -> dt.datetime:
    """Return when a slot begins."""
    return _EPOCH + slot * SLOT


def slots_of(at: dt.datetime, window: dt.timedelta) -> Slots:
    """Return the slots of a window: from the one in which it begins to the one in which it ends."""
    return Slots(first=slot_of(at - window), last=slot_of(at))


def slots_before(slots: Slots, length: dt.timedelta) -> Slots:
    """Return the slots of a past window that ends right before others begin, from a full hour on."""
    return Slots(first=slots.first - math.ceil(length / SLOT), last=slots.first - 1).long
