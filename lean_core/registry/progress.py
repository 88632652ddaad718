"""How far a refresh or a verification is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

_Item = TypeVar("_Item")
_PAUSE = 0.05
"""Seconds between two reports, at least: telling must not cost more than what is told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryProgress:
    """A moment of a refresh or a verification."""

    phase: Literal["listing", "versions", "events", "hashes", "writing"]
    done: int
    """Files listed, versions and events read, bytes hashed."""
    of: int | None = None
    """How many there are; None while nobody knows."""


Tell = Callable[[RegistryProgress], None]


def counted(
    items: Iterable[_Item], phase: Literal["listing", "versions", "events"], *, of: int | None = None, tell: Tell
) -> Iterator[_Item]:
    """Yield items and tell now and then how many there were."""
    following = 0.0
    done = 0
    for done, item in enumerate(items, start=1):
        if time.monotonic() >= following:
            tell(RegistryProgress(phase=phase, done=done, of=of))
            following = time.monotonic() + _PAUSE
        yield item
    tell(RegistryProgress(phase=phase, done=done, of=of))
