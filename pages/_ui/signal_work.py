"""Reading signals now, with its progress drawn. It ends by itself when its page is left, and what was read is kept."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import boundary, keys, signal_marks, text

if TYPE_CHECKING:
    from lean_core.workbench import Workbench
    from lean_core.workbench.signals import Signals

_PAUSE_SECONDS = 0.1
_Step = tuple[str, int, int]


@boundary.guarded
def ask(*names: str) -> None:
    """Let the next run of the page read signals; without a name, all of them."""
    st.session_state[keys.READ_SIGNALS] = names


def read_if_asked(workbench: Workbench) -> Signals | None:
    """Read signals where somebody asked for it, and return all of them; None where nobody did, or it failed."""
    names: tuple[str, ...] | None = st.session_state.pop(keys.READ_SIGNALS, None)
    if names is None:
        return None
    found: list[Signals] = []
    with boundary.catch_errors():
        found.append(_read(workbench, names or tuple(workbench.settings.signals)))
    return found[0] if found else None


def _read(workbench: Workbench, names: Sequence[str]) -> Signals:
    steps: list[_Step] = []
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="signals")
    said = f"Reading {text.count(len(names), 'signal')}"
    with st.status(f"{said}…") as status:
        try:
            # On a thread of its own: a person who leaves the page meanwhile does not undo what is being read.
            result = pool.submit(workbench.read_signals, names=names, tell=lambda *step: steps.append(step))
            drawn = 0
            while not result.done():
                wait_for([result], timeout=_PAUSE_SECONDS)
                for source, done, total in steps[drawn:]:
                    status.update(label=f"{said}: {done} of {text.count(total, 'source')}")
                    st.markdown(f":material/check: {text.code(source)} has answered")
                drawn = len(steps)
            found = result.result()
        finally:
            pool.shutdown(wait=False)
        read = [each for each in found.signals if each.kind == "signal" and each.name in names]
        status.update(label=f"Read now: {signal_marks.summarize(read)}", state="complete")
    return found
