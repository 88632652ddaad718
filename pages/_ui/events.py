"""Events of a trail as paragraphs: a sentence is read whole, and the telephone wraps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lean_core.registry import Event
from lean_core.releases import KnownEvent, tell
from pages._ui import text

_ICONS = {
    "deployment": ":material/rocket_launch:",
    "gate": ":material/rule:",
    "approval": ":material/thumb_up:",
    "attestation": ":material/checklist:",
    "waiver": ":material/gavel:",
    "withdrawal": ":material/block:",
    "drill": ":material/replay:",
}


def tell_all(events: Iterable[KnownEvent], now: dt.datetime) -> str:
    """Return Markdown with a paragraph an event: what happened, and below it when."""
    return "\n\n".join(_tell(known, now) for known in events)


def _tell(known: KnownEvent, now: dt.datetime) -> str:
    when = f"{known.event.at:%Y-%m-%d %H:%M} UTC, {text.age(known.event.at, now)}"
    return f"{_icon(known.event)} {text.plain(tell(known.event))}{_late(known)}  \n{text.small(when)}"


def _late(known: KnownEvent) -> str:
    if not known.late:
        return ""
    since = f", known since {known.known_at:%Y-%m-%d %H:%M} UTC" if known.known_at else ""
    return f" :orange-badge[came late{since}]"


def _icon(event: Event) -> str:
    return _ICONS.get(event.kind, ":material/event:")
