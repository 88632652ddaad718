"""`lean-mlops live --at`: what was live where, at a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.cli.exits import ExitCode
from lean_core.cli.output import say, terminal_width, write_json_list, write_table

if TYPE_CHECKING:
    from lean_core.registry import Deployment
    from lean_core.releases import Basis, Interval, KnownTrail, Then


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One version that was live for a while."""

    answer: Then
    interval: Interval
    deployment: Deployment
    """The newest one of it at that time."""
    basis: Basis
    """What that rested on."""


def tell_then(trails: Sequence[KnownTrail], environments: Sequence[str], written: str, *, as_json: bool) -> int:
    """Say what was live at a date, as a person writes it; return the exit code.

    Raises:
        UsageError: it is no date.
    """
    from lean_core import clock
    from lean_core.releases import find_basis, live_between, read_span
    from lean_core.releases.trail import events_by_id

    span = read_span(written, now=clock.now())
    answers: list[Then] = []
    found: list[_Told] = []
    for trail in trails:
        events = events_by_id(trail)
        for name in environments:
            answer = live_between(trail, name, span.start, span.end)
            answers.append(answer)
            for interval in answer.intervals:
                newest = interval.newest_in(span)
                basis = find_basis(newest, events)
                found.append(_Told(answer=answer, interval=interval, deployment=newest, basis=basis))
    if as_json:
        write_json_list(map(_describe, found))
    elif found:
        head = ["model", "environment", "version", "from (UTC)", "until (UTC)", "by", "rests on", "rollback of", "late"]
        write_table(head, [_row(each) for each in found], width=terminal_width())
    until = f" to {span.end:%Y-%m-%d %H:%M}" if span.end > span.start else ""
    say(f"{'declared live' if found else 'nothing was declared live'}, {span.start:%Y-%m-%d %H:%M}{until} UTC")
    for answer in answers:
        if answer.told_then is not None:
            then = ", ".join(answer.told_then) or "nothing"
            say(f"note: {answer.model} in {answer.environment}: at that time the trail said {then}; the rest came late")
    return ExitCode.DONE


def _row(told: _Told) -> list[str]:
    interval = told.interval
    until = f"{interval.end:%Y-%m-%d %H:%M}" if interval.end else "now"
    late = f"known since {interval.known_at:%Y-%m-%d %H:%M}" if interval.late and interval.known_at else ""
    return [
        interval.model,
        interval.environment,
        interval.version,
        f"{interval.start:%Y-%m-%d %H:%M}",
        until,
        interval.first.actor,
        told.basis.kind,
        told.deployment.rollback_of or "",
        late,
    ]


def _describe(told: _Told) -> dict[str, object]:
    interval = told.interval
    return {
        "model": interval.model,
        "environment": interval.environment,
        "version": interval.version,
        "from": interval.start,
        "until": interval.end,
        "by": interval.first.actor,
        "how": interval.first.how,
        "rests_on": told.basis.kind,
        "forced": told.basis.kind == "forced",
        "rollback": told.deployment.rollback_of is not None,
        "late": interval.late,
        "known_at": interval.known_at,
        "told_then": told.answer.told_then,
    }
