"""Read a model's trail, and since when each event is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from lean_core.objects import Objects
from lean_core.registry import event_key
from lean_core.registry.names import TRAIL
from lean_core.registry.read import read_trail
from lean_core.releases.trail import KnownEvent, KnownTrail, order_trail


def read_known_trail(
    objects: Objects, model: str, *, first_seen: Mapping[str, dt.datetime] | None = None
) -> KnownTrail:
    """Read what happened to the versions of a model.

    Args:
        objects: the registry.
        model: its name; one without events has an empty trail.
        first_seen: when the index first saw events, by id; else, and where it is earlier, the file's time counts.

    Raises:
        NameRefused, ObjectsError: it can't be read.
    """
    written = {info.key: info.modified for info in objects.walk(f"{model}/{TRAIL}/")}
    trail = read_trail(objects, model)
    known = []
    for event in trail.events:
        times = [written.get(event_key(model, event.id)), (first_seen or {}).get(event.id)]
        known.append(KnownEvent(event=event, known_at=min((time for time in times if time), default=None)))
    return order_trail(model, known, trail.unreadable)
