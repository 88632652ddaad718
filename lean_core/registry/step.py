"""How far hashing and uploading are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Phase = Literal["hashing", "uploading", "recording"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a registration is."""

    phase: Phase
    done: int = 0
    """Bytes."""
    total: int = 0


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
