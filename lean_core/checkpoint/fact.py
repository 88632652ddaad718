"""A fact: something that is known now, under a name that triggers can ask for."""

from __future__ import annotations

from dataclasses import dataclass

from lean_core.checkpoint.evidence import Evidence, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A named value, or why there is none."""

    name: str
    """Such as ``prod.churn.version_age_days``."""
    value: Value
    """None: not known."""
    meaning: str
    """What it is, in words, with its unit."""
    evidence: Evidence | None
    """What it rests on; None where it is not known."""
    unknown: str = ""
    """Why there is no value: a sentence."""


def unknown(name: str, meaning: str, why: str) -> Fact:
    """Return a fact without a value.

    Args:
        name: of the fact.
        meaning: what it would be.
        why: why it is not known, the rest of a sentence.
    """
    return Fact(name=name, value=None, meaning=meaning, evidence=None, unknown=why)
