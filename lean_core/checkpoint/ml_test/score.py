"""Score the tests: a point for what a machine did, half a one for what a person attests; the weakest section counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lean_core.checkpoint.about import About
from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.ml_test.rubric import SECTIONS, TESTS, MlTest, Section
from lean_core.checkpoint.names import join

_MEANINGS = (
    (0, "more of a research project than a system in production"),
    (1, "not wholly untested, but serious holes are likely"),
    (2, "a first pass at production, with more to be done"),
    (3, "reasonably tested; more could be automatic"),
    (5, "strongly tested and monitored, fit for what must not fail"),
    (7, "exceptionally tested and monitored"),
)
"""Up to how many points means what; the paper's table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of one test."""

    test: MlTest
    points: float
    """1, 0.5 or 0."""
    evidence: Evidence | None
    sentence: str
    command: str
    """How a person attests it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MlTestScore:
    """The score of a model."""

    model: str
    answers: tuple[Answer, ...]
    """All 28, in their order."""

    def points(self, section: Section) -> float:
        """Return the sum of a section: 7 at most."""
        return sum(answer.points for answer in self.answers if answer.test.section == section)

    @property
    def total(self) -> float:
        """The score: that of the weakest section."""
        return min(self.points(section) for section in SECTIONS)

    @property
    def meaning(self) -> str:
        """What a score like this means."""
        return next(meaning for most, meaning in _MEANINGS if self.total <= most)


def score_tests(about: About, found: Mapping[str, Evidence]) -> MlTestScore:
    """Score all tests.

    Args:
        about: the frame, with the claims of people: ``ml_test.MODEL.data.1``.
        found: evidence that a machine did the test, by the test's id.
    """
    return MlTestScore(model=about.model, answers=tuple(_answer(about, test, found.get(test.id)) for test in TESTS))


def _answer(about: About, test: MlTest, found: Evidence | None) -> Answer:
    subject = join("ml_test", about.model, test.section, str(test.number))
    command = f"lean-mlops claim {subject} 'How it was tested, and what came of it'"
    claimed = about.claimed(subject)
    if found is not None and not found.is_stale(about.now):
        return Answer(test=test, points=1.0, evidence=found, sentence=found.claim, command=command)
    if claimed is not None and not claimed.is_stale(about.now):
        return Answer(test=test, points=0.5, evidence=claimed, sentence=claimed.claim, command=command)
    if claimed is not None:
        ended = f"{claimed.claim} That was good until {claimed.good_until:%Y-%m-%d}."
        return Answer(test=test, points=0.0, evidence=claimed, sentence=ended, command=command)
    return Answer(test=test, points=0.0, evidence=None, sentence="Nobody said, and nothing shows it.", command=command)
