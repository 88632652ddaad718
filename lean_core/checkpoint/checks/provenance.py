"""Check 2: which code, data reference and metric produced the live version?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lean_core.checkpoint.about import About
from lean_core.checkpoint.check import Action, Check, News, Status
from lean_core.checkpoint.evidence import Evidence, Plain
from lean_core.checkpoint.names import join
from lean_core.checkpoint.part import Part, fold

What = Literal["record", "code", "data", "metrics", "run"]
State = Literal["same", "changed", "gone", "unsaid", "unknown"]
"""As its record says; otherwise; no more; the record does not say; it can't be looked up from here."""
_JUDGED: dict[State, tuple[Status, News]] = {
    "same": ("answered", "good"),
    "changed": ("contradicted", "bad"),
    "gone": ("missing", "bad"),
    "unsaid": ("missing", "unknown"),
    "unknown": ("missing", "unknown"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One thing that a record names, and what is there."""

    what: What
    state: State
    sentence: str
    source: str
    """As `Evidence.source`."""
    value: Plain = None
    digest: str | None = None
    bad: bool = False
    """Whether it is bad news although it is as the record says, as code that no commit has."""
    action: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What was found of the live version; all of it at the same moment."""

    version: str
    traces: tuple[Trace, ...]


def check_provenance(about: About, provenance: Provenance | None) -> Check:
    """Answer what produced the live version, by its record held against what is there.

    Args:
        about: the frame.
        provenance: of the live version; None where nothing is declared live.
    """
    if provenance is None:
        sentence = f"Nothing is declared live of {about.where}, so there is nothing to trace."
        return fold("provenance", sentence, [Part(status="missing", news="unknown", sentence=sentence)])
    parts = [_judge(about, provenance.version, trace) for trace in provenance.traces]
    return fold("provenance", f"Version {provenance.version} was made by {_say(provenance.traces)}.", parts)


def _judge(about: About, version: str, trace: Trace) -> Part:
    status, news = _JUDGED[trace.state]
    evidence = Evidence(
        claim=trace.sentence,
        value=trace.value,
        source=trace.source,
        digest=trace.digest,
        kind="derived",
        observed_at=about.now,
        good_until=about.now + about.lifetimes.provenance,
    )
    part = Part(
        status=status,
        news="bad" if trace.bad else news,
        sentence=trace.sentence,
        evidence=(evidence,) if status != "missing" else (),
        action=trace.action,
    )
    if status != "missing":
        return part
    subject = join("provenance", about.model, version, trace.what)
    return _by_claim(about, subject, part) or _with_claim(part, subject)


def _by_claim(about: About, subject: str, part: Part) -> Part | None:
    """Return what somebody claims in place of what can't be found; a claim that ended makes it stale."""
    claimed = about.claimed(subject)
    if claimed is None:
        return None
    status: Status = "stale" if claimed.is_stale(about.now) else "answered"
    sentence = f"{part.sentence} {claimed.claim}"
    return replace(part, status=status, news="unknown", sentence=sentence, evidence=(claimed,))


def _with_claim(part: Part, subject: str) -> Part:
    """Name the way in which a person can speak for it, where there is no better one."""
    if part.action is not None:
        return part
    command = f"lean-mlops claim {subject} 'What you know, and how'"
    return replace(part, action=Action(sentence="Say what you know of it.", command=command))


def _say(traces: Sequence[Trace]) -> str:
    return ", ".join(_words(traces)) or "what its record names"


def _words(traces: Sequence[Trace]) -> Iterator[str]:
    for trace in traces:
        if trace.value is None:
            continue
        match trace.what:
            case "code":
                yield f"commit {str(trace.value)[:10]}"
            case "data":
                yield f"data {trace.value}"
            case "metrics":
                yield f"{trace.value}"
