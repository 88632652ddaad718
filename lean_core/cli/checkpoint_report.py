"""Tell what a checkpoint found: to a person, to a program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.cli.evidence import age, describe_evidence, evidence_line
from lean_core.cli.output import plain

if TYPE_CHECKING:
    from lean_core.checkpoint import Action, Check, Checkpoint
    from lean_core.checkpoint.ml_test import MlTestScore


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is to tell."""

    at: dt.datetime
    """When it was looked, or the moment that was asked about; naive UTC."""
    is_past: bool = False
    """Whether it is what was recorded by then, and how old it was when it was recorded."""
    checkpoints: Sequence[Checkpoint]
    ml_tests: Sequence[MlTestScore] = ()
    notes: Sequence[str] = ()


def found_lines(found: Found, *, verbose: bool) -> Iterator[str]:
    """Yield what was found for a person: a headline, five answers and what to do next, a model."""
    scores = {each.model: each for each in found.ml_tests}
    for at, checkpoint in enumerate(found.checkpoints):
        if at:
            yield ""
        now = checkpoint.at if found.is_past else found.at
        yield from _lines_of(checkpoint, now, is_old=checkpoint.at != found.at, verbose=verbose)
        score = scores.get(checkpoint.model)
        if score is not None:
            yield f"ML Test Score {score.total:g}: {score.meaning}"
        yield f"next: {_tell(checkpoint.action)}" if checkpoint.action else "next: nothing, all is well"


def _lines_of(checkpoint: Checkpoint, now: dt.datetime, *, is_old: bool, verbose: bool) -> Iterator[str]:
    since = f" since {checkpoint.since:%Y-%m-%d %H:%M} UTC" if checkpoint.since else ""
    live = f"{checkpoint.live} is live{since}" if checkpoint.live else "nothing is declared live"
    recorded = f"; as recorded on {checkpoint.at:%Y-%m-%d %H:%M} UTC" if is_old else ""
    yield plain(f"{checkpoint.model} in {checkpoint.environment}: {live}{recorded}")
    yield plain(checkpoint.verdict)
    for check in checkpoint.checks:
        old = age(check.observed_at, now)
        about = f"{check.number}  {check.name:<10}  {check.status:<12}  {check.news:<7}  {old:<7}"
        yield f"{about}  {plain(check.sentence)}"
        if verbose:
            yield from (f"     {plain(detail)}" for detail in check.details)
            yield from (f"     {evidence_line(each, now=now)}" for each in check.evidence)


def _tell(action: Action) -> str:
    if action.command:
        return plain(f"{action.sentence.rstrip('.')}: {action.command}")
    return plain(action.sentence)


def describe_found(found: Found) -> dict[str, object]:
    """Return what was found for JSON; these keys are a promise to scripts, more may follow them."""
    return {
        "at": found.at,
        "models": [_describe_model(each) for each in found.checkpoints],
        "ml_tests": [_describe_score(each) for each in found.ml_tests],
        "notes": list(found.notes),
    }


def _describe_model(checkpoint: Checkpoint) -> dict[str, object]:
    return {
        "model": checkpoint.model,
        "environment": checkpoint.environment,
        "found_at": checkpoint.at,
        "live": checkpoint.live,
        "since": checkpoint.since,
        "verdict": checkpoint.verdict,
        "score": checkpoint.score,
        "limit": checkpoint.limit.name if checkpoint.limit else None,
        "action": _describe_action(checkpoint.action),
        "checks": [_describe_check(check) for check in checkpoint.checks],
    }


def _describe_check(check: Check) -> dict[str, object]:
    return {
        "number": check.number,
        "name": check.name,
        "question": check.question,
        "status": check.status,
        "news": check.news,
        "score": check.score,
        "sentence": check.sentence,
        "details": check.details,
        "observed_at": check.observed_at,
        "action": _describe_action(check.action),
        "evidence": [describe_evidence(each) for each in check.evidence],
    }


def _describe_action(action: Action | None) -> dict[str, object] | None:
    if action is None:
        return None
    return {"sentence": action.sentence, "command": action.command or None, "page": action.page or None}


def _describe_score(score: MlTestScore) -> dict[str, object]:
    from lean_core.checkpoint.ml_test import SECTIONS

    return {
        "model": score.model,
        "total": score.total,
        "meaning": score.meaning,
        "sections": {section: score.points(section) for section in SECTIONS},
        "tests": [
            {
                "id": answer.test.id,
                "asks": answer.test.asks,
                "points": answer.points,
                "sentence": answer.sentence,
                "command": answer.command,
                "evidence": describe_evidence(answer.evidence) if answer.evidence else None,
            }
            for answer in score.answers
        ],
    }
