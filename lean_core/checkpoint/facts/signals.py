"""Facts about signals, by their last readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.fact import Fact, unknown
from lean_core.checkpoint.names import join
from lean_core.signals import Signal, State, say_value

_COUNTED: tuple[State, ...] = ("broken", "stale", "unknown", "warn")
_MEANING = {
    "broken": "signals that are beyond their threshold",
    "stale": "signals without a reading within their limit",
    "unknown": "signals that can't be read",
    "warn": "signals near their threshold, or beyond it for a short time",
}


def facts_of_signals(signals: Sequence[Signal], now: dt.datetime) -> Iterator[Fact]:
    """Yield how many declared signals are in each bad state, then state and value of each; jobs have others."""
    declared = [each for each in signals if each.kind == "signal"]
    read = Evidence(claim="The last readings were looked up.", source="signals:", kind="derived", observed_at=now)
    for state in _COUNTED:
        count = sum(each.state == state for each in declared)
        yield Fact(name=join("signals", state), value=count, meaning=_MEANING[state], evidence=read)
    for signal in declared:
        yield from _facts_of(signal, now)


def _facts_of(signal: Signal, now: dt.datetime) -> Iterator[Fact]:
    names = join("signals", signal.name, "state"), join("signals", signal.name, "value")
    state = f"the state of the signal {signal.name}"
    number = f"the last number of the signal {signal.name}{f', in {signal.unit}' if signal.unit else ''}"
    if signal.observed_at is None or signal.value is None:
        yield unknown(names[0], state, signal.status.sentence.rstrip("."))
        yield unknown(names[1], number, signal.status.sentence.rstrip("."))
        return
    seen = evidence_of(signal, signal.observed_at)
    # The state is judged now, also that nothing was read for too long; the number is as old as its reading.
    judged = Evidence(
        claim=signal.status.sentence, value=signal.state, source=seen.source, kind="derived", observed_at=now
    )
    yield Fact(name=names[0], value=signal.state, meaning=state, evidence=judged)
    if signal.state in {"unknown", "stale"}:
        yield unknown(names[1], number, signal.status.sentence.rstrip("."))
    else:
        yield Fact(name=names[1], value=signal.value, meaning=number, evidence=seen)


def evidence_of(signal: Signal, observed_at: dt.datetime) -> Evidence:
    """Return the last number of a signal as evidence, which counts for as long as its limit says."""
    said = "" if signal.value is None else say_value(signal.value, signal.unit)
    return Evidence(
        claim=f"{signal.name}: {said}, allowed is {signal.judged_by}.",
        value=signal.value,
        source=f"signal:{signal.name}",
        digest=f"sha256:{signal.last.source.digest}" if signal.last and signal.last.source.digest else None,
        kind="observed",
        observed_at=observed_at,
        good_until=observed_at + signal.fresh,
        by=signal.owner or None,
    )
