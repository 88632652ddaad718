"""The 28 tests of the ML Test Score, in four sections.

Source: E. Breck, S. Cai, E. Nielsen, M. Salib, D. Sculley, "The ML Test Score: A Rubric for ML Production Readiness and
Technical Debt Reduction", IEEE Big Data 2017. The words are ours, the numbers are theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Section = Literal["data", "model", "infrastructure", "monitoring"]
SECTIONS: tuple[Section, ...] = ("data", "model", "infrastructure", "monitoring")


@dataclass(frozen=True, slots=True, kw_only=True)
class MlTest:
    """One of them."""

    section: Section
    number: int
    """Within its section, from 1."""
    asks: str
    """What must be so: a sentence."""

    @property
    def id(self) -> str:
        """Its name: ``data.1``."""
        return f"{self.section}.{self.number}"


_ASKED: dict[Section, tuple[str, ...]] = {
    "data": (
        "A schema says what is expected of each feature.",
        "Each feature is worth having.",
        "No feature costs more than it brings.",
        "Features keep to the rules about what may be used.",
        "The data pipeline protects what is private.",
        "A new feature can be added quickly.",
        "The code that makes features is tested.",
    ),
    "model": (
        "What specifies the model is reviewed and under version control.",
        "Offline metrics go along with what matters online.",
        "All hyperparameters have been tuned.",
        "What an old model costs is known.",
        "A simpler model is not better.",
        "It is good enough on every slice of the data that matters.",
        "It has been tested for fairness.",
    ),
    "infrastructure": (
        "Training again gives the same model.",
        "What specifies the model has unit tests.",
        "The whole pipeline has an integration test.",
        "A model's quality is validated before it serves.",
        "A single prediction can be followed step by step.",
        "A new model serves a few before it serves all.",
        "A model that serves can be rolled back.",
    ),
    "monitoring": (
        "Changes of what it depends on are told.",
        "What must hold for its inputs is watched, in training and in serving.",
        "Training and serving compute the same features.",
        "The model is not too old.",
        "No NaN and no infinity gets through.",
        "It has not become slower, larger or hungrier.",
        "Its predictions have not become worse on what is served.",
    ),
}
TESTS: tuple[MlTest, ...] = tuple(
    MlTest(section=section, number=number, asks=asks)
    for section, all_asked in _ASKED.items()
    for number, asks in enumerate(all_asked, start=1)
)
