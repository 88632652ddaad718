"""Whether a source can be read, and how old what we have of it is."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from collections.abc import Iterator

from lean_core.doctor.finding import Finding
from lean_core.errors import SourceError
from lean_core.runs import Source, SourceState, open_reader
from lean_core.runs.reader import Listing
from lean_core.settings import redact, scheme_of

OLD = dt.timedelta(days=7)


def check_source(source: Source, state: SourceState | None, *, now: dt.datetime) -> Iterator[Finding]:
    """Check that a source can be read, and yield how its last sync went.

    Args:
        source: what to look at; nothing is imported.
        state: what the store knows of it; None where the store can't be read.
        now: naive UTC.
    """
    about = f"source {source.name}"
    try:
        runs = _knock(source)
    except SourceError as error:
        yield Finding(severity="error", about=about, message=str(error))
    else:
        count = "it answers" if runs is None else f"it can be read, {runs:,} runs"
        yield Finding(severity="ok", about=about, message=f"{redact(source.uri)}: {count}")
    yield _check_state(about, state, now=now)


def _knock(source: Source) -> int | None:
    """Return how many runs there are; None for a server, which takes a second to list a thousand of them."""
    if scheme_of(source.uri) in {"http", "https"}:
        from lean_core.runs.tracking import Limits, connect

        connect(source.uri, Limits(timeout=math.ceil(source.timeout)))
        return None
    with contextlib.closing(open_reader(source)) as reader:
        found = reader.scan(None)
    return found.runs.num_rows if isinstance(found, Listing) else None


def _check_state(about: str, state: SourceState | None, *, now: dt.datetime) -> Finding:
    sync = f"lean-mlops sync {about.removeprefix('source ')}"
    if state is None:
        return Finding(severity="unknown", about=about, message="its last sync is not known: the store can't be read")
    if state.last_success is None:
        return Finding(severity="warning", about=about, message="it was never synced", action=sync)
    age = now - state.last_success
    when = f"last synced {state.last_success:%Y-%m-%d %H:%M} UTC, {state.runs:,} runs, {state.warnings:,} warnings"
    if state.state == "stale":
        message = f"{when}; the last attempt failed: {state.message}"
        return Finding(severity="warning", about=about, message=message, action=sync)
    if age > OLD:
        return Finding(severity="warning", about=about, message=f"{when}: {age.days} days ago", action=sync)
    return Finding(severity="ok", about=about, message=when)
