"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["ok", "warning", "unknown", "error"]
"""``unknown``: it could not be checked, which is neither good nor bad news."""

_ORDER: tuple[Severity, ...] = ("ok", "warning", "unknown", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fact about a workspace."""

    severity: Severity
    about: str
    """``settings``, ``store``, ``disk``, ``git``, ``source NAME``, ``telemetry NAME``, ``registry`` or ``registry
    MODEL/VERSION``."""
    message: str
    """What was found, and where."""
    action: str = ""
    """What to do about it; may be part of the message already."""


def worst(findings: Iterable[Finding]) -> Severity:
    """Return the worst severity; of nothing, ``ok``."""
    return max((finding.severity for finding in findings), key=_ORDER.index, default="ok")
