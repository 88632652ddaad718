"""A check: one of the five questions, with what is known of its answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lean_core.checkpoint.evidence import Evidence

Name = Literal["live", "provenance", "deployment", "signal", "debt"]
Status = Literal["answered", "stale", "contradicted", "missing"]
News = Literal["good", "bad", "unknown"]
Standing = Literal["ready", "claimed", "in doubt", "bad news", "not ready"]
"""All is answered and well; some of it by claims; it is not known to be well; it is not; not all is answered."""

NAMES: tuple[Name, ...] = ("live", "provenance", "deployment", "signal", "debt")
QUESTIONS: dict[Name, str] = {
    "live": "Which model version is live?",
    "provenance": "Which code, data reference and metric produced it?",
    "deployment": "How does the team deploy it?",
    "signal": "Which signal shows that it is broken or stale?",
    "debt": "Which shortcut will block the next migration, customer or compliance need?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The next thing to do."""

    sentence: str
    command: str = ""
    """What to type; empty where it is done elsewhere."""
    page: str = ""
    """The page of the app on which it can be done, with its query: ``releases?model=churn``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A question with its answer."""

    name: Name
    status: Status
    """Whether there is evidence."""
    news: News
    """Whether what it says is good."""
    sentence: str
    """The answer, in plain English."""
    details: tuple[str, ...] = ()
    """Further sentences: what is in doubt, what is missing."""
    evidence: tuple[Evidence, ...] = ()
    """The weightiest first."""
    observed_at: dt.datetime | None = None
    """How old the answer is: when the oldest of what it needs was observed; naive UTC."""
    action: Action | None = None
    """What raises its score, or turns bad news; None where there is nothing to do."""

    @property
    def number(self) -> int:
        """Return its place among the five, from 1."""
        return NAMES.index(self.name) + 1

    @property
    def question(self) -> str:
        """What it asks."""
        return QUESTIONS[self.name]

    @property
    def worst(self) -> str:
        """What stands in the way: of an answered question that is its worst detail."""
        return self.details[0] if self.status == "answered" and self.details else self.sentence

    @property
    def score(self) -> float:
        """1: observed or derived, and fresh; 0.5: attested, and fresh; 0 otherwise."""
        if self.status != "answered":
            return 0.0
        return 0.5 if any(each.kind == "attested" for each in self.evidence) else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The five checks of a model in an environment."""

    model: str
    environment: str
    at: dt.datetime
    """When it was looked; naive UTC."""
    checks: tuple[Check, ...]
    """All five, in their order."""
    live: str | None
    """The version that is declared live."""
    since: dt.datetime | None
    """Since when; naive UTC."""

    @property
    def score(self) -> float:
        """The score of the weakest check."""
        return min(check.score for check in self.checks)

    @property
    def limit(self) -> Check | None:
        """The check that limits the score, or that brings bad news; None where all is well."""
        if self.live is None and self.checks[0].score == 0:
            return self.checks[0]  # what is not live has nothing to trace, to deploy again or to watch
        weakest = min(self.checks, key=_weakness)
        if weakest.score < 1:
            return weakest
        return next((check for check in self.checks if check.news != "good"), None)

    @property
    def action(self) -> Action | None:
        """The one next action."""
        return self.limit.action if self.limit else None

    @property
    def standing(self) -> Standing:
        """How the model stands, in a word or two."""
        news = {check.news for check in self.checks}
        if any(check.status != "answered" for check in self.checks):
            return "not ready"
        if "bad" in news:
            return "bad news"
        if "unknown" in news:
            return "in doubt"
        return "ready" if self.score == 1 else "claimed"

    @property
    def verdict(self) -> str:
        """Say how the model stands, and what stands in the way."""
        match self.standing:
            case "not ready":
                answered = sum(check.status == "answered" for check in self.checks)
                said, first = f"Not ready: {answered} of {len(self.checks)} questions are answered.", self.limit
            case "bad news":
                said, first = "Not ready: all five questions are answered, and there is bad news.", self._first("bad")
            case "in doubt":
                said, first = "All five questions are answered, but not that all is well.", self._first("unknown")
            case "claimed":
                said, first = "Ready, in part on somebody's word: all five questions are answered.", self.limit
            case "ready":
                return "Ready: all five questions are answered from fresh evidence."
        return f"{said} {first.worst}" if first else said

    def _first(self, news: News) -> Check | None:
        return next((check for check in self.checks if check.news == news), None)


def _weakness(check: Check) -> tuple[float, bool, bool, int]:
    # Where two sources disagree, one of them is wrong, and somebody may act on it: that comes before what is missing.
    return (check.score, check.status != "contradicted", check.news != "bad", check.number)


def sort_checkpoints(checkpoints: Iterable[Checkpoint]) -> list[Checkpoint]:
    """Put the models that need somebody most first; those that are nowhere live come last."""
    return sorted(checkpoints, key=_urgency)


def _urgency(checkpoint: Checkpoint) -> tuple[bool, float, int, int, str]:
    bad = sum(check.news == "bad" for check in checkpoint.checks)
    answered = sum(check.status == "answered" for check in checkpoint.checks)
    return (checkpoint.live is None, checkpoint.score, -bad, answered, checkpoint.model)
