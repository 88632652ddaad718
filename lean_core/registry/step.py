"""How far work on the registry is: listing, reading, hashing, uploading."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

Phase = Literal["hashing", "uploading", "recording", "listing", "reading versions", "reading events"]
_Item = TypeVar("_Item")
_PAUSE = 0.05
"""Seconds between two steps of counting, at least: telling must not cost more than what is told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where the work is."""

    phase: Phase
    done: int = 0
    """Bytes where it hashes or uploads; else files, versions or events."""
    total: int = 0
    """0 while nobody knows."""


Tell = Callable[[Step], None]


def tell_nobody(_: Step) -> None:
    """Keep it to yourself."""


class Meter:
    """Adds up the bytes of a phase, from several threads."""

    def __init__(self, tell: Tell, phase: Phase, total: int) -> None:
        """Begin a phase."""
        self._tell, self._phase, self._total = tell, phase, total
        self._done = 0
        self._lock = threading.Lock()
        self(0)

    def __call__(self, more: int) -> None:
        """Note that so many more bytes were worked through."""
        with self._lock:
            self._done += more
            self._tell(Step(phase=self._phase, done=self._done, total=self._total))


def counted(items: Iterable[_Item], phase: Phase, *, total: int = 0, tell: Tell) -> Iterator[_Item]:
    """Yield items, and tell now and then how many there were."""
    done, following = 0, 0.0
    for done, item in enumerate(items, start=1):
        if time.monotonic() >= following:
            tell(Step(phase=phase, done=done, total=total))
            following = time.monotonic() + _PAUSE
        yield item
    tell(Step(phase=phase, done=done, total=total))
