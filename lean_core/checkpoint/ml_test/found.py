"""Which of the tests a machine did, by what the five checks were told."""

from __future__ import annotations

from collections.abc import Iterator

from lean_core.checkpoint.derive import from_event
from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.situation import Situation
from lean_core.registry import CheckResult, Event, Gate


def find_tests(situation: Situation) -> dict[str, Evidence]:
    """Return evidence that a test was done by a machine, by the test's id."""
    return dict(_find(situation))


def _find(situation: Situation) -> Iterator[tuple[str, Evidence]]:
    live = situation.state.live
    gate = live.basis.gate if live is not None and live.basis.kind == "passed" else None
    if gate is not None:
        yield from _of_gate(gate, situation)
        yield from _of_specification(gate, situation)
    drill = situation.deployed.drill
    if drill.drill is not None and drill.state == "rehearsed":
        yield "infrastructure.7", _evidence(drill.drill, drill.sentence, situation)
    for watch in situation.watches:
        if watch.tells == "stale" and watch.reading is not None and not watch.alarmed:
            yield "monitoring.4", watch.reading


def _of_specification(gate: Gate, situation: Situation) -> Iterator[tuple[str, Evidence]]:
    """Yield that the code is in a commit, and that somebody agreed to the version."""
    traces = situation.provenance.traces if situation.provenance else ()
    approved = any(check.name == "approvals" and _counts(check) for check in gate.checks)
    for trace in traces:
        if trace.what == "code" and trace.state == "same" and approved:
            yield "model.1", _evidence(gate, f"{trace.sentence} The version was approved.", situation)


def _of_gate(gate: Gate, situation: Situation) -> Iterator[tuple[str, Evidence]]:
    yield "infrastructure.4", _evidence(gate, f"The gate let {gate.version} in.", situation)
    for test, prefix in (("data.1", "data."), ("data.7", "transformation."), ("monitoring.7", "business.")):
        passed = [check for check in gate.checks if check.name.startswith(prefix) and _counts(check)]
        if passed:
            names = ", ".join(check.name for check in passed)
            yield test, _evidence(gate, f"The gate checked {names}, and it passed.", situation)


def _counts(check: CheckResult) -> bool:
    return check.verdict == "pass" and check.waived_by is None


def _evidence(event: Event, claim: str, situation: Situation) -> Evidence:
    return from_event(event, claim, good_for=situation.about.lifetimes.deployment)
