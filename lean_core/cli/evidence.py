"""Tell evidence, and how old it is: to a person, to a program."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lean_core.cli.output import duration, plain

if TYPE_CHECKING:
    from lean_core.checkpoint import Evidence, Value

_NOW = "now"


def describe_evidence(evidence: Evidence) -> dict[str, object]:
    """Return evidence for JSON."""
    return {
        "claim": evidence.claim,
        "value": evidence.value,
        "source": evidence.source,
        "digest": evidence.digest,
        "kind": evidence.kind,
        "observed_at": evidence.observed_at,
        "good_until": evidence.good_until,
        "by": evidence.by,
    }


def evidence_line(evidence: Evidence, *, now: dt.datetime) -> str:
    """Return evidence for a person: what kind it is, what it says, where it can be opened, how old it is."""
    about = [evidence.source, *([evidence.digest] if evidence.digest else []), _ago(evidence.observed_at, now)]
    if evidence.is_stale(now):
        about.append(f"good until {evidence.good_until:%Y-%m-%d %H:%M} UTC")
    return f"{evidence.kind:<8}  {plain(evidence.claim)} ({plain(', '.join(about))})"


def age(observed_at: dt.datetime | None, now: dt.datetime) -> str:
    """Return how old something is, and nothing where that is not known."""
    if observed_at is None:
        return ""
    seconds = (now - observed_at).total_seconds()
    return duration(seconds) if seconds >= 1 else _NOW


def value_text(value: Value) -> str:
    """Return a fact's value as it is written in a trigger: a text stands without its quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _ago(observed_at: dt.datetime, now: dt.datetime) -> str:
    old = age(observed_at, now)
    return old if old == _NOW else f"{old} ago"
