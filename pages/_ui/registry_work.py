"""Work on the registry with its progress drawn: reading, hashing, judging. It ends when its page is left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import TypeVar

import streamlit as st

from lean_core.registry import Step, Tell
from pages._ui import text

T = TypeVar("T")
_PAUSE_SECONDS = 0.1
_IN_BYTES = {"hashing", "uploading"}


class _LeftError(Exception):
    """The page was left."""


def carry_out(work: Callable[[Tell], T], *, says: str) -> T:
    """Do work in a thread of its own, since it tells its progress from several; draw that, and return the result."""
    steps: list[Step] = []
    left = threading.Event()

    def tell(step: Step) -> None:
        if left.is_set():
            raise _LeftError
        steps[:] = [step]

    place = st.empty()
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        result = pool.submit(work, tell)
        while not result.done():
            with place.container():
                _draw(steps[-1] if steps else None, says)
            wait_for([result], timeout=_PAUSE_SECONDS)
        return result.result()
    finally:
        left.set()
        pool.shutdown(wait=False)
        place.empty()


def _draw(step: Step | None, says: str) -> None:
    if step is None:
        st.progress(0.0, text=says)
        return
    share = min(step.done / step.total, 1.0) if step.total else 0.0
    count = text.size if step.phase in _IN_BYTES else "{:,}".format
    of = f" of {count(step.total)}" if step.total else ""
    st.progress(share, text=f"{says}: {step.phase}, {count(step.done)}{of}")
