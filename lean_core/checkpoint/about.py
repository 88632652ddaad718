"""What every check is told: of which model, when, how long answers stay fresh, and what people claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from lean_core.checkpoint.claim import Claim
from lean_core.checkpoint.evidence import Evidence
from lean_core.settings import CheckpointSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The frame of a check."""

    model: str
    environment: str
    now: dt.datetime
    """Naive UTC."""
    lifetimes: CheckpointSettings = field(default_factory=CheckpointSettings)
    probe: str | None = None
    """Where its running system is asked, without secrets; None: lean.toml names no probe."""
    claims: Mapping[str, Claim] = field(default_factory=dict)
    """By subject, the expired ones too."""

    @property
    def where(self) -> str:
        """The model and its environment, for a sentence."""
        return f"{self.model} in {self.environment}"

    def claimed(self, subject: str) -> Evidence | None:
        """Return what somebody claims of a subject, whether or not the claim has expired."""
        claim = self.claims.get(subject)
        return claim.as_evidence() if claim else None
