"""A model's trail as the rules read it: in order, each event once, and those that came late marked."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lean_core.registry import Event, Trail, UnreadableEvent, render_event

PROMPT = dt.timedelta(minutes=5)
"""An event that the registry has so soon after its own time came in time; clocks of machines and servers differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEvent:
    """An event, and since when the registry has it."""

    event: Event
    known_at: dt.datetime | None = None
    """Naive UTC; None where nothing tells."""
    late: bool = False
    """Whether later events were known before it: who asked in between was told something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTrail:
    """What happened to the versions of one model."""

    model: str
    events: tuple[KnownEvent, ...] = ()
    """In the order of their own times."""
    unreadable: tuple[UnreadableEvent, ...] = ()
    """What can't be read may say otherwise than the rest."""


def order_trail(model: str, events: Iterable[KnownEvent], unreadable: Iterable[UnreadableEvent] = ()) -> KnownTrail:
    """Put events into the order in which they happened, whatever order they arrived in, and mark the late ones."""
    once: dict[str, KnownEvent] = {}
    for known in events:
        there = once.get(known.event.id)
        once[known.event.id] = known if there is None else _merge(there, known)
    ordered = sorted(once.values(), key=lambda known: (known.event.at, known.event.id))
    in_time_from: dt.datetime | None = None  # when the nearest later event that came in time was surely known
    for at in range(len(ordered) - 1, -1, -1):
        known = ordered[at]
        if known.known_at is None:
            continue
        # A copied registry has the copy's time on every file: only an event that came in time can show another late.
        late = in_time_from is not None and known.known_at > in_time_from
        ordered[at] = dataclasses.replace(known, late=late)
        if known.known_at <= known.event.at + PROMPT:
            in_time_from = known.event.at + PROMPT
    return KnownTrail(
        model=model, events=tuple(ordered), unreadable=tuple(sorted(unreadable, key=lambda each: each.key))
    )


def know(model: str, trail: Trail) -> KnownTrail:
    """Return a trail as it was read, from the registry or its index, with since when each event is known."""
    events = (KnownEvent(event=event, known_at=trail.known_at.get(event.id)) for event in trail.events)
    return order_trail(model, events, trail.unreadable)


def as_known_at(trail: KnownTrail, moment: dt.datetime) -> KnownTrail:
    """Return the trail as somebody saw it who looked at that moment."""
    seen = tuple(each for each in trail.events if _was_known(each, moment))
    return dataclasses.replace(trail, events=seen)


def events_by_id(trail: KnownTrail) -> Mapping[str, Event]:
    """Return the events by their ids."""
    return {known.event.id: known.event for known in trail.events}


def _was_known(known: KnownEvent, moment: dt.datetime) -> bool:
    if known.event.at > moment:
        return False
    # An event that is not marked late changed nobody's answer, whenever its file was written.
    return not known.late or known.known_at is None or known.known_at <= moment


def _merge(one: KnownEvent, other: KnownEvent) -> KnownEvent:
    """Return one of two readings of an event, the same one in whatever order they came."""
    times = [known.known_at for known in (one, other) if known.known_at]
    events = sorted((one.event, other.event), key=lambda event: (event.at, render_event(event)))
    return KnownEvent(event=events[0], known_at=min(times, default=None))
