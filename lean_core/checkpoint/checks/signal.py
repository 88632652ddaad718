"""Check 4: which signal shows that it is broken or stale?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lean_core.checkpoint.about import About
from lean_core.checkpoint.check import Action, Check
from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.names import join
from lean_core.checkpoint.part import Part, fold

Tells = Literal["broken", "stale"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A signal, with its last reading."""

    name: str
    tells: Tells
    threshold: str
    """What it is judged by, in words."""
    alarmed: bool = False
    """Whether the last reading is beyond that."""
    sentence: str
    """What it says now, or why it says nothing."""
    reading: Evidence | None
    """The last one, which counts until its time is over; None: it tells nothing."""
    owner: str
    action: Action | None = None


def check_signal(about: About, watches: Sequence[Watch]) -> Check:
    """Answer by which signals somebody would notice: one at least for broken, and one for stale."""
    parts = [_judge(about, "broken", watches), _judge(about, "stale", watches)]
    return fold("signal", " ".join(part.sentence for part in parts), parts)


def _judge(about: About, tells: Tells, watches: Sequence[Watch]) -> Part:
    ours = [each for each in watches if each.tells == tells]
    counted = [each for each in ours if each.reading is not None and not each.reading.is_stale(about.now)]
    if counted:
        return _reported(tells, sorted(counted, key=lambda each: not each.alarmed))
    claimed = about.claimed(join("signal", about.model, tells))
    add = _add(about, tells)
    if claimed is not None and not claimed.is_stale(about.now):
        said = f"When it is {tells}: {claimed.claim}"
        return Part(news="unknown", sentence=said, evidence=(claimed,), action=add)
    if ours:
        return _silent(tells, ours, add)
    if claimed is not None:
        ended = f"How anybody would notice that it is {tells} was claimed until {claimed.good_until:%Y-%m-%d} only."
        return Part(status="stale", news="unknown", sentence=ended, evidence=(claimed,), action=add)
    nothing = f"Nothing would show that {about.where} is {tells}."
    return Part(status="missing", news="unknown", sentence=nothing, action=add)


def _reported(tells: Tells, watches: Sequence[Watch]) -> Part:
    first = watches[0]
    owner = f"owner {first.owner}" if first.owner else "nobody owns it"
    return Part(
        news="bad" if first.alarmed else "good",
        sentence=f"{_start(first.name)} tells when it is {tells} ({first.threshold}; {owner}): {first.sentence}",
        evidence=tuple(each.reading for each in watches if each.reading is not None),
        action=first.action if first.alarmed else None,
    )


def _silent(tells: Tells, watches: Sequence[Watch], add: Action) -> Part:
    """Say why signals that are there do not count."""
    for each in watches:
        if each.reading is not None:
            since = f"{each.reading.observed_at:%Y-%m-%d %H:%M} UTC"
            said = f"{_start(each.name)}, which tells when it is {tells}, has not reported since {since}."
            return Part(status="stale", news="bad", sentence=said, evidence=(each.reading,), action=each.action)
    first = watches[0]
    said = f"{_start(first.name)} should tell when it is {tells}, but does not: {first.sentence}"
    return Part(status="missing", news="unknown", sentence=said, action=first.action or add)


def _start(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _add(about: About, tells: Tells) -> Action:
    if tells == "broken":
        return Action(
            sentence=f"Declare a signal of the errors of {about.where}, so that somebody notices when it breaks.",
            command="[signals.errors] in lean.toml, then: lean-mlops signals",
            page="docs:signals",
        )
    return Action(
        sentence="Let the job that feeds it send a heartbeat, or declare a signal of its age.",
        command=f"lean-mlops beat {about.model} --every 1d --grace 1h",
        page="docs:heartbeats",
    )
