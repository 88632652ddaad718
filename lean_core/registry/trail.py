"""The trail: what happened to versions, each event a JSON file that is created once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

from lean_core.registry import document
from lean_core.registry.names import event_key

SCHEMA: Literal[1] = 1
Answer = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What all events share."""

    schema: Literal[1] = SCHEMA
    kind: str
    id: str
    at: dt.datetime
    """Naive UTC."""
    actor: str
    model: str
    version: str
    environment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment(Event):
    """A version went to an environment, or was meant to."""

    kind: Literal["deployment"] = "deployment"
    outcome: Literal["succeeded", "failed"]
    how: str | None = None
    """The command or the CI's URL."""
    target: str | None = None
    note: str | None = None
    gate: str | None = None
    """The id of the gate event that allowed it."""
    reason: str | None = None
    """Why it was deployed without a passing gate."""
    rollback_of: str | None = None
    """The version that it took the place of, where it was a rollback."""
    skipped: tuple[str, ...] = ()
    """Environments before this one that the version never served."""
    seconds: float | None = None
    """How long the command took."""
    exit_code: int | None = None
    """What the command ended with."""
    tail: str | None = None
    """The last that a failed command wrote, without secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check of a gate found."""

    name: str
    verdict: Answer
    value: float | str | None = None
    threshold: str | None = None
    reason: str = ""
    """A sentence for a person."""
    evidence: tuple[str, ...] = ()
    """What it rests on: URIs, event ids, files with their digests (``PATH sha256:…``)."""
    waived_by: str | None = None
    """The id of the waiver that lets it through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Event):
    """A version was judged by the policy of an environment."""

    kind: Literal["gate"] = "gate"
    verdict: Answer
    policy_sha256: str
    baseline: str | None = None
    """The version that it was compared with."""
    checks: tuple[CheckResult, ...] = ()
    evidence_sha256: str | None = None
    """Over what all checks saw: a second evaluation with the same one saw the same."""
    notes: tuple[str, ...] = ()
    """Sentences about the version that are no checks, such as that its working tree was dirty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval(Event):
    """A person looked, and agreed."""

    kind: Literal["approval"] = "approval"
    by: str
    saw: tuple[str, ...] = ()
    """The ids of the evidence seen."""
    note: str | None = None
    self: bool = False
    """Whether the approver registered the version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation(Event):
    """A person says that an item of the checklist is done."""

    kind: Literal["attestation"] = "attestation"
    item: str
    by: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver(Event):
    """One check of the gate is let through for a while."""

    kind: Literal["waiver"] = "waiver"
    check: str
    reason: str
    by: str
    expires_at: dt.datetime
    """Naive UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Event):
    """The version must not be deployed again."""

    kind: Literal["withdrawal"] = "withdrawal"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill(Event):
    """A rollback was rehearsed: ``version`` is the one that would have been rolled back to."""

    kind: Literal["drill"] = "drill"
    from_version: str
    to_version: str
    outcome: Literal["succeeded", "failed"]
    seconds: float
    reason: str | None = None
    """What stood in the way, where it failed."""


KINDS: dict[str, type[Event]] = {
    "deployment": Deployment,
    "gate": Gate,
    "approval": Approval,
    "attestation": Attestation,
    "waiver": Waiver,
    "withdrawal": Withdrawal,
    "drill": Drill,
}
_RENAMED = {"from_version": "from", "to_version": "to"}
"""``from`` is no name in Python."""
_FIELDS = {theirs: ours for ours, theirs in _RENAMED.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableEvent:
    """A file in a trail that is not an event we know."""

    key: str
    sentence: str


def parse_event(content: bytes, *, key: str) -> Event | UnreadableEvent:
    """Read an event from the file at ``key``; fields that this schema does not know are passed over."""
    found = _convert(content)
    if isinstance(found, str):
        return UnreadableEvent(key=key, sentence=f"{key} {found}")
    if key != event_key(found.model, found.id):
        named = f"{found.model}/{found.id}"
        return UnreadableEvent(key=key, sentence=f"{key} is the event {named}: it was moved, renamed or copied")
    return found


def _convert(content: bytes) -> Event | str:
    """Return the event, or the rest of a sentence that says what is wrong with it."""
    try:
        found = json.loads(content)
        schema, kind = found["schema"], found["kind"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "is not a JSON object with “schema” and “kind”"
    if isinstance(schema, int) and schema > SCHEMA:
        return f"has schema {schema}, newer than {SCHEMA}: upgrade the workbench"
    shape = KINDS.get(kind) if isinstance(kind, str) else None
    if shape is None:
        return "is of a kind that this version does not know"
    known = {_FIELDS.get(name, name): each for name, each in found.items() if each is not None}
    try:
        return document.in_utc(msgspec.convert(known, shape))
    except msgspec.ValidationError as error:
        return f"does not follow the convention: {error}"
    except OverflowError:
        return "has a time that is out of range"


def render_event(event: Event) -> bytes:
    """Write an event as indented JSON, without what it does not say."""
    return document.render(event, renamed=_RENAMED)


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events in the order in which they are folded, whatever order they arrived in."""
    return sorted(events, key=lambda event: (event.at, event.id))
