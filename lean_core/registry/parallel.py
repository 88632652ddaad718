"""Some work on many things, several at a time, with a bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from lean_core.objects import Objects
from lean_core.settings import scheme_of

REMOTE = 16
LOCAL = 1

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def each(work: Callable[[_Item], _Result], items: Iterable[_Item], *, threads: int) -> Iterator[_Result]:
    """Yield the results in the order of the items.

    The first error that a piece of work raises ends it: what has not begun is dropped.
    """
    if threads <= 1:
        yield from map(work, items)
        return
    executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="registry")
    try:
        yield from executor.map(work, items)
    finally:
        executor.shutdown(cancel_futures=True)


def threads_for(objects: Objects) -> int:
    """Return how many threads read faster than fewer do: a server makes each of them wait, a disk does not."""
    return REMOTE if scheme_of(objects.uri) else LOCAL
