"""Give a question so long, and no longer, whatever it waits for."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bound:
    """How long a question may still take, and what ends it early."""

    def __init__(self, seconds: float) -> None:
        """Start to count."""
        self._until = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._over = False
        self._stop: Callable[[], None] = lambda: None

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: there are none.
        """
        seconds = self._until - time.monotonic()
        if self._over or seconds <= 0:
            raise TimeoutError
        return seconds

    def stop_with(self, stop: Callable[[], None]) -> None:
        """Name what ends the waiting when time is up: closes a socket, kills a process; the newest name counts.

        Raises:
            TimeoutError: time is up; it was stopped at once.
        """
        with self._lock:
            self._stop, over = stop, self._over
        if over:
            stop()
            raise TimeoutError

    def end(self) -> None:
        """End it."""
        with self._lock:
            self._over = True
            stop = self._stop
        stop()


def run_within(seconds: float, work: Callable[[Bound], T]) -> T:
    """Return what ``work`` returns, or raise what it raises.

    It works on a thread that is left behind when time is up: looking up a host's name, for one, can't be interrupted.

    Raises:
        TimeoutError: it did not end in time.
    """
    bound = Bound(seconds)
    answers: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def answer() -> None:
        try:
            answers.put((work(bound), None))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the question was asked
            answers.put((None, error))

    threading.Thread(target=answer, daemon=True, name="probe").start()
    try:
        value, error = answers.get(timeout=seconds)
    except queue.Empty:
        bound.end()
        raise TimeoutError from None
    except BaseException:
        bound.end()
        raise
    if error is not None:
        raise error
    return value  # type: ignore[return-value]  # None only where T has it
