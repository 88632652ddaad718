"""A part of a check: one thing that its answer rests on, judged by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lean_core.checkpoint.check import Action, Check, Name, News, Status
from lean_core.checkpoint.evidence import Evidence

_WORST: tuple[Status, ...] = ("contradicted", "missing", "stale", "answered")
_NEWS: tuple[News, ...] = ("bad", "unknown", "good")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is known of one thing."""

    status: Status = "answered"
    news: News = "good"
    sentence: str
    evidence: tuple[Evidence, ...] = ()
    action: Action | None = None
    """What raises its status, or turns its news."""

    @property
    def observed_at(self) -> dt.datetime | None:
        """When it was last observed, by the newest of its evidence; naive UTC."""
        return max((each.observed_at for each in self.evidence), default=None)


def age(part: Part, *, now: dt.datetime, otherwise: Part) -> Part:
    """Return a part, or another one in its place once all of its evidence is stale.

    Args:
        part: with evidence.
        now: naive UTC.
        otherwise: what to say then; the evidence is kept.
    """
    return otherwise if part.evidence and all(each.is_stale(now) for each in part.evidence) else part


def fold(name: Name, answer: str, parts: Sequence[Part]) -> Check:
    """Put parts together: a check is no better than its worst part, in evidence and in news.

    Args:
        name: of the check.
        answer: the sentence that says it where every part is answered.
        parts: the weightiest first.
    """
    order = sorted(parts, key=lambda part: (_WORST.index(part.status), _NEWS.index(part.news)))
    worst = order[0]
    whole = worst.status == "answered"
    observed = [part.observed_at for part in parts if part.observed_at is not None]
    return Check(
        name=name,
        status=worst.status,
        news=min((part.news for part in parts), key=_NEWS.index),
        sentence=answer if whole else worst.sentence,
        details=tuple(part.sentence for part in order if whole or part is not worst),
        evidence=tuple(each for part in parts for each in part.evidence),
        observed_at=min(observed, default=None),
        action=next((part.action for part in order if part.action is not None), None),
    )
