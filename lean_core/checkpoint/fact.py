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
