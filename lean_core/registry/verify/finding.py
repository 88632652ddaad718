"""What a verification found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["ok", "warning", "unknown", "error"]
"""``unknown``: it could not be checked, which is neither good nor bad news."""
Subject = Literal["record", "fields", "artifact", "metrics", "lock file", "commit", "data", "trail", "folder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fact about a registry."""

    severity: Severity
    subject: Subject
    where: str
    """``churn/3``, ``churn``, or the key of a file."""
    what: str
    action: str = ""
    """What to do about it; may be part of ``what`` already."""
